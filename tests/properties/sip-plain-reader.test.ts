import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { trimBlanks } from '../../shared/sip/message/characters.ts';
import { readHeaderBlock } from '../../shared/sip/message/header-block.ts';
import type { HeaderBlock } from '../../shared/sip/message/header-block.ts';
import { headerName } from '../../shared/sip/message/header-names.ts';
import { DEFAULT_LIMITS } from '../../shared/sip/message/limits.ts';
import { findHead } from '../../shared/sip/message/message-head.ts';
import type { MessageHead } from '../../shared/sip/message/message-head.ts';
import { PlainReader } from '../../shared/sip/message/plain-reader.ts';
import { parseStartLine, readStartLine } from '../../shared/sip/message/start-line.ts';
import { TypedHeaders } from '../../shared/sip/message/typed-headers.ts';
import { decodeUtf8 } from '../../shared/sip/message/utf8.ts';
import { everydayMessages, tortureCases } from '../conformance/corpus.ts';
import { Chance } from '../fuzz/chance.ts';
import { mutated } from '../fuzz/mutate.ts';
import { fuzzSeeds } from '../fuzz/seeds.ts';

const SEED = 20_261_123;
const MUTANTS = 8_000;

const VALUES = [
  'vias',
  'from',
  'to',
  'callId',
  'cseq',
  'contacts',
  'routes',
  'recordRoutes',
] as const;

/** The parts of addresses, parameters and lists that mutations of whole messages seldom put together. */
const SPLICES = [
  '<sip:a@b>',
  '<sip:b:5060;lr>',
  '<sips:a;x=y@b;p>',
  '<sip:u:pw@h>',
  '<sip:[::1]:5060>',
  '<SIP:h>',
  '<tel:+49;x=1>',
  '<sip:h?a=b>',
  'sip:a@b;tag=c',
  '"n \\" m" ',
  '"name"',
  'Two Words ',
  ';tag=x',
  ';TAG=y',
  ';tap=z',
  ';tags=z',
  ';brand=z',
  ';brancd=z',
  ';p="q,;>"',
  ';lr',
  ';x=',
  ' ; y = z',
  ', ',
  ',',
  ' ',
  '\t',
  'SIP/2.0/UDP ',
  'SIP/2.0/tcp  ',
  'SIP / 2.0 / UDP ',
  'host',
  '[2001:db8::1]',
  ':5060',
  ':99999',
  ':',
  ';branch=z9hG4bK1',
  '1 INVITE',
  '01 ACK',
  '2147483648 BYE',
  '*',
  '%41',
  '\xe9',
] as const;

/** What makes a line odd when it comes into a message that was not, at the place of other bytes. */
const ODD = [
  '\r\n',
  '\r\n ',
  '\r\n\t',
  '\r\n\r\n',
  '\r',
  '\n',
  ' ',
  '\t',
  ' :',
  ':',
  '\0',
  '\x7f',
  '\xe9',
  '\xc3\xa9',
  '"',
  '\\',
] as const;

function headOf(bytes: Uint8Array): MessageHead | undefined {
  let start = 0;
  while (bytes[start] === 13 || bytes[start] === 10) start++;
  return findHead(bytes, start, DEFAULT_LIMITS.headBytes);
}

function blockOf(head: MessageHead): HeaderBlock {
  return readHeaderBlock(head, new PlainReader(head.bytes, head.text), DEFAULT_LIMITS);
}

/** Where the plain reader says something else than the readers of the whole grammar; it may say nothing. */
function differences(bytes: Uint8Array): readonly string[] {
  const head = headOf(bytes);
  if (head === undefined) return [];
  const line = parseStartLine(head.text.slice(head.start, head.firstEnd));
  const plainLine = readStartLine(head, new PlainReader(bytes, head.text));
  const wrong = isDeepStrictEqual(plainLine, line) ? [] : ['start line'];
  const { readings, headers, problem, repeated } = blockOf(head);
  if (problem !== undefined || repeated !== undefined) return wrong;
  const typed = new TypedHeaders(headers);
  const differs = (name: (typeof VALUES)[number]) =>
    readings[name] !== undefined && !isDeepStrictEqual(readings[name], typed[name]);
  return [...wrong, ...VALUES.filter(differs)];
}

/** The header fields as a reader would find them that knows nothing of speed; undefined when one of them is wrong. */
function fieldsOf({ text, start }: MessageHead): readonly string[] | undefined {
  const [, ...lines] = text
    .slice(start, text.indexOf('\r\n\r\n', start))
    .split(/\r\n(?![ \t])/)
    .flatMap((line, index) => (index === 0 ? line.split('\r\n') : [line]));
  const fields: string[] = [];
  for (const folded of lines) {
    const line = folded.includes('\r\n') ? folded.split('\r\n').map(trimBlanks).join(' ') : folded;
    const parts = /^([\w.!%*+`'~-]+)[ \t]*:([^]*)$/.exec(line);
    if (parts?.[1] === undefined || /[\r\n]/.test(line)) return undefined;
    fields.push(`${headerName(parts[1]).name}: ${decodeUtf8(trimBlanks(parts[2] ?? ''))}`);
  }
  return fields;
}

describe('the plain reader', () => {
  it('says of the everyday and the torture messages what the grammar says', () => {
    for (const { name, bytes } of [...everydayMessages(), ...tortureCases()])
      expect(differences(bytes), name).toEqual([]);
  });

  it('says of mutants of them what the grammar says', () => {
    const chance = new Chance(SEED);
    const torture = tortureCases().map(({ bytes }) => bytes.toString('latin1'));
    const [first, ...others] = fuzzSeeds();
    for (let n = 0; n < MUTANTS; n++) {
      const bytes = mutated([first, ...others, ...torture], chance);
      expect(differences(bytes), bytes.toString('latin1')).toEqual([]);
    }
  });

  it('says of values put together from odd pieces what the grammar says', () => {
    const chance = new Chance(SEED);
    const value = () =>
      Array.from({ length: 1 + chance.below(5) }, () => chance.pick(SPLICES)).join('');
    for (let n = 0; n < MUTANTS; n++) {
      const text =
        `INVITE ${value()} SIP/2.0\r\nVia:${value()}\r\nVia: ${value()}\r\nFrom: ${value()}\r\nt : ${value()}\r\n` +
        `Call-ID: ${value()}\r\nCSeq: ${value()}\r\nm: ${value()}\r\nContact: ${value()}\r\n` +
        `Route: ${value()}\r\nRECORD-ROUTE: ${value()}\r\n ${value()}\r\n\r\n`;
      expect(differences(Buffer.from(text, 'latin1')), text).toEqual([]);
    }
  });

  it('finds the header fields and their end in messages with odd bytes in them', () => {
    const chance = new Chance(SEED);
    const [first, ...others] = everydayMessages().map(({ bytes }) => bytes.toString('latin1'));
    if (first === undefined) return;
    for (let n = 0; n < MUTANTS; n++) {
      let text = chance.pick([first, ...others]);
      for (let k = chance.below(3); k >= 0; k--) {
        const at = 1 + chance.below(text.length - 1);
        text = text.slice(0, at) + chance.pick(ODD) + text.slice(at + chance.below(3));
      }
      const head = headOf(Buffer.from(text, 'latin1'));
      if (head === undefined) continue;
      const block = blockOf(head);
      const found = block.problem === undefined ? [...block.headers] : undefined;
      expect(block.end, text).toBe(text.indexOf('\r\n\r\n', head.start) + 2);
      expect(
        found?.map(({ name, value }) => `${name}: ${value}`),
        text,
      ).toEqual(fieldsOf(head));
      expect(differences(head.bytes), text).toEqual([]);
    }
  });

  it('takes no CR in the name of a header field for a hyphen', () => {
    const head = headOf(Buffer.from('OPTIONS sip:a SIP/2.0\r\nContent\rLength: 0\r\n\r\n'));
    expect(head && blockOf(head).problem).toBe('Malformed header field');
  });

  it('reads nearly every value of the everyday messages', () => {
    const left = everydayMessages().flatMap(({ name, bytes }) => {
      const head = headOf(bytes);
      const readings = head && blockOf(head).readings;
      return VALUES.filter((value) => readings?.[value] === undefined).map(
        (value) => `${name} ${value}`,
      );
    });
    // A name with a letter beyond ASCII is not plain.
    expect(left.filter((what) => what !== '06-invite-jssip.sip from')).toEqual([]);
  });

  it('leaves a list that would be too long to the reader that refuses it', () => {
    const text = `OPTIONS sip:a SIP/2.0\r\n${'Via: SIP/2.0/UDP a\r\n'.repeat(129)}\r\n`;
    const head = headOf(Buffer.from(text));
    expect(head && blockOf(head).readings.vias).toBeUndefined();
  });
});
