import { defaultFeatureCodes, type FeatureCodes } from '../domain/feature-code.ts';
import { err, ok, type Result } from '../domain/result.ts';

/** The telephone systems that the phone knows its way around. */
export const PBX_KINDS = ['parkline', 'portsip', 'asterisk', 'generic'] as const;
export type PbxKind = (typeof PBX_KINDS)[number];

/** From where the phone learns what is parked. */
export type ParkSource =
  /** One `dialog` subscription to what one would dial shows everything in scope (WIRE §5). */
  | { readonly kind: 'list'; readonly digits: string }
  /** One `dialog` subscription for each slot, whose state is a lamp: taken or free. */
  | { readonly kind: 'slots'; readonly slots: readonly string[] }
  /** A NOTIFY outside any subscription says that a call was parked, and never that it is gone: no list can be kept. */
  | { readonly kind: 'push' }
  | { readonly kind: 'none' };

/** Parts of the app that a PBX may not carry; they are absent there, not broken. */
export interface PbxParts {
  /** The server's own list of colleagues, history of parked calls, forwarding and shared do-not-disturb (WIRE §10b). */
  readonly serverParts: boolean;
  /** `*68102`: a call can be parked for somebody. */
  readonly parkOnColleague: boolean;
  readonly parkOnGroup: boolean;
  readonly snooze: boolean;
  /** A note goes with a parked call. */
  readonly note: boolean;
}

/** What the phone does differently from one telephone system to the next, as data. */
export interface PbxProfile {
  readonly kind: PbxKind;
  /** `''` where the PBX has no such code. */
  readonly codes: FeatureCodes;
  readonly parkSource: ParkSource;
  /** What a slot's number is: somebody's extension, or a place of the PBX that is dialled to retrieve. */
  readonly slotIs: 'extension' | 'place';
  readonly parts: PbxParts;
  /** Whether its word counts that a call is a parked one coming back (`X-Park-Recall`, WIRE §9): elsewhere callers may write it. */
  readonly marksRecalls: boolean;
  /** Whether a voicemail lamp may be asked for (RFC 3842), and what plays the messages unless the PBX says it. */
  readonly voicemail:
    { readonly kind: 'summary'; readonly dial: string | null } | { readonly kind: 'none' };
  /** What answers and plays back what it hears; `null`: the phone calls itself to test the way of the sound. */
  readonly echo: string | null;
  /** Where its WebSocket is, when nobody says; `null`: it has to be said, or the server describes itself. */
  readonly webSocket: { readonly port: number; readonly path: string } | null;
}

/** What was chosen for an account; everything else follows from {@link profileOf}. */
export interface PbxChoice {
  readonly kind: PbxKind;
  /** Asterisk: the slots of its parking lot, e.g. `701-720`; `''`: as it comes. */
  readonly slots: string;
  /** Asterisk: what is dialled to park, e.g. `700`; `''`: as it comes. */
  readonly parkCode: string;
}

export const parklineChoice: PbxChoice = { kind: 'parkline', slots: '', parkCode: '' };

const NO_CODES: FeatureCodes = { park: '', parkGroup: '', retrieve: '', snooze: '' };
const NO_PARTS: PbxParts = {
  serverParts: false,
  parkOnColleague: false,
  parkOnGroup: false,
  snooze: false,
  note: false,
};

const parkline: PbxProfile = {
  kind: 'parkline',
  codes: defaultFeatureCodes,
  parkSource: { kind: 'list', digits: defaultFeatureCodes.retrieve },
  slotIs: 'extension',
  parts: { serverParts: true, parkOnColleague: true, parkOnGroup: true, snooze: true, note: true },
  marksRecalls: true,
  voicemail: { kind: 'none' },
  echo: null,
  webSocket: null,
};

/**
 * PortSIP PBX 22. Codes: "Using Call Parking Feature" of its administration guide (`*68`, `*88`, each alone or with an extension).
 * WSS on 5065: "PortSIP Security Features", default transports. That it tells its phones of a parked call by an unsolicited
 * `park-info` is known (WIRE §6), the body is not published: assumed to be unreadable.
 */
const portsip: PbxProfile = {
  kind: 'portsip',
  codes: { ...defaultFeatureCodes, parkGroup: '', snooze: '' },
  parkSource: { kind: 'push' },
  slotIs: 'extension',
  parts: { ...NO_PARTS, parkOnColleague: true },
  marksRecalls: false,
  voicemail: { kind: 'summary', dial: null },
  echo: null,
  webSocket: { port: 5065, path: '/' },
};

/** The default parking lot of `res_parking.conf.sample`: `parkext => 700`, `parkpos => 701-720`. */
const ASTERISK_SLOTS = '701-720';
const ASTERISK_PARK = '700';

/**
 * Asterisk and what is built on it (FreePBX: own lot 70, slots 71–78). A slot has a hint where `parkinghints = yes`; it is watched
 * like an extension and dialled to retrieve. WebSocket at `/ws` of the HTTPS port 8089: "Configuring Asterisk for WebRTC Clients".
 * `*97` and `*43` are FreePBX's feature codes for one's own voicemail and for the echo test.
 */
const asterisk: PbxProfile = {
  kind: 'asterisk',
  codes: { ...NO_CODES, park: ASTERISK_PARK },
  parkSource: { kind: 'none' },
  slotIs: 'place',
  parts: NO_PARTS,
  marksRecalls: false,
  voicemail: { kind: 'summary', dial: '*97' },
  echo: '*43',
  webSocket: { port: 8089, path: '/ws' },
};

/** A SIP server of which nothing is known but that it speaks RFC 7118: calls, lamps, transfer. */
const generic: PbxProfile = {
  kind: 'generic',
  codes: NO_CODES,
  parkSource: { kind: 'none' },
  slotIs: 'place',
  parts: NO_PARTS,
  marksRecalls: false,
  voicemail: { kind: 'summary', dial: null },
  echo: null,
  webSocket: null,
};

/** How the phone behaves with this choice. Slots that cannot be read count as not chosen. */
export function profileOf(choice: PbxChoice): PbxProfile {
  switch (choice.kind) {
    case 'parkline':
      return parkline;
    case 'portsip':
      return portsip;
    case 'asterisk': {
      const asked = parseSlots(choice.slots);
      const slots = asked.ok ? asked : parseSlots(ASTERISK_SLOTS);
      return {
        ...asterisk,
        codes: { ...asterisk.codes, park: choice.parkCode.trim() || ASTERISK_PARK },
        parkSource: { kind: 'slots', slots: slots.ok ? slots.value : [] },
      };
    }
    case 'generic':
      return generic;
  }
}

/** Each slot costs a subscription: more than this in one lot is a slip of the pen. */
export const MOST_SLOTS = 60;
export type SlotsProblem = 'empty' | 'not-slots' | 'too-many';

/** Reads `701-720`, `701,705` or both; each slot 1 to 8 digits, once, in the order given. */
export function parseSlots(text: string): Result<readonly string[], SlotsProblem> {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  if (parts.length === 0) return err('empty');
  const slots = new Set<string>();
  for (const part of parts) {
    const match = /^([0-9]{1,8})(?:[-–]([0-9]{1,8}))?$/.exec(part);
    const first = match?.[1];
    if (first === undefined) return err('not-slots');
    const last = Number(match?.[2] ?? first);
    if (last < Number(first)) return err('not-slots');
    if (last - Number(first) >= MOST_SLOTS) return err('too-many');
    // Asterisk takes the range as numbers, too: leading zeros say nothing there, but a lone slot keeps them.
    if (match?.[2] === undefined) slots.add(first);
    else for (let slot = Number(first); slot <= last; slot += 1) slots.add(String(slot));
  }
  return slots.size > MOST_SLOTS ? err('too-many') : ok([...slots]);
}

/** The WebSocket to try when only a host is known; `null` where the server has to describe itself. */
export function usualWebSocket(
  profile: PbxProfile,
  { host, port }: { readonly host: string; readonly port: number | null },
): string | null {
  if (profile.webSocket === null) return null;
  const name = host.includes(':') ? `[${host}]` : host;
  return `wss://${name}:${port ?? profile.webSocket.port}${profile.webSocket.path}`;
}

/** Whether every place of the lot is taken, as far as `taken` is all that is parked. Only a lot can be full. */
export function isLotFull(profile: PbxProfile, taken: readonly (string | null)[]): boolean {
  const { parkSource } = profile;
  return (
    parkSource.kind === 'slots' &&
    parkSource.slots.length > 0 &&
    parkSource.slots.every((slot) => taken.includes(slot))
  );
}

/** What is dialled to take the call parked in `slot`; `null` where only the call itself says it. */
export function retrieveDigits(profile: PbxProfile, slot: string): string | null {
  if (profile.slotIs === 'place') return slot;
  return profile.codes.retrieve === '' ? null : profile.codes.retrieve + slot;
}
