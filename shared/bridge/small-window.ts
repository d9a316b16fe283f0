/**
 * The words between the main process and the small window, which shows calls that want an answer without ever taking the focus.
 * It is a view: a whole snapshot when it asks, then changes one by one. A change whose `sequence` does not follow the last one
 * means that something was missed, and the window asks for the whole again.
 */
import type { DesktopLabels, PhoneAlert, PhoneLook } from './snapshot.ts';

export type AlertLabels = Pick<
  DesktopLabels,
  'answer' | 'decline' | 'retrieve' | 'hide' | 'alerts' | 'show'
>;

export interface SmallWindowSnapshot {
  readonly sequence: number;
  readonly alerts: readonly PhoneAlert[];
  readonly look: PhoneLook;
  readonly labels: AlertLabels;
}

export type SmallWindowChange =
  /** Added at the end, or in place of the one with the same id. */
  | { readonly kind: 'alert'; readonly sequence: number; readonly alert: PhoneAlert }
  | { readonly kind: 'gone'; readonly sequence: number; readonly id: string }
  | {
      readonly kind: 'words';
      readonly sequence: number;
      readonly look: PhoneLook;
      readonly labels: AlertLabels;
    };

/** What a press in the small window asks for. `id` is a call's or a parked call's. */
export interface SmallWindowPress {
  readonly action: 'answer' | 'decline' | 'retrieve' | 'hide' | 'show';
  readonly id: string;
}

/** `window.parklineAlerts` in the small window, and nothing else. */
export interface SmallWindowBridge {
  snapshot(): Promise<SmallWindowSnapshot>;
  press(press: SmallWindowPress): Promise<void>;
  /** How much room its lines need, in CSS pixels. */
  resize(height: number): Promise<void>;
  onChange(run: (change: SmallWindowChange) => void): () => void;
}

export const SMALL_WINDOW_REQUESTS = ['snapshot', 'press', 'resize'] as const;
export type SmallWindowRequest = (typeof SMALL_WINDOW_REQUESTS)[number];
export const smallWindowChannel = (name: SmallWindowRequest): string => `parkline-alerts:${name}`;
export const SMALL_WINDOW_EVENTS = 'parkline-alerts:change';

export const alertId = (alert: PhoneAlert): string =>
  alert.kind === 'incoming' ? alert.callId : alert.parkId;

/**
 * The window's list after one change.
 * @returns `null` when a change before it was missed
 */
export function applyChange(
  view: SmallWindowSnapshot,
  change: SmallWindowChange,
): SmallWindowSnapshot | null {
  if (change.sequence !== view.sequence + 1) return null;
  const { sequence } = change;
  switch (change.kind) {
    case 'words':
      return { ...view, sequence, look: change.look, labels: change.labels };
    case 'gone':
      return {
        ...view,
        sequence,
        alerts: view.alerts.filter((alert) => alertId(alert) !== change.id),
      };
    case 'alert': {
      const id = alertId(change.alert);
      const known = view.alerts.some((alert) => alertId(alert) === id);
      const alerts = known
        ? view.alerts.map((alert) => (alertId(alert) === id ? change.alert : alert))
        : [...view.alerts, change.alert];
      return { ...view, sequence, alerts };
    }
  }
}
