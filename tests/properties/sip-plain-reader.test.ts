import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readHeaderBlock } from '../../shared/sip/message/header-block.ts';
import type { HeaderBlock } from '../../shared/sip/message/header-block.ts';
import { DEFAULT_LIMITS } from '../../shared/sip/message/limits.ts';
import { findHead } from '../../shared/sip/message/message-head.ts';
import type { MessageHead } from '../../shared/sip/message/message-head.ts';
import { PlainReader } from '../../shared/sip/message/plain-reader.ts';
import { parseStartLine, readStartLine } from '../../shared/sip/message/start-line.ts';
import { TypedHeaders } from '../../shared/sip/message/typed-headers.ts';
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
