import { parseReasons, sipReason } from '../../sip/message/reason.ts';

/** Why a request was sent or refused, for the far side's screen and trace (RFC 3326). */
export interface Reason {
  /** A SIP status code, 200..699. */
  readonly cause: number;
  /** Plain words; quoted on the wire. */
  readonly text: string;
}

/** `SIP;cause=410;text="Retrieved by 102"`. */
export function formatReason({ cause, text }: Reason): string {
  return sipReason(cause, text);
}

/** The SIP reason of a Reason header that came in; undefined when it has none that can be passed on. */
export function readReason(value: string): Reason | undefined {
  const found = parseReasons(value).find(({ protocol }) => protocol.toUpperCase() === 'SIP');
  if (found?.cause === undefined) return undefined;
  return { cause: found.cause, text: found.text ?? '' };
}

/** What a CANCEL says to devices whose call was taken on another one; phones then list no missed call. */
export const COMPLETED_ELSEWHERE: Reason = { cause: 200, text: 'Call completed elsewhere' };
