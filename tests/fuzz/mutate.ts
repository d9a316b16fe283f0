import type { Chance } from './chance.ts';

/** A message taken apart as far as mutations need: start line, header lines, body. */
interface Parts {
  readonly start: string;
  readonly lines: readonly string[];
  readonly body: string;
}

type Mutation = (parts: Parts, chance: Chance, other: Parts) => Parts;

const EDGES: readonly [string, ...string[]] = [
  '0',
  '-1',
  '1e9',
  '4294967295',
  '4294967296',
  '99999999999999999999',
  '00000000000000000001',
  '+5',
  '',
  'NaN',
];
const SPLINTERS: readonly [string, ...string[]] = [
  '"',
  '\\',
  '<',
  '>',
  ';',
  ',',
  '=',
  ':',
  '@',
  '%',
  '%zz',
  '%00',
  '[',
  ']',
  '[::',
  '?',
  '&',
  '\t',
  '\0',
  '\r',
  '\n',
  '\r\n ',
  '\r\n\r\n',
  '\x7f',
  '\xff\xfe',
  '\xc3\xa9',
  '\xed\xa0\x80',
  '\xf4\x90\x80\x80',
  ';tag=',
  ';;',
  ', ,',
  '<>',
  '""',
  'sip:',
  'z9hG4bK',
  ';branch=z9hG4bK',
  'SIP/2.0',
  '__proto__',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '&#x0;',
];
const NAMES: readonly [string, ...string[]] = [
  'Via',
  'v',
  'From',
  'To',
  'Contact',
  'm',
  'Route',
  'Record-Route',
  'Call-ID',
  'CSeq',
  'Max-Forwards',
  'Content-Length',
  'Content-Type',
  'Expires',
  'Require',
  'Event',
  'Refer-To',
  'Replaces',
  'Authorization',
  'Session-Expires',
  'Min-SE',
  'X-Park-Note',
  'constructor',
];

const lineMutation =
  (change: (line: string, chance: Chance, other: Parts) => readonly string[]): Mutation =>
  (parts, chance, other) => {
    const at = chance.below(Math.max(1, parts.lines.length));
    const line = parts.lines[at] ?? '';
    const lines = [...parts.lines];
    lines.splice(at, 1, ...change(line, chance, other));
    return { ...parts, lines };
  };

const insert = (text: string, at: number, what: string, cut = 0): string =>
  text.slice(0, at) + what + text.slice(at + cut);

/** Each changes one thing that means something in SIP. */
const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  lineMutation(() => []),
  lineMutation((line) => [line, line]),
  lineMutation((line, chance) => [
    line.replace(/^[^:]*/, chance.pick(NAMES)),
    ...(chance.once(2) ? [line] : []),
  ]),
  lineMutation((line, chance) => [
    insert(line, chance.below(line.length + 1), chance.pick(SPLINTERS), chance.below(3)),
  ]),
  lineMutation((line, chance) => [line.replace(/\d+/, chance.pick(EDGES))]),
  lineMutation((line, _chance, other) => {
    const value = other.lines.find((one) => one.startsWith(line.slice(0, 3)));
    return value === undefined ? [line] : [`${line},${value.slice(value.indexOf(':') + 1)}`];
  }),
  lineMutation((line, chance) => {
    const at = chance.below(line.length + 1);
    const length = 1 + chance.below(6);
    return [insert(line, at, line.slice(at, at + length).repeat(1 + chance.below(40)), length)];
  }),
  lineMutation((line, chance) => [line.slice(0, chance.below(line.length + 1))]),
  lineMutation((line, chance) => [
    insert(line, chance.below(line.length + 1), chance.pick(['\r\n ', '\r\n\t', ' \r\n  '])),
  ]),
  lineMutation((line, _chance, other) => [line, ...other.lines.slice(0, 3)]),
  (parts, chance) => ({
    ...parts,
    start: insert(
      parts.start,
      chance.below(parts.start.length + 1),
      chance.pick(SPLINTERS),
      chance.below(4),
    ),
  }),
  (parts, _chance, other) => ({ ...parts, start: other.start }),
  (parts, chance) => ({
    ...parts,
    body: insert(parts.body, chance.below(parts.body.length + 1), chance.pick(SPLINTERS), 2),
  }),
  (parts, chance, other) => ({
    ...parts,
    body: parts.body.slice(0, chance.below(parts.body.length + 1)) + other.body,
  }),
];

/** One to four changes to one of the seeds, and now and then a raw bite out of the bytes. */
export function mutated(seeds: readonly [string, ...string[]], chance: Chance): Buffer {
  let parts = partsOf(chance.pick(seeds));
  const other = partsOf(chance.pick(seeds));
  const changes = 1 + chance.below(4);
  for (let n = 0; n < changes; n++) parts = chance.pick(MUTATIONS)(parts, chance, other);
  if (!chance.once(4)) parts = withRightLength(parts);
  const bytes = Buffer.from([parts.start, ...parts.lines, '', parts.body].join('\r\n'), 'latin1');
  if (chance.once(5)) bytes[chance.below(bytes.length)] = chance.below(256);
  return chance.once(20) ? bytes.subarray(0, chance.below(bytes.length)) : bytes;
}

/** Most mutants keep a length that fits, or nothing behind the header would ever be reached. */
function withRightLength(parts: Parts): Parts {
  const lines = parts.lines.map((line) =>
    line.replace(/^(content-length|l)\s*:.*/i, `$1: ${parts.body.length}`),
  );
  return { ...parts, lines };
}

function partsOf(text: string): Parts {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const [start = '', ...lines] = head.split('\r\n');
  return { start, lines, body: end < 0 ? '' : text.slice(end + 4) };
}
