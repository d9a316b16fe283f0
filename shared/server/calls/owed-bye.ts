import type { ExtraHeaders } from '../../sip/transaction/transaction-user.ts';
import { formatReason, type Reason } from './reason-header.ts';

type OwedByeState =
  { readonly kind: 'none' } | { readonly kind: 'owed'; readonly reason: Reason | undefined };

/**
 * The BYE of a leg that ended before its 2xx was acknowledged (RFC 3261 §15: not before the ACK, or before nobody waits for that any
 * more). One that overtakes the 2xx would be refused, and the phone then take up a call that is over.
 */
export class OwedBye {
  readonly #send: (headers: ExtraHeaders) => void;
  #state: OwedByeState = { kind: 'none' };

  /** @param send says BYE with these headers */
  constructor(send: (headers: ExtraHeaders) => void) {
    this.#send = send;
  }

  owe(reason: Reason | undefined): void {
    this.#state = { kind: 'owed', reason };
  }

  /** Sends it, once, if it is owed. */
  pay(): void {
    const state = this.#state;
    this.#state = { kind: 'none' };
    if (state.kind === 'none') return;
    const { reason } = state;
    this.#send(reason === undefined ? [] : [['Reason', formatReason(reason)]]);
  }
}
