import { URI } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import { assertNever } from '../../shared/domain/assert-never.ts';
import type { ParkReceipt, TransferTarget } from '../../shared/phone/call.ts';
import type { FinalStatus } from '../../shared/phone/call-problem.ts';
import { readDialTarget } from './dial-target.ts';
import { bodyOf, finalStatusOf } from './jssip-words.ts';
import { readSipfrag } from './sipfrag-words.ts';

export interface ReferRequest {
  readonly target: URI;
  readonly note: string | null;
  /** Attended transfer: the dialog to be replaced (RFC 3891). */
  readonly replaces: RTCSession | null;
}

export interface ReferEvents {
  /** 202: the server will try. Not success. */
  accepted(): void;
  /** The final NOTIFY said 2xx. */
  succeeded(receipt: ParkReceipt | null): void;
  failed(final: FinalStatus): void;
}

const NOTE_LIMIT = 200;
const NOT_SENT: FinalStatus = { status: 0, phrase: '', reasonText: null };

/**
 * Where a call is to be sent.
 * @param line the line's SIP domain, and the dialog of a call by its id; `null` once it is over
 * @returns `null` when what was dialled is no address, or the other call is over
 */
export function referRequest(
  target: TransferTarget,
  line: { readonly domain: string; dialogOf(call: string): RTCSession | null },
): ReferRequest | null {
  switch (target.kind) {
    case 'park':
      return {
        target: new URI('sip', target.code, line.domain),
        note: target.note,
        replaces: null,
      };
    case 'blind': {
      const uri = readDialTarget(target.number, line.domain);
      return uri === null ? null : { target: uri, note: null, replaces: null };
    }
    case 'attended': {
      const other = line.dialogOf(target.other);
      return other === null
        ? null
        : { target: other.remote_identity.uri.clone(), note: null, replaces: other };
    }
    default:
      return assertNever(target);
  }
}

/** Sends REFER and tells what became of it (RFC 3515, message/sipfrag RFC 3420). Never ends the call: who asked does, by BYE. */
export function refer(session: RTCSession, request: ReferRequest, events: ReferEvents): void {
  const eventHandlers = {
    requestSucceeded: () => events.accepted(),
    requestFailed: (event: unknown) =>
      events.failed(finalStatusOf(member(event, 'response')) ?? NOT_SENT),
    accepted: (event: unknown) =>
      events.succeeded(readSipfrag(bodyOf(member(event, 'request')))?.receipt ?? null),
    failed: (event: unknown) =>
      events.failed(readSipfrag(bodyOf(member(event, 'request')))?.final ?? NOT_SENT),
  };
  try {
    // Typed as void, but false when the call is not established: that is a failure too.
    const sent: unknown = session.refer(request.target, {
      eventHandlers,
      extraHeaders: noteHeader(request.note),
      ...(request.replaces === null ? {} : { replaces: request.replaces }),
    });
    if (sent === false) events.failed(NOT_SENT);
  } catch {
    events.failed(NOT_SENT);
  }
}

/** `X-Park-Note` is percent-encoded, ≤ 200 characters decoded (WIRE §2). */
function noteHeader(note: string | null): string[] {
  const text = [...(note ?? '').trim()].slice(0, NOTE_LIMIT).join('');
  return text === '' ? [] : [`X-Park-Note: ${encodeURIComponent(text)}`];
}

function member(event: unknown, name: 'request' | 'response'): unknown {
  if (typeof event !== 'object' || event === null) return null;
  return new Map<string, unknown>(Object.entries(event)).get(name) ?? null;
}
