import type { DesktopEvent } from '../../shared/bridge/contract.ts';
import type { ParkedSummary, PhoneSnapshot } from '../../shared/bridge/snapshot.ts';

/** A line of the tray's menu, before Electron makes one of it. */
export type TrayLine =
  | { readonly kind: 'separator' }
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'event'; readonly label: string; readonly event: DesktopEvent }
  | { readonly kind: 'show' | 'quit'; readonly label: string };

/** Name of the picture that says how many calls wait. `unknown` is not empty. */
export function trayPicture(snapshot: PhoneSnapshot | null): string {
  if (snapshot === null || snapshot.accountKey === null) return 'none';
  if (snapshot.parkList === 'unknown') return 'unknown';
  const { waiting } = snapshot;
  if (waiting === 0) return 'none';
  return waiting > 9 ? 'many' : String(waiting);
}

/** Number for the dock or the taskbar: 0 shows none. */
export const badgeCount = (snapshot: PhoneSnapshot | null): number =>
  snapshot?.parkList === 'live' ? snapshot.waiting : 0;

const MAX_ROWS = 10;

/** The whole menu: parked calls first, one press each. */
export function trayMenu(snapshot: PhoneSnapshot): readonly TrayLine[] {
  const { labels, parked, parkList } = snapshot;
  const separator: TrayLine = { kind: 'separator' };
  return [
    { kind: 'text', label: labels.status },
    separator,
    ...parkedLines(snapshot),
    ...(parkList === 'live' && parked.length > 0
      ? [line(labels.retrieveOldest, { kind: 'retrieve-oldest', source: 'tray' })]
      : []),
    separator,
    ...callLines(snapshot),
    { kind: 'show', label: labels.show },
    { kind: 'quit', label: labels.quit },
  ];
}

const line = (label: string, event: DesktopEvent): TrayLine => ({ kind: 'event', label, event });

function parkedLines({ parked, labels, parkList }: PhoneSnapshot): TrayLine[] {
  if (parkList === 'unknown') return [];
  if (parked.length === 0) return [{ kind: 'text', label: labels.nothingParked }];
  return parked
    .slice(0, MAX_ROWS)
    .map((call) =>
      line(parkedLabel(call), { kind: 'retrieve', parkId: call.parkId, source: 'tray' }),
    );
}

/** Names come from the network: an ampersand must not become a key, nor a line break a second line. */
function parkedLabel(call: ParkedSummary): string {
  const who = [call.callerName, call.callerNumber].filter((part) => part !== '').join(' ');
  return `${who} · ${call.slot}`.replace(/[\u0000-\u001f\u007f]/g, ' ').replaceAll('&', '&&');
}

function callLines({ calls, labels, muted }: PhoneSnapshot): TrayLine[] {
  const ringing = calls.find((call) => call.direction === 'incoming' && call.state === 'ringing');
  const active = calls.some((call) => call.state === 'talking' || call.state === 'calling');
  const lines: TrayLine[] = [];
  if (ringing !== undefined) {
    lines.push(line(labels.answer, { kind: 'answer', callId: ringing.callId }));
  }
  if (active) {
    lines.push(line(muted ? labels.unmute : labels.mute, { kind: 'toggle-mute' }));
    lines.push(line(labels.hangUp, { kind: 'hang-up' }));
  }
  return lines.length > 0 ? [...lines, { kind: 'separator' }] : [];
}
