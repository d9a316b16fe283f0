/** What plays or listens through a device of its own. */
export type DeviceRole = 'microphone' | 'speaker' | 'ringer' | 'chime';

/** So many earlier choices are remembered for each role. */
const KEPT = 5;

/** A device as it was last seen: the name is for saying that it has gone. */
export interface KnownDevice {
  readonly id: string;
  readonly label: string;
}

/** A device was chosen: it comes first, what was good before it stays behind it. */
export function rememberChoice(
  earlier: readonly KnownDevice[],
  chosen: KnownDevice,
): readonly KnownDevice[] {
  return [chosen, ...earlier.filter(({ id }) => id !== chosen.id)].slice(0, KEPT);
}

/**
 * Which device to use: the chosen one if it is there, else the last good choice that is, else the system's default (`null`).
 * The choice itself is not changed: when the device comes back, so does its use.
 */
export function deviceToUse(
  chosen: string | null,
  earlier: readonly KnownDevice[],
  present: readonly KnownDevice[],
): string | null {
  if (chosen === null) return null;
  const here = new Set(present.map(({ id }) => id));
  if (here.has(chosen)) return chosen;
  return earlier.find(({ id }) => here.has(id))?.id ?? null;
}

/** What the user is told when a device in use went or came back; `null` when nothing changed for them. */
export type DeviceNews = {
  readonly change: 'gone' | 'back';
  readonly device: KnownDevice | null;
} | null;

/** @param device what is used now; `null`: the system's default */
export function deviceNews(
  chosen: string | null,
  before: string | null,
  now: KnownDevice | null,
): DeviceNews {
  const nowId = now?.id ?? null;
  if (before === nowId) return null;
  return { change: nowId === chosen ? 'back' : 'gone', device: now };
}
