import { z } from 'zod';
import { RINGTONE_NAMES } from '../../sip/audio/ringtones.ts';

/** What the user may choose, for this machine or for one account on it (`ACCOUNT_SETTINGS`). A damaged or older record is mended by the defaults. */

const volume = z.number().min(0).max(1);
const device = z.string().max(500).nullable();
const devices = z.array(z.object({ id: z.string().max(500), label: z.string().max(200) })).max(5);
const accelerator = z.string().max(60).nullable();

const fields = {
  language: z.enum(['system', 'en', 'de', 'ar', 'en-XA']).catch('system').default('system'),
  theme: z.enum(['system', 'light', 'dark']).catch('system').default('system'),
  /** `null`: the system's default device. */
  microphoneDevice: device.catch(null).default(null),
  /** `null`: what the profile says (a microphone, or the tone of a second demo phone). */
  microphoneSource: z.enum(['device', 'tone']).nullable().catch(null).default(null),
  echoCancellation: z.boolean().catch(true).default(true),
  noiseSuppression: z.boolean().catch(true).default(true),
  autoGainControl: z.boolean().catch(true).default(true),
  speakerDevice: device.catch(null).default(null),
  speakerVolume: volume.catch(1).default(1),
  ringerDevice: device.catch(null).default(null),
  ringerVolume: volume.catch(0.7).default(0.7),
  chimeOn: z.boolean().catch(true).default(true),
  chimeDevice: device.catch(null).default(null),
  chimeVolume: volume.catch(0.5).default(0.5),
  /** Seconds between chimes while a call waits; 0: once per call. */
  chimeEverySeconds: z
    .union([z.literal(0), z.literal(15), z.literal(30), z.literal(60)])
    .catch(30)
    .default(30),
  /** How a key pressed in a call reaches the far side: RFC 4733 events, or SIP INFO where a PBX wants that. */
  digitsBy: z.enum(['rfc4733', 'info']).catch('rfc4733').default('rfc4733'),
  /** A call that asks for it (an intercom) is answered without a press; off: it rings like any other. */
  autoAnswer: z.boolean().catch(false).default(false),
  ringtone: z.enum(RINGTONE_NAMES).catch('trill').default('trill'),
  /** Earlier good choices, newest first: used while the chosen device is away. */
  earlierMicrophones: devices.catch([]).default([]),
  earlierSpeakers: devices.catch([]).default([]),
  earlierRingers: devices.catch([]).default([]),
  earlierChimes: devices.catch([]).default([]),
  keyTones: z.boolean().catch(true).default(true),
  notifications: z.boolean().catch(true).default(true),
  /** On a locked screen a notification says that a call is parked, not whose. */
  hideDetailsWhenLocked: z.boolean().catch(true).default(true),
  /** Ask before a retrieve puts the present call on hold. */
  askBeforeHold: z.boolean().catch(false).default(false),
  doNotDisturb: z.boolean().catch(false).default(false),
  /** The tour of the first start was read. */
  tourSeen: z.boolean().catch(false).default(false),
  /** `?` shows the keys. */
  helpKey: z.boolean().catch(true).default(true),
  /** Keys of the window that the user changed, by action; `null` for none. */
  ownKeys: z.record(z.string().max(40), z.string().max(60).nullable()).catch({}).default({}),
  /** A small window for calls that want an answer, while the phone is not in front. */
  smallWindow: z.boolean().catch(true).default(true),
  shortcutAnswer: accelerator.catch(null).default(null),
  shortcutHangUp: accelerator.catch(null).default(null),
  shortcutMute: accelerator.catch(null).default(null),
  shortcutRetrieve: accelerator.catch('CommandOrControl+Alt+P').default('CommandOrControl+Alt+P'),
} as const;

export const settingsSchema = z.object(fields);
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});

export function readSettings(stored: unknown): Settings {
  const parsed = settingsSchema.safeParse(stored);
  return parsed.success ? parsed.data : defaultSettings;
}

/** What is an account's own; everything else is chosen once for all accounts of this machine. */
export const ACCOUNT_SETTINGS = ['doNotDisturb', 'autoAnswer', 'digitsBy'] as const;
export type AccountSettings = Pick<Settings, (typeof ACCOUNT_SETTINGS)[number]>;
type MachineOnly = Omit<Settings, keyof AccountSettings>;

const isAccounts = (name: string): boolean => ACCOUNT_SETTINGS.some((own) => own === name);

/** The account's part of these settings, as far as it is there. */
export function accountSettingsOf<Some extends Partial<Settings>>(
  settings: Some,
): Pick<Some, keyof Some & keyof AccountSettings> {
  return part(settings, isAccounts);
}

/** The machine's part of these settings, as far as it is there. */
export function machineSettingsOf<Some extends Partial<Settings>>(
  settings: Some,
): Pick<Some, keyof Some & keyof MachineOnly> {
  return part(settings, (name) => !isAccounts(name));
}

function part<Some extends object, Kept extends keyof Some>(
  settings: Some,
  keeps: (name: string) => boolean,
): Pick<Some, Kept> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => keeps(name))) as Pick<
    Some,
    Kept
  >;
}
