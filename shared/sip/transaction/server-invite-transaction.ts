import type { SipRequest, SipResponse } from '../message/message.ts';
import type { Disposable } from './disposable.ts';
import { MachineRunner, TimerSet } from './machine-runner.ts';
import { assertNever } from './machine.ts';
import {
  startServerInvite,
  stepServerInvite,
  type ServerInviteAction,
  type ServerInviteInput,
  type ServerInviteState,
  type ServerInviteTimer,
} from './server-invite.ts';
import {
  LiveServerTransaction,
  subscribe,
  type ServerTransactionParts,
} from './server-transaction.ts';
import { guarded } from './stack-context.ts';
import { timersFor, type TransactionTimers } from './timers.ts';

export interface ServerInviteParts extends ServerTransactionParts {
  /** A 2xx went out: from now on its ACK is recognised by dialog and CSeq. */
  readonly onAccepted: (response: SipResponse) => void;
  /** The first ACK to the 2xx, after the transaction's own listeners. */
  readonly onAcknowledged: (ack: SipRequest) => void;
}

/** An INVITE that came in: the machine of RFC 3261 §17.2.1 and RFC 6026 with its timers, CANCEL and ACK. */
export class ServerInviteTransaction extends LiveServerTransaction {
  readonly #parts: ServerInviteParts;
  readonly #timers: TimerSet<ServerInviteTimer>;
  readonly #machine: MachineRunner<ServerInviteState, ServerInviteInput, ServerInviteAction>;
  readonly #cancelListeners = new Set<(cancel: SipRequest) => void>();
  readonly #ackListeners = new Set<(ack: SipRequest) => void>();
  readonly #lengths: TransactionTimers;

  constructor(parts: ServerInviteParts) {
    super(parts);
    this.#parts = parts;
    const timers = timersFor(parts.flow.reliable, parts.context.timers);
    this.#lengths = timers;
    const first = startServerInvite(timers);
    this.#timers = new TimerSet(parts.context.clock, (timer) =>
      this.#machine.feed({ kind: 'timer', timer }),
    );
    this.#machine = new MachineRunner(
      first.state,
      (state: ServerInviteState, input: ServerInviteInput) =>
        stepServerInvite(state, input, timers),
      (action: ServerInviteAction) => this.#perform(action),
    );
    this.#machine.start(first.actions);
  }

  onCancel(run: (cancel: SipRequest) => void): Disposable {
    return subscribe(this.#cancelListeners, run);
  }

  onAck(run: (ack: SipRequest) => void): Disposable {
    return subscribe(this.#ackListeners, run);
  }

  /** The INVITE came again. */
  receiveAgain(): void {
    this.#machine.feed({ kind: 'request' });
  }

  /** An ACK with this transaction's branch. Peers of RFC 2543 (and some newer ones) acknowledge a 2xx like that, too. */
  receiveAck(ack: SipRequest): void {
    const accepted = this.#machine.state.kind === 'accepted';
    if (accepted) return this.receiveAckTo2xx(ack);
    this.#machine.feed({ kind: 'ack' });
    if (this.#machine.state.kind === 'confirmed') this.settle('absorb', this.#lengths.lingerMs);
  }

  /** An ACK that names our 2xx by dialog and CSeq. */
  receiveAckTo2xx(ack: SipRequest): void {
    this.#machine.feed({ kind: 'ack-to-2xx', ack });
    if (this.#machine.state.kind === 'acknowledged') this.settle('absorb', this.#lengths.giveUpMs);
  }

  receiveCancel(cancel: SipRequest): void {
    this.#machine.feed({ kind: 'cancel', cancel });
  }

  protected feedReply(response: SipResponse): void {
    this.#machine.feed({ kind: 'reply', response });
  }

  protected feedUnreachable(): void {
    this.#machine.feed({ kind: 'unreachable' });
  }

  protected stopTimers(): void {
    this.#timers.dispose();
  }

  #perform(action: ServerInviteAction): void {
    switch (action.kind) {
      case 'send':
        if (action.response.status >= 200 && action.response.status < 300) {
          this.#parts.onAccepted(action.response);
        }
        return this.send(action.response);
      case 'send-trying':
        return this.send(this.build(100, {}));
      case 'arm':
        return this.#timers.arm(action.timer, action.delayMs);
      case 'disarm':
        return this.#timers.disarm(action.timer);
      case 'deliver-cancel':
        return this.#cancelled(action.cancel);
      case 'deliver-ack':
        return this.#acknowledged(action.ack);
      case 'end':
        return this.finish(action.end);
      default:
        return assertNever(action);
    }
  }

  /** RFC 3261 §9.2: unless the transaction user had another answer, the INVITE ends with 487. */
  #cancelled(cancel: SipRequest): void {
    const listeners = [...this.#cancelListeners];
    this.#cancelListeners.clear();
    for (const run of listeners) guarded(this.context, () => run(cancel));
    this.reply(487);
  }

  #acknowledged(ack: SipRequest): void {
    const listeners = [...this.#ackListeners];
    this.#ackListeners.clear();
    for (const run of listeners) guarded(this.context, () => run(ack));
    this.#parts.onAcknowledged(ack);
  }
}
