import {
  forwardAfter,
  type ForwardReason,
  type RingOutcome,
} from '../../domain/call-forwarding.ts';
import type { UserId } from '../../domain/ids.ts';
import type { RingGroup } from '../../domain/ring-group.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { ExtraHeaders } from '../../sip/transaction/transaction-user.ts';
import type { Tenant, User } from '../ports/directory.ts';
import type { CallKit } from './call-kit.ts';
import type { Unanswered } from './fork.ts';
import type { RingFailure } from './fork-outcome.ts';
import { formatIdentity, hostOf, identityOfUser } from './party.ts';

/** How often one call is sent on at most. */
const MOST_FORWARDS = 5;

/** Whom a call is for now. */
export type ForwardTarget =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'ring-group'; readonly group: RingGroup };

export interface ForwardPathOptions {
  readonly tenant: Tenant;
  readonly callee: User;
  /** Of the users in the call already: it is never sent to them. */
  readonly talking: readonly UserId[];
}

/**
 * Follows the forwarding of everybody whom one call is for, inside the tenant, for so long as it leads to somebody new. What
 * leads nowhere is as if it had not been set: the phones ring, the caller is told.
 */
export class ForwardPath {
  readonly #kit: CallKit;
  readonly #tenant: Tenant;
  readonly #tried: Set<UserId>;
  readonly #diversions: { readonly by: User; readonly reason: ForwardReason }[] = [];
  #callee: User;

  constructor(kit: CallKit, { tenant, callee, talking }: ForwardPathOptions) {
    this.#kit = kit;
    this.#tenant = tenant;
    this.#callee = callee;
    this.#tried = new Set([callee.id, ...talking]);
  }

  /** Users whom the call has reached or comes from. */
  get tried(): readonly UserId[] {
    return [...this.#tried];
  }

  /** Whether it is for somebody else by now than who was dialled. */
  get sentOn(): boolean {
    return this.#diversions.length > 0;
  }

  /** Who is called in the end, before anything rings. */
  begin(): ForwardTarget {
    for (;;) {
      const { always } = this.#kit.forwardingOf(this.#callee.id);
      const next = always === null ? null : this.#sendOn(always, 'unconditional');
      if (next === null) return { kind: 'user', user: this.#callee };
      if (next.kind === 'ring-group') return next;
    }
  }

  /** Who is called next, when ringing came to nothing; `null`: nobody. */
  after(failure: RingFailure, how: Unanswered): ForwardTarget | null {
    const wanted = forwardAfter(this.#kit.forwardingOf(this.#callee.id), outcomeOf(failure, how));
    const next = wanted === null ? null : this.#sendOn(wanted.to, wanted.reason);
    return next === null || next.kind === 'ring-group' ? next : this.begin();
  }

  /** How long the present callee's phones ring at most, ms. */
  ringMs(usual: number): number {
    const { noAnswer } = this.#kit.forwardingOf(this.#callee.id);
    return noAnswer === null ? usual : Math.min(usual, noAnswer.afterMs);
  }

  /** Who sent the call on, the last one first, for those whose phones ring (RFC 5806). */
  headers(flow: Flow): ExtraHeaders {
    const host = hostOf(this.#tenant, flow);
    return this.#diversions.toReversed().map(({ by, reason }) => {
      return ['Diversion', `${formatIdentity(identityOfUser(by), host)};reason=${reason}`] as const;
    });
  }

  #sendOn(digits: string, reason: ForwardReason): ForwardTarget | null {
    if (this.#diversions.length >= MOST_FORWARDS) return null;
    const { directory } = this.#kit;
    const { id } = this.#tenant;
    const user = directory.user(id, digits);
    if (user !== undefined) {
      if (this.#tried.has(user.id)) return null;
      this.#tried.add(user.id);
      this.#diversions.push({ by: this.#callee, reason });
      this.#callee = user;
      return { kind: 'user', user };
    }
    const group = directory.ringGroupByNumber(id, digits);
    return group === undefined ? null : { kind: 'ring-group', group };
  }
}

/** What the caller is told says busy; the rest is for the last device to say. */
function outcomeOf({ status }: RingFailure, how: Unanswered): RingOutcome {
  if (status === 486) return 'busy';
  return status >= 600 ? 'refused' : how;
}
