import type { NotificationDesk } from './notifier.ts';

interface Standing {
  /** Whose words are shown; `null` once that account has let go. */
  shownBy: object | null;
  readonly holders: Set<object>;
}

/**
 * One desk for several accounts. Two accounts of one PBX are both told of one parked call: it is one notification, in the words of
 * the account that came first, and it goes when the last account that holds it lets go.
 * @returns gives each account its own side of the desk
 */
export function shareDesk(desk: NotificationDesk): () => NotificationDesk {
  const standing = new Map<string, Standing>();
  return () => {
    const owner = {};
    return {
      showParked(notification) {
        const { parkId } = notification;
        const known = standing.get(parkId) ?? { shownBy: null, holders: new Set() };
        standing.set(parkId, known);
        known.holders.add(owner);
        known.shownBy ??= owner;
        if (known.shownBy === owner) desk.showParked(notification);
      },
      withdrawParked(parkId) {
        const known = standing.get(parkId);
        if (known?.holders.delete(owner) !== true) return;
        // What stands is not shown again in other words: that would alert once more.
        if (known.shownBy === owner) known.shownBy = null;
        if (known.holders.size > 0) return;
        standing.delete(parkId);
        desk.withdrawParked(parkId);
      },
      showIncoming: (notification) => desk.showIncoming(notification),
      withdrawIncoming: (callId) => desk.withdrawIncoming(callId),
    };
  };
}
