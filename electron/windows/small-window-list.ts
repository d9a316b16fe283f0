import { alertId } from '../../shared/bridge/small-window.ts';
import type {
  AlertLabels,
  SmallWindowChange,
  SmallWindowSnapshot,
} from '../../shared/bridge/small-window.ts';
import type { PhoneAlert, PhoneSnapshot } from '../../shared/bridge/snapshot.ts';

/** A parked call leaves the small window after this, ms: the list, the tray and the notification go on showing it. */
export const PARKED_ALERT_MS = 30_000;

const NOTHING: SmallWindowSnapshot = {
  sequence: 0,
  alerts: [],
  look: { language: 'en', direction: 'ltr', theme: 'system' },
  labels: { answer: '', decline: '', retrieve: '', hide: '', alerts: '', show: '' },
};

/** What the small window shows: the phone's alerts, without those that were hidden by hand or stood long enough. */
export class SmallWindowList {
  #view = NOTHING;
  #wanted: readonly PhoneAlert[] = [];
  readonly #hidden = new Set<string>();
  readonly #since = new Map<string, number>();

  get view(): SmallWindowSnapshot {
    return this.#view;
  }

  /** @param now monotonic or wall clock, ms; the same one in every call */
  update(snapshot: PhoneSnapshot, now: number): readonly SmallWindowChange[] {
    this.#wanted = snapshot.alerts;
    const alive = new Set(snapshot.alerts.map(alertId));
    for (const id of [...this.#hidden]) if (!alive.has(id)) this.#hidden.delete(id);
    for (const id of [...this.#since.keys()]) if (!alive.has(id)) this.#since.delete(id);
    for (const id of alive) if (!this.#since.has(id)) this.#since.set(id, now);
    const words = this.#words(snapshot);
    return [...words, ...this.tick(now)];
  }

  /** Takes one alert off; the call itself goes on. */
  hide(id: string, now: number): readonly SmallWindowChange[] {
    this.#hidden.add(id);
    return this.tick(now);
  }

  /** The page is being loaded anew: nothing is known. */
  clear(now: number): readonly SmallWindowChange[] {
    this.#wanted = [];
    this.#hidden.clear();
    this.#since.clear();
    return this.tick(now);
  }

  /** What has to change at this moment. */
  tick(now: number): readonly SmallWindowChange[] {
    const shown = this.#wanted.filter((alert) => this.#isShown(alert, now));
    const ids = new Set(shown.map(alertId));
    const before = new Map(this.#view.alerts.map((alert) => [alertId(alert), alert]));
    const changes: SmallWindowChange[] = [];
    let { sequence } = this.#view;
    for (const id of before.keys()) {
      if (!ids.has(id)) changes.push({ kind: 'gone', sequence: ++sequence, id });
    }
    for (const alert of shown) {
      if (JSON.stringify(before.get(alertId(alert))) === JSON.stringify(alert)) continue;
      changes.push({ kind: 'alert', sequence: ++sequence, alert });
    }
    // What stood before keeps its place, so that no line moves under the pointer; what is new stands below.
    const kept = [...before.keys()].filter((id) => ids.has(id));
    const byId = new Map(shown.map((alert) => [alertId(alert), alert]));
    const order = [...kept, ...[...ids].filter((id) => !before.has(id))];
    const alerts = order.flatMap((id) => byId.get(id) ?? []);
    this.#view = { ...this.#view, sequence, alerts };
    return changes;
  }

  /** When to look again, in the clock of `update`; `null` while nothing would change by itself. */
  nextTick(): number | null {
    const ends = this.#view.alerts
      .filter((alert) => alert.kind === 'parked')
      .map((alert) => (this.#since.get(alertId(alert)) ?? 0) + PARKED_ALERT_MS);
    return ends.length === 0 ? null : Math.min(...ends);
  }

  #isShown(alert: PhoneAlert, now: number): boolean {
    const id = alertId(alert);
    if (this.#hidden.has(id)) return false;
    return alert.kind === 'incoming' || now - (this.#since.get(id) ?? now) < PARKED_ALERT_MS;
  }

  #words({ look, labels }: PhoneSnapshot): readonly SmallWindowChange[] {
    const { answer, decline, retrieve, hide, alerts, show } = labels;
    const words: AlertLabels = { answer, decline, retrieve, hide, alerts, show };
    const next = { look, labels: words };
    const now = { look: this.#view.look, labels: this.#view.labels };
    if (JSON.stringify(next) === JSON.stringify(now)) return [];
    const sequence = this.#view.sequence + 1;
    this.#view = { ...this.#view, ...next, sequence };
    return [{ kind: 'words', sequence, ...next }];
  }
}
