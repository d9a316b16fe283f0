import type { Disposable } from '../../domain/disposable.ts';
import type { UserId } from '../../domain/ids.ts';
import type { DialogEntry } from '../../sip/events/dialog-info.ts';
import { formatUri } from '../../sip/message/uri.ts';
import { addressOf } from '../calls/party.ts';
import type { CallActivity, UserActivity } from '../calls/user-activity.ts';
import type { DialogList } from './dialog-list.ts';

export interface UserCallListParts {
  readonly activity: UserActivity;
  readonly userId: UserId;
  /** Whether the watcher may see whom the user talks to: their own calls only. */
  readonly withRemote: boolean;
  readonly host: string;
  readonly onChanged: () => void;
}

/** A user's own calls as a plain busy lamp shows them; ids are made for publication. */
export class UserCallList implements DialogList {
  readonly #parts: UserCallListParts;
  readonly #watching: Disposable;
  #gone: CallActivity[] = [];

  constructor(parts: UserCallListParts) {
    this.#parts = parts;
    this.#watching = parts.activity.onChanged((call, change) => {
      if (call.userId !== parts.userId) return;
      if (change === 'ended') this.#gone.push(call);
      parts.onChanged();
    });
  }

  take(): readonly DialogEntry[] {
    const live = this.#parts.activity.of(this.#parts.userId);
    const gone = this.#gone;
    this.#gone = [];
    return [
      ...live.map((call) => this.#entry(call, { kind: call.state })),
      ...gone.map((call) => this.#entry(call, { kind: 'terminated' })),
    ];
  }

  /** Whoever may watch these calls sees all of them. */
  rescope(): void {}

  dispose(): void {
    this.#watching.dispose();
  }

  #entry(call: CallActivity, state: DialogEntry['state']): DialogEntry {
    const { withRemote, host } = this.#parts;
    const { displayName, uri } = addressOf(call.remote, host);
    return {
      id: call.id,
      direction: call.direction,
      state,
      ...(withRemote
        ? { remote: { identity: { display: displayName, uri: formatUri(uri) } } }
        : {}),
    };
  }
}
