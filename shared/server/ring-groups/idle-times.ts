import type { Clock } from '../../domain/clock.ts';
import type { Disposable } from '../../domain/disposable.ts';
import type { EpochMs, UserId } from '../../domain/ids.ts';
import type { UserActivity } from '../calls/user-activity.ts';

/** When each user's last call ended, since this server started: what "longest idle" goes by. */
export class IdleTimes implements Disposable {
  readonly #lastEnded = new Map<UserId, EpochMs>();
  readonly #watching: Disposable;

  constructor(activity: UserActivity, clock: Pick<Clock, 'now'>) {
    this.#watching = activity.onChanged((call, change) => {
      // A phone that only rang has had no call.
      if (change === 'ended' && call.state === 'confirmed') {
        this.#lastEnded.set(call.userId, clock.now());
      }
    });
  }

  /** `null`: the user has had no call yet. */
  since(userId: UserId): EpochMs | null {
    return this.#lastEnded.get(userId) ?? null;
  }

  forget(userId: UserId): void {
    this.#lastEnded.delete(userId);
  }

  dispose(): void {
    this.#watching.dispose();
    this.#lastEnded.clear();
  }
}
