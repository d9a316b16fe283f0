import { readHeaderBlock } from '../message/header-block.ts';
import { HeaderTable } from '../message/header-table.ts';
import { DEFAULT_LIMITS } from '../message/limits.ts';
import { findHead } from '../message/message-head.ts';
import { PARK_HEADERS } from '../message/park-headers.ts';
import { PlainReader } from '../message/plain-reader.ts';
import { reasonPhrase } from '../message/reason-phrases.ts';
import { readStartLine } from '../message/start-line.ts';
import { encodeUtf8 } from '../message/utf8.ts';

export const SIPFRAG = 'message/sipfrag';
/** As NOTIFY of a REFER writes it (RFC 3515 §2.4.5). */
export const SIPFRAG_CONTENT_TYPE = 'message/sipfrag;version=2.0';

/** A response told in a NOTIFY (RFC 3420): how a transfer or a park went. */
export interface Sipfrag {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderTable;
}

/** What the last sipfrag of a park adds (X-Park-* lines). */
export interface ParkResult {
  readonly parkId: string;
  readonly slot: string;
  /** What to dial to get the call back, e.g. `*88103`. */
  readonly retrieve: string;
  /** Milliseconds since 1970; undefined when nothing will recall. */
  readonly recallAt?: number | undefined;
}

const MAX_CHARACTERS = 16_384;

export function formatSipfrag(
  status: number,
  more: {
    readonly reason?: string | undefined;
    readonly headers?: Iterable<readonly [string, string]>;
  } = {},
): string {
  const line =
    new HeaderTable().append('Reason', more.reason ?? reasonPhrase(status)).get('Reason') ?? '';
  let text = `SIP/2.0 ${status} ${line}\r\n`;
  for (const { name, value } of HeaderTable.of(more.headers ?? [])) text += `${name}: ${value}\r\n`;
  return text;
}

/** The header lines of a park's final sipfrag. */
export function parkResultHeaders(result: ParkResult): readonly (readonly [string, string])[] {
  const { id, slot, retrieve, recallAt } = PARK_HEADERS;
  const lines: [string, string][] = [
    [id, result.parkId],
    [slot, result.slot],
    [retrieve, result.retrieve],
  ];
  if (result.recallAt !== undefined)
    lines.push([recallAt, new Date(result.recallAt).toISOString()]);
  return lines;
}

/**
 * Reads a sipfrag with a status line; undefined when it has none or is malformed.
 * Bare line feeds are taken as line ends, which phones send in bodies.
 */
export function parseSipfrag(body: string): Sipfrag | undefined {
  if (body.length > MAX_CHARACTERS) return undefined;
  const lines = body.trim().split(/\r?\n/);
  // The header reader works on a latin1 reading of UTF-8, as messages arrive.
  const bytes = encodeUtf8(`${lines.join('\r\n')}\r\n\r\n`);
  const head = findHead(bytes, 0, bytes.length);
  if (head === undefined) return undefined;
  const reader = new PlainReader(bytes, head.text);
  const start = readStartLine(head, reader);
  if (start.kind !== 'response') return undefined;
  const { headers, problem } = readHeaderBlock(head, reader, DEFAULT_LIMITS);
  return problem === undefined
    ? { status: start.status, reason: start.reason, headers }
    : undefined;
}

/** The park result of a final sipfrag; undefined when another server than ours wrote it. */
export function parkResultOf(fragment: Sipfrag): ParkResult | undefined {
  const { headers } = fragment;
  const parkId = headers.get(PARK_HEADERS.id);
  const slot = headers.get(PARK_HEADERS.slot);
  const retrieve = headers.get(PARK_HEADERS.retrieve);
  if (!parkId || !slot || !retrieve) return undefined;
  const recallAt = Date.parse(headers.get(PARK_HEADERS.recallAt) ?? '');
  return { parkId, slot, retrieve, recallAt: Number.isNaN(recallAt) ? undefined : recallAt };
}
