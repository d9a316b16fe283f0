import { onDispose, type Disposable } from '../../domain/disposable.ts';
import type { UserId } from '../../domain/ids.ts';
import type { CallerIdentity } from '../ports/journal.ts';

/** One call of a user as a plain busy lamp shows it (RFC 4235). */
export interface CallActivity {
  /** Made for publication; says nothing of the real dialog. */
  readonly id: string;
  readonly userId: UserId;
  /** `initiator`: the user called. */
  readonly direction: 'initiator' | 'recipient';
  readonly state: 'early' | 'confirmed';
  readonly remote: CallerIdentity;
}

/** Changes one entry; `end` removes it. */
export interface ActivityHandle {
  confirm(remote?: CallerIdentity): void;
  end(): void;
}

type Watcher = (activity: CallActivity, change: 'changed' | 'ended') => void;

/** Which calls every user is in, for busy lamps. Parked calls are never mixed in (WIRE.md §5). */
export class UserActivity {
  readonly #byUser = new Map<UserId, Map<string, CallActivity>>();
  readonly #watchers = new Set<Watcher>();

  /** The calls of one user, oldest first. */
  of(userId: UserId): readonly CallActivity[] {
    return [...(this.#byUser.get(userId)?.values() ?? [])];
  }

  onChanged(run: Watcher): Disposable {
    this.#watchers.add(run);
    return onDispose(() => this.#watchers.delete(run));
  }

  begin(activity: CallActivity): ActivityHandle {
    this.#put(activity);
    return {
      confirm: (remote) => {
        const current = this.#byUser.get(activity.userId)?.get(activity.id);
        if (current === undefined) return;
        this.#put({ ...current, state: 'confirmed', remote: remote ?? current.remote });
      },
      end: () => this.#remove(activity.userId, activity.id),
    };
  }

  #put(activity: CallActivity): void {
    const calls = this.#byUser.get(activity.userId) ?? new Map<string, CallActivity>();
    this.#byUser.set(activity.userId, calls.set(activity.id, activity));
    this.#tell(activity, 'changed');
  }

  #remove(userId: UserId, id: string): void {
    const calls = this.#byUser.get(userId);
    const gone = calls?.get(id);
    if (calls === undefined || gone === undefined) return;
    calls.delete(id);
    if (calls.size === 0) this.#byUser.delete(userId);
    this.#tell(gone, 'ended');
  }

  #tell(activity: CallActivity, change: 'changed' | 'ended'): void {
    for (const run of [...this.#watchers]) run(activity, change);
  }
}
