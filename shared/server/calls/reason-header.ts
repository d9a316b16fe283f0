import { sipReason } from '../../sip/message/reason.ts';

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

/** What a CANCEL says to devices whose call was taken on another one; phones then list no missed call. */
export const COMPLETED_ELSEWHERE: Reason = { cause: 200, text: 'Call completed elsewhere' };
