import { SPACE, TAB, TOKEN, isAll, parseDecimal } from './characters.ts';

/** RFC 3261 §20.16. */
export interface CSeq {
  /** Below 2³¹ (RFC 3261 §8.1.1.5). */
  readonly sequence: number;
  readonly method: string;
}

export const MAX_CSEQ = 2 ** 31 - 1;

export function parseCSeq(text: string): CSeq | undefined {
  let end = 0;
  while (end < text.length && text.charCodeAt(end) !== SPACE && text.charCodeAt(end) !== TAB) end++;
  const sequence = parseDecimal(text.slice(0, end), MAX_CSEQ);
  const method = text.slice(end).trim();
  return sequence === undefined || !isAll(method, TOKEN) ? undefined : { sequence, method };
}

export const formatCSeq = (cseq: CSeq): string => `${cseq.sequence} ${cseq.method}`;
