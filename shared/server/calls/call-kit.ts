import type { Clock } from '../../domain/clock.ts';
import type { Forwarding } from '../../domain/call-forwarding.ts';
import { defaultEndedParksLimits } from '../../domain/ended-parks.ts';
import type { UserId } from '../../domain/ids.ts';
import type { MediaEngine } from '../../media/engine.ts';
import type { DialogTable } from '../../sip/dialog/dialog-table.ts';
import type { Endpoint } from '../../sip/transaction/endpoint.ts';
import type { SipClock } from '../../sip/transaction/ports.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Logger } from '../log.ts';
import type { Admission } from '../ports/admission.ts';
import type { UserDirectory } from '../ports/directory.ts';
import type { Registrar } from '../ports/registrar.ts';
import type { OwnInvites } from './own-invites.ts';
import type { UserActivity } from './user-activity.ts';
import type { Reason } from './reason-header.ts';
import type { CallMetrics } from './call-metrics.ts';

/** Unpredictable bytes and text: ids, tags and Call-IDs that nobody can guess. */
export interface CallRandom {
  /** `count` bytes from a cryptographic source. */
  bytes(count: number): Uint8Array;
  /** 0 ≤ fraction < 1, for back-off and jitter. */
  fraction(): number;
  /** Letters and digits that carry at least `bits` bits of cryptographic randomness. */
  token(bits: number): string;
}

/** Times of call control that are no tenant's business, all in ms unless named otherwise. */
export interface CallTimes {
  /** How long devices ring before a plain call is given up; ≥ 1000. */
  readonly ringMs: number;
  /** Session-Expires we ask for, in seconds; ≥ 90 (RFC 4028 §4). */
  readonly sessionExpiresS: number;
  /** Pause between OPTIONS to a plain RTP leg that knows no session timers; two failures end it. */
  readonly optionsEveryMs: number;
  /** How long a retriever may take to acknowledge (WIRE.md §4). */
  readonly retrieveAckMs: number;
  /** How long media may take to come up after a retriever's ACK or a parker's answer to a recall. */
  readonly mediaUpMs: number;
  /** How long a re-INVITE before a bridge may take (WIRE.md §4). */
  readonly renegotiateMs: number;
  /** How long a released party may take to send its own BYE (WIRE.md §2). */
  readonly departMs: number;
  /** How long after the end of its window an attended transfer onto a park code is still understood (WIRE.md §3). */
  readonly parkReplacesMs: number;
  /** How long the id of a parked call that is over tells what became of it (WIRE.md §4). */
  readonly endedParkMs: number;
}

export const defaultCallTimes: CallTimes = {
  ringMs: 120_000,
  sessionExpiresS: 300,
  optionsEveryMs: 30_000,
  retrieveAckMs: 5_000,
  mediaUpMs: 10_000,
  renegotiateMs: 4_000,
  departMs: 1_000,
  parkReplacesMs: 32_000,
  endedParkMs: defaultEndedParksLimits.byIdMs,
};

/** Whoever stands behind a dialog and answers the requests inside it. */
export interface DialogOwner {
  /** Who may speak in this dialog; undefined when anybody on the dialog may. */
  readonly partyKey: string | undefined;
  handle(tx: ServerTransaction): void;
}

/** Something that lasts and must end when the server stops: a leg, an attempt to call somebody. */
export interface Stoppable {
  stop(reason: Reason): void;
}

/** What every part of call control works with. */
export interface CallKit {
  readonly endpoint: Endpoint;
  readonly media: MediaEngine;
  readonly directory: UserDirectory;
  readonly registrar: Registrar;
  readonly clock: Clock;
  /** Monotonic time, for subscriptions. */
  readonly sipClock: SipClock;
  readonly random: CallRandom;
  readonly log: Logger;
  readonly metrics: CallMetrics;
  readonly admission: Admission;
  readonly times: CallTimes;
  readonly ownInvites: OwnInvites;
  readonly dialogs: DialogTable<DialogOwner>;
  readonly activity: UserActivity;
  /** Whether a user wants to be left alone: a ring group calls the others first. */
  readonly doNotDisturb: (userId: UserId) => boolean;
  /** Where a user wants calls to go; a recall to the parker and a ring group's ringing do not ask. */
  readonly forwardingOf: (userId: UserId) => Forwarding;
  /** Everything that lasts; each adds and removes itself. */
  readonly live: Set<Stoppable>;
}

/** Methods we understand, for Allow (RFC 3261 §20.5). */
export const ALLOWED_METHODS: readonly string[] = [
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'UPDATE',
  'INFO',
  'REFER',
  'NOTIFY',
  'SUBSCRIBE',
];

/** The same as a header value. */
export const ALLOW = ALLOWED_METHODS.join(', ');

/** Event packages we notify, for Allow-Events (RFC 6665 §8.2.2). */
export const ALLOW_EVENTS = 'dialog, refer';

/** Extensions we support (RFC 3261 §20.37). */
export const SUPPORTED = 'replaces, timer';

/** The same as a list, for `Endpoint`'s Require check. */
export const SUPPORTED_EXTENSIONS: readonly string[] = SUPPORTED.split(', ');
