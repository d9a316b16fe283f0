import { DisposableStore, type Disposable } from '../../domain/disposable.ts';
import type { UserId } from '../../domain/ids.ts';
import type { MediaLeg } from '../../media/engine.ts';
import type { SipResponse } from '../../sip/message/message.ts';
import type { ExtraHeaders } from '../../sip/transaction/transaction-user.ts';
import type { User } from '../ports/directory.ts';
import type { Binding } from '../ports/registrar.ts';
import type { CallKit } from './call-kit.ts';
import {
  aggregateBranches,
  wasRefused,
  wereUnreachable,
  type BranchEnd,
  type RingFailure,
} from './fork-outcome.ts';
import type { Leg } from './leg.ts';
import { formatIdentity, hostOf, identityOfUser } from './party.ts';
import type { Redirection } from './redirection.ts';
import { OutgoingInvite, type OutgoingCall } from './outgoing-invite.ts';
import { COMPLETED_ELSEWHERE, type Reason } from './reason-header.ts';

/** What a ringing that nobody answered was, seen from the person who was to be reached. */
export type Unanswered = 'refused' | 'unanswered' | 'unreachable';

export interface ForkEvents {
  /** The first device rings. */
  ringing(): void;
  /**
   * The device can be heard before it answers. Only where there is one device: of several that ring at once nobody could
   * say which is to be heard, and the caller goes on hearing them ring.
   */
  earlyMedia(media: MediaLeg): void;
  /** The first device to answer; the others have been called off. */
  answered(leg: Leg): void;
  /** Nobody answered; `refused` when the last device said no rather than nothing, `unreachable` when all were lost. */
  failed(failure: RingFailure, how: Unanswered): void;
}

export interface ForkedCall extends OutgoingCall {
  /** Follows a device's 3xx; default: none is followed. */
  readonly redirection?: Redirection;
  /** Added for the person who was dialled, and for nobody that the call is sent on to. */
  readonly alert?: ExtraHeaders;
  /** The devices of whoever was dialled, asked for when one of theirs signs in meanwhile: it rings as well. Default: it does not. */
  readonly whenTheyCome?: () => readonly Binding[];
  /** How long the devices ring at most, in ms. */
  readonly ringMs: number;
  /** Whether a 6xx of one device speaks for the person and ends the ringing everywhere (RFC 3261 §16.7 step 5). */
  readonly declineEndsAll: boolean;
}

/** What one branch rings. */
interface Rung {
  readonly userId: UserId;
  readonly deviceId: string;
}

/** Whose devices ring, and who sent the call on to them, the last one first. */
interface Callee {
  readonly user: User;
  readonly sentOnBy: readonly User[];
}

type ForkState =
  { readonly kind: 'ringing'; readonly watch: Disposable } | { readonly kind: 'over' };

/** How long a device may take to come back whose connection broke before it rang, in ms: ours take three seconds at most. */
const COME_BACK_MS = 5_000;

/** Rings any number of devices at once; the first 2xx wins (RFC 3261 §16.7). */
export class Fork {
  readonly #kit: CallKit;
  readonly #call: ForkedCall;
  readonly #events: ForkEvents;
  readonly #branches = new Map<OutgoingInvite, Rung>();
  readonly #ends: BranchEnd[] = [];
  /** Devices that ring or have answered, by `deviceId`; one that was lost is not among them and may ring again. */
  readonly #asked = new Set<string>();
  /** Where else a 3xx sent the call, to be rung when what rings now has come to nothing. */
  readonly #later: (readonly Callee[])[] = [];
  /** How many INVITEs were made or tried. */
  #tried = 0;
  #rang = false;
  /** Until when each of their devices whose connection broke is waited for, by `deviceId`. */
  readonly #awaited = new Map<string, Disposable>();
  #state: ForkState;

  /** Starts ringing. Events never come before `start` has returned. */
  static start(
    kit: CallKit,
    devices: readonly Binding[],
    call: ForkedCall,
    events: ForkEvents,
  ): Fork {
    return new Fork(kit, devices, call, events);
  }

  private constructor(
    kit: CallKit,
    devices: readonly Binding[],
    call: ForkedCall,
    events: ForkEvents,
  ) {
    this.#kit = kit;
    this.#call = call;
    this.#events = events;
    this.#state = { kind: 'ringing', watch: this.#watch() };
    const callee = { user: call.user, sentOnBy: [] };
    for (const device of devices) this.#ring(device, callee);
    if (this.#branches.size > 0) return;
    kit.clock.after(0, () => {
      if (this.#branches.size === 0) this.#exhausted();
    });
  }

  /**
   * Rings devices that were not there at the start. One that rings or has answered is left alone; one that was lost rings
   * again, be it that it rang over a connection which it has replaced. Harmless after the end.
   */
  ringAlso(devices: readonly Binding[]): void {
    if (this.#state.kind === 'over') return;
    const callee = { user: this.#call.user, sentOnBy: [] };
    for (const device of devices) {
      this.#leaveBehind(device);
      if (!this.#asked.has(device.deviceId)) this.#ring(device, callee);
    }
    // One that was left behind may not have been rung again: there was no media for it, say.
    this.#goOn();
  }

  #leaveBehind({ deviceId, flow }: Binding): void {
    for (const [branch, rung] of this.#branches) {
      if (rung.deviceId !== deviceId || !branch.isLeftBehindBy(flow)) continue;
      this.#branches.delete(branch);
      this.#asked.delete(deviceId);
      branch.cancel({ cause: 480, text: 'Rung again over the new connection' });
    }
  }

  /** Calls every device off; answers that cross it get ACK and BYE. No event follows. Harmless after the end. */
  cancel(reason: Reason): void {
    if (!this.#end()) return;
    for (const branch of this.#branches.keys()) branch.cancel(reason);
    this.#branches.clear();
  }

  /** Until the ringing is over: its time, and whether those who ring still exist. */
  #watch(): Disposable {
    const { clock, directory, registrar } = this.#kit;
    const watch = new DisposableStore();
    watch.add(clock.after(this.#call.ringMs, () => this.#ranOut()));
    watch.add(
      directory.onChanged((change) => {
        if (change.kind === 'user-removed') this.#removed(change.user.id);
      }),
    );
    const { user, whenTheyCome } = this.#call;
    if (whenTheyCome === undefined) return watch;
    watch.add(
      registrar.onChanged((changed) => {
        if (changed === user.id) this.ringAlso(whenTheyCome());
      }),
    );
    return watch;
  }

  /** Whoever is deleted while their phone rings is not to be given the caller. */
  #removed(userId: UserId): void {
    if (this.#state.kind === 'over') return;
    const theirs = [...this.#branches].filter(([, rung]) => rung.userId === userId);
    const wasDialled = userId === this.#call.user.id;
    if (wasDialled) this.#awaitNobody();
    if (theirs.length === 0 && !wasDialled) return;
    for (const [branch] of theirs) {
      this.#branches.delete(branch);
      branch.cancel({ cause: 480, text: 'No such user' });
    }
    this.#failed({ kind: 'unreachable' });
  }

  #ring(device: Binding, callee: Callee): void {
    const call = this.#callTo(device, callee);
    this.#tried += 1;
    const legName = this.#tried === 1 ? call.legName : `${call.legName}-${this.#tried}`;
    const branch = OutgoingInvite.start(
      this.#kit,
      device,
      { ...call, legName },
      {
        ringing: () => this.#ringing(),
        earlyMedia: (media) => this.#heard(media),
        answered: (leg) => this.#answered(leg),
        failed: (end) => {
          if (end.kind === 'timeout' || end.kind === 'unreachable')
            this.#asked.delete(device.deviceId);
          if (branch !== undefined) this.#branches.delete(branch);
          if (end.kind === 'redirected') this.#follow(callee, end.response);
          else if (end.kind === 'unreachable') this.#lost(device, callee);
          else this.#failed(end);
        },
      },
    );
    if (branch === undefined) {
      this.#ends.push({ kind: 'unreachable' });
      return;
    }
    this.#branches.set(branch, { userId: callee.user.id, deviceId: device.deviceId });
    this.#asked.add(device.deviceId);
    if (callee.user.id === this.#call.user.id) this.#awaitNoMore(device.deviceId);
  }

  /** The same call to whoever it was sent on to, who may see by whom (RFC 5806). */
  #callTo({ flow }: Binding, { user, sentOnBy }: Callee): OutgoingCall {
    const { headers, alert = [] } = this.#call;
    if (sentOnBy.length === 0) return { ...this.#call, headers: [...headers, ...alert] };
    if (flow === undefined) return this.#call;
    const host = hostOf(this.#call.tenant, flow);
    const diversions = sentOnBy.map((by) => {
      const value = `${formatIdentity(identityOfUser(by), host)};reason=deflection`;
      return ['Diversion', value] as const;
    });
    return { ...this.#call, user, headers: [...headers, ...diversions] };
  }

  #follow(from: Callee, response: SipResponse): void {
    const { redirection } = this.#call;
    const sentOnBy = [from.user, ...from.sentOnBy];
    const groups = redirection?.follow(response) ?? [];
    this.#later.push(...groups.map((users) => users.map((user) => ({ user, sentOnBy }))));
    if (groups.length > 0) {
      this.#rang = false;
      this.#ringNext();
    }
    const nowhere = redirection !== undefined && groups.length === 0;
    this.#failed(nowhere ? { kind: 'nowhere' } : { kind: 'redirected', response });
  }

  /** Rings the best of those to whom the call was sent on; false when there is nobody left. */
  #ringNext(): boolean {
    for (let next = this.#later.shift(); next !== undefined; next = this.#later.shift()) {
      for (const callee of next) {
        const devices = this.#kit.registrar.reachableDevices(callee.user.id);
        if (devices.length === 0) this.#ends.push({ kind: 'unreachable' });
        for (const device of devices) this.#ring(device, callee);
      }
      if (this.#branches.size > 0) return true;
    }
    return false;
  }

  #ringing(): void {
    if (this.#rang || this.#state.kind === 'over') return;
    this.#rang = true;
    this.#events.ringing();
  }

  #heard(media: MediaLeg): void {
    if (this.#branches.size > 1) return this.#ringing();
    // What is heard now must not give way to a ringing tone when a 180 follows.
    this.#rang = true;
    if (this.#state.kind === 'ringing') this.#events.earlyMedia(media);
  }

  #answered(leg: Leg): void {
    // Two devices that answer in the same instant both get here; the second was cancelled by then and is not told.
    this.cancel(COMPLETED_ELSEWHERE);
    this.#events.answered(leg);
  }

  #failed(end: BranchEnd): void {
    this.#ends.push(end);
    const { declineEndsAll } = this.#call;
    if (declineEndsAll && end.kind === 'response' && end.status >= 600) this.#refused();
    else this.#goOn();
  }

  /** When nobody rings any more and nobody is waited for, the call is sent on, or has failed. */
  #goOn(): void {
    if (this.#state.kind === 'over' || this.#branches.size > 0 || this.#awaited.size > 0) return;
    if (!this.#ringNext()) this.#exhausted();
  }

  /** The connection of one of their devices broke. It is waited for where it rings again when it is back. */
  #lost({ deviceId }: Binding, { user }: Callee): void {
    const { whenTheyCome, user: dialled } = this.#call;
    if (whenTheyCome !== undefined && user.id === dialled.id && this.#state.kind === 'ringing') {
      this.#awaitNoMore(deviceId);
      const giveUp = (): void => {
        this.#awaitNoMore(deviceId);
        this.#goOn();
      };
      this.#awaited.set(deviceId, this.#kit.clock.after(COME_BACK_MS, giveUp));
    }
    this.#failed({ kind: 'unreachable' });
  }

  #awaitNoMore(deviceId: string): void {
    this.#awaited.get(deviceId)?.dispose();
    this.#awaited.delete(deviceId);
  }

  #awaitNobody(): void {
    for (const deviceId of [...this.#awaited.keys()]) this.#awaitNoMore(deviceId);
  }

  #refused(): void {
    for (const branch of this.#branches.keys()) branch.cancel({ cause: 603, text: 'Declined' });
    this.#branches.clear();
    this.#exhausted();
  }

  #ranOut(): void {
    for (const branch of this.#branches.keys()) branch.cancel({ cause: 480, text: 'No answer' });
    this.#branches.clear();
    this.#ends.push({ kind: 'timeout' });
    this.#exhausted();
  }

  #exhausted(): void {
    if (!this.#end()) return;
    this.#events.failed(aggregateBranches(this.#ends), this.#how());
  }

  #how(): Unanswered {
    if (wasRefused(this.#ends)) return 'refused';
    return wereUnreachable(this.#ends) ? 'unreachable' : 'unanswered';
  }

  #end(): boolean {
    if (this.#state.kind === 'over') return false;
    this.#state.watch.dispose();
    this.#awaitNobody();
    this.#state = { kind: 'over' };
    return true;
  }
}
