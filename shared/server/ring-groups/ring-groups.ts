import type { Disposable } from '../../domain/disposable.ts';
import type { RingGroup } from '../../domain/ring-group.ts';
import type { Announcer } from '../announcements/announcer.ts';
import type { CallKit } from '../calls/call-kit.ts';
import type { IncomingInvite } from '../calls/incoming-invite.ts';
import type { Leg } from '../calls/leg.ts';
import type { CallWatcher } from '../calls/two-party-call.ts';
import type { DirectoryChange, Tenant } from '../ports/directory.ts';
import type { CallerIdentity } from '../ports/journal.ts';
import { IdleTimes } from './idle-times.ts';
import { RingGroupCall } from './ring-group-call.ts';
import { DialledCaller, HandedOverCaller, type WaitingCaller } from './waiting-caller.ts';

export interface RingGroupsParts {
  readonly kit: CallKit;
  readonly watcher: CallWatcher;
  readonly announcer: Announcer;
}

/** The calls that wait for a ring group's phones. */
export class RingGroups implements Disposable {
  readonly #parts: RingGroupsParts;
  readonly #idle: IdleTimes;
  readonly #waiting = new Set<object>();

  constructor(parts: RingGroupsParts) {
    this.#parts = parts;
    this.#idle = new IdleTimes(parts.kit.activity, parts.kit.clock);
  }

  /** Callers who wait now. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Somebody dialled the ring group's number. Answers, refuses or forgets the INVITE by itself. */
  dial(invite: IncomingInvite, group: RingGroup): void {
    this.#begin(invite.caller.tenant, group, (onGone) =>
      DialledCaller.prepare({ ...this.#parts, onGone }, invite, identityOf(group)),
    );
  }

  /** Takes a caller who is on the line, for good: the call is the ring group's from here on. */
  takeOver(caller: Leg, tenant: Tenant, group: RingGroup): void {
    this.#begin(
      tenant,
      group,
      (onGone) => new HandedOverCaller({ ...this.#parts, onGone }, caller),
    );
  }

  directoryChanged(change: DirectoryChange): void {
    if (change.kind === 'user-removed') this.#idle.forget(change.user.id);
  }

  dispose(): void {
    this.#idle.dispose();
  }

  #begin(
    tenant: Tenant,
    group: RingGroup,
    make: (onGone: () => void) => WaitingCaller | undefined,
  ): void {
    // The caller can be gone only after this turn; what rings for them exists by then.
    const begun: { call?: RingGroupCall } = {};
    const caller = make(() => begun.call?.callerGone());
    if (caller === undefined) return;
    this.#waiting.add(caller);
    const { kit, watcher } = this.#parts;
    const onOver = (): void => void this.#waiting.delete(caller);
    const parts = { kit, watcher, idle: this.#idle, tenant, caller, onOver };
    begun.call = new RingGroupCall(parts, group);
  }
}

/** The ring group as somebody who calls it sees it. */
function identityOf({ name, extension }: RingGroup): CallerIdentity {
  return { name, number: extension ?? '', anonymous: false };
}
