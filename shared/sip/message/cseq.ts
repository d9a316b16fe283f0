import { TOKEN, isBlank, parseDecimal } from './characters.ts';
import { parseWhole } from './scanner.ts';
import type { Scanner } from './scanner.ts';

/** RFC 3261 §20.16. */
export interface CSeq {
  /** Below 2³¹ (RFC 3261 §8.1.1.5). */
  readonly sequence: number;
  readonly method: string;
}

export const MAX_CSEQ = 2 ** 31 - 1;

export const parseCSeq = (text: string): CSeq | undefined => parseWhole(text, scanCSeq);

export function scanCSeq(scanner: Scanner): CSeq | undefined {
  scanner.skipSpace();
  const from = scanner.position;
  scanner.skip(TOKEN);
  const sequence = parseDecimal(scanner.text, MAX_CSEQ, from, scanner.position);
  if (sequence === undefined || !isBlank(scanner.peek())) return undefined;
  scanner.skipSpace();
  const method = scanner.token();
  return method === '' ? undefined : { sequence, method };
}

export const formatCSeq = (cseq: CSeq): string => `${cseq.sequence} ${cseq.method}`;
