import { DisposableStore } from '../../domain/disposable.ts';
import type { UserId } from '../../domain/ids.ts';
import type { CodecName } from '../../media/engine.ts';
import type { CallKit } from '../calls/call-kit.ts';
import { Fork, type Unanswered } from '../calls/fork.ts';
import type { Leg, LegOwner } from '../calls/leg.ts';
import { COMPLETED_ELSEWHERE, type Reason } from '../calls/reason-header.ts';
import type { Tenant, User } from '../ports/directory.ts';
import type { CallerIdentity } from '../ports/journal.ts';

export interface BatchOrder {
  readonly tenant: Tenant;
  readonly from: CallerIdentity;
  readonly codecs: readonly CodecName[];
  /** Who rings at once. */
  readonly now: readonly User[];
  /** Who rings as soon as a device of theirs signs in, those of `now` included. */
  readonly whenTheyCome: readonly User[];
  readonly ringMs: number;
  readonly legName: string;
  /** Has the leg that answers, until `answered`. */
  readonly owner: LegOwner;
}

export interface BatchEvents {
  /** The first device rings. */
  ringing(): void;
  answered(leg: Leg): void;
  /** Nobody answered: the time ran out, or all who could be rung have refused. */
  over(): void;
}

/** Rings several users at once, each on all devices; the first to answer wins and the others are called off. */
export class RingBatch {
  readonly #kit: CallKit;
  readonly #order: BatchOrder;
  readonly #events: BatchEvents;
  readonly #forks = new Map<UserId, Fork>();
  /** Who has refused or let it ring through: they are not rung again. */
  readonly #done = new Set<UserId>();
  readonly #ends = new DisposableStore();
  #rang = false;

  /** Starts ringing. Events never come before `start` has returned. */
  static start(kit: CallKit, order: BatchOrder, events: BatchEvents): RingBatch {
    return new RingBatch(kit, order, events);
  }

  private constructor(kit: CallKit, order: BatchOrder, events: BatchEvents) {
    this.#kit = kit;
    this.#order = order;
    this.#events = events;
    for (const user of order.now) this.#ring(user);
    this.#ends.add(kit.clock.after(order.ringMs, () => this.#ranOut()));
    this.#ends.add(kit.registrar.onChanged((userId) => this.#came(userId)));
  }

  /** Calls everybody off. No event follows. Harmless after the end. */
  cancel(reason: Reason): void {
    if (this.#ends.disposed) return;
    this.#ends.dispose();
    for (const fork of this.#forks.values()) fork.cancel(reason);
    this.#forks.clear();
  }

  #ring(user: User): void {
    const { tenant, from, codecs, ringMs, legName, owner } = this.#order;
    const devices = this.#kit.registrar.reachableDevices(user.id);
    if (devices.length === 0) return;
    const fork = Fork.start(
      this.#kit,
      devices,
      {
        tenant,
        user,
        from,
        codecs,
        headers: [],
        legName: `${legName}/${user.extension}`,
        owner,
        whenTheyCome: () => this.#kit.registrar.reachableDevices(user.id),
        ringMs,
        declineEndsAll: true,
      },
      {
        ringing: () => this.#ringing(),
        earlyMedia: () => this.#ringing(), // Of several phones nobody could say which is to be heard.
        answered: (leg) => this.#answered(user, leg),
        failed: (_failure, how) => this.#failed(user, how),
      },
    );
    this.#forks.set(user.id, fork);
  }

  /** A device signed in or was lost. Who rings already sees to it by themselves. */
  #came(userId: UserId): void {
    const user = this.#order.whenTheyCome.find(({ id }) => id === userId);
    const rings = this.#done.has(userId) || this.#forks.has(userId);
    if (user !== undefined && !rings) this.#ring(user);
  }

  #ringing(): void {
    if (this.#rang) return;
    this.#rang = true;
    this.#events.ringing();
  }

  #answered(user: User, leg: Leg): void {
    this.#forks.delete(user.id);
    this.cancel(COMPLETED_ELSEWHERE);
    this.#events.answered(leg);
  }

  #failed(user: User, how: Unanswered): void {
    this.#forks.delete(user.id);
    // Whoever lost their connection is rung again when they are back.
    if (how !== 'unreachable') this.#done.add(user.id);
    if (this.#forks.size > 0) return;
    const mayStillCome = this.#done.size === 0 && this.#order.whenTheyCome.length > 1;
    if (!mayStillCome) this.#over();
  }

  #ranOut(): void {
    for (const fork of this.#forks.values()) fork.cancel({ cause: 480, text: 'No answer' });
    this.#forks.clear();
    this.#over();
  }

  #over(): void {
    this.#ends.dispose();
    this.#events.over();
  }
}
