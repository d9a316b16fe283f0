import { refuseMethod } from '../../sip/transaction/admission.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Authenticator, Caller } from '../ports/authenticator.ts';
import { ALLOW, ALLOW_EVENTS, ALLOWED_METHODS, SUPPORTED, type CallKit } from './call-kit.ts';
import { partyKey, partyOf } from './party.ts';

/** What the gate lets through, once its sender is proven. */
export interface GatedRequests {
  invite(tx: ServerTransaction, caller: Caller): void;
  subscribe(tx: ServerTransaction, caller: Caller): void;
}

/** Requests inside a dialog whose sender must be proven (WIRE.md §10a); the others belong to whoever holds the dialog. */
const PROVEN_IN_DIALOG: ReadonlySet<string> = new Set([
  'INVITE',
  'UPDATE',
  'REFER',
  'INFO',
  'SUBSCRIBE',
]);

/** Where every request comes in: finds its dialog, or proves its sender and hands it on. */
export class RequestGate {
  readonly #kit: CallKit;
  readonly #authenticator: Authenticator;
  readonly #next: GatedRequests;

  constructor(kit: CallKit, authenticator: Authenticator, next: GatedRequests) {
    this.#kit = kit;
    this.#authenticator = authenticator;
    this.#next = next;
  }

  handle(tx: ServerTransaction): void {
    if (tx.request.toTag === undefined) this.#outside(tx);
    else this.#inside(tx);
  }

  #inside(tx: ServerTransaction): void {
    const entry = this.#kit.dialogs.forRequest(tx.request);
    if (entry === undefined) return void tx.reply(481);
    const { owner } = entry;
    if (PROVEN_IN_DIALOG.has(tx.request.method)) {
      const proven = this.#authenticator.authenticate(tx);
      if (proven.kind === 'answered') return;
      const key = partyKey(partyOf(proven.caller));
      if (owner.partyKey !== undefined && owner.partyKey !== key) return void tx.reply(403);
    }
    owner.handle(tx);
  }

  #outside(tx: ServerTransaction): void {
    switch (tx.request.method) {
      case 'INVITE':
        if (this.#kit.ownInvites.isLoop(tx.request)) return void tx.reply(482);
        return this.#proven(tx, (caller) => this.#next.invite(tx, caller));
      case 'SUBSCRIBE':
        return this.#proven(tx, (caller) => this.#next.subscribe(tx, caller));
      case 'REFER':
        return this.#proven(tx, () => void tx.reply(403, { reason: 'Only inside a call' }));
      case 'OPTIONS':
        return this.#options(tx);
      case 'NOTIFY':
        return void tx.reply(489, { headers: [['Allow-Events', ALLOW_EVENTS]] });
      case 'BYE':
      case 'UPDATE':
      case 'INFO':
      case 'PRACK':
        return void tx.reply(481);
      default:
        return refuseMethod(tx, ALLOWED_METHODS);
    }
  }

  #proven(tx: ServerTransaction, run: (caller: Caller) => void): void {
    const result = this.#authenticator.authenticate(tx);
    if (result.kind === 'ok') run(result.caller);
  }

  /** Says what we can; of extensions nothing is told to strangers. */
  #options(tx: ServerTransaction): void {
    tx.reply(200, {
      headers: [
        ['Allow', ALLOW],
        ['Allow-Events', ALLOW_EVENTS],
        ['Accept', 'application/sdp, application/dialog-info+xml'],
        ['Supported', SUPPORTED],
      ],
    });
  }
}
