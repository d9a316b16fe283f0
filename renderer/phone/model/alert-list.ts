import type { PhoneAlert } from '../../../shared/bridge/snapshot.ts';
import { parseParkId } from '../../../shared/domain/ids.ts';
import type { NotificationDesk } from '../observers/notifier.ts';

type Shown<Kind extends keyof NotificationDesk> = Parameters<NotificationDesk[Kind]>[0];

/** What the small window shows: the same calls as the system's notifications, kept as a list for the snapshot. */
export class AlertList implements NotificationDesk {
  readonly #alerts = new Map<string, PhoneAlert>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** In the order in which they came. */
  get list(): readonly PhoneAlert[] {
    return [...this.#alerts.values()];
  }

  showParked({ parkId, title, body }: Shown<'showParked'>): void {
    // Calls of another PBX have no ParkId of ours: main could not name them.
    const id = parseParkId(parkId);
    if (id !== null)
      this.#set(parkId, { kind: 'parked', parkId: id, title: cut(title), body: cut(body) });
  }

  withdrawParked(parkId: string): void {
    this.#withdraw(parkId);
  }

  showIncoming({ callId, title, body, recall }: Shown<'showIncoming'>): void {
    this.#set(callId, { kind: 'incoming', callId, title: cut(title), body: cut(body), recall });
  }

  withdrawIncoming(callId: string): void {
    this.#withdraw(callId);
  }

  #set(id: string, alert: PhoneAlert): void {
    this.#alerts.set(id, alert);
    this.#onChange();
  }

  #withdraw(id: string): void {
    if (this.#alerts.delete(id)) this.#onChange();
  }
}

const cut = (text: string): string => text.slice(0, 500);
