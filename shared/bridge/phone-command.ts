import { z } from 'zod';

/**
 * What `parkline-phone` on the command line may ask of a running phone, and what it gets back. `list` and `status` are answered
 * from the last snapshot; the others are carried out by the page, exactly as a press there would be.
 */
export type PhoneCommand =
  | { readonly kind: 'call'; readonly target: string }
  /** Parks the call one is talking in; on one's own extension when no slot is named. */
  | { readonly kind: 'park'; readonly slot: string | null; readonly note: string | null }
  /** The call that waits longest in this slot, or at all. */
  | { readonly kind: 'retrieve'; readonly slot: string | null }
  | { readonly kind: 'list' }
  | { readonly kind: 'status' };

/** Why it came to nothing: closed, for a program to read. */
export type CommandFailure =
  /** Nobody is signed in, or there is no connection. */
  | 'offline'
  | 'no-call'
  | 'nothing-parked'
  | 'refused'
  /** The server had not said in time; it may yet happen. */
  | 'no-word'
  | 'busy'
  | 'bad-request';

/** One parked call as `parkline-phone list --json` prints it. */
export interface ListedCall {
  readonly parkId: string;
  readonly slot: string;
  readonly name: string;
  readonly number: string;
  /** Wall clock, milliseconds since 1970 (UTC). */
  readonly parkedAt: number;
  readonly state: 'parked' | 'recalling' | 'retrieving';
}

export type CommandOutcome =
  | { readonly kind: 'done'; readonly what: 'calling'; readonly target: string }
  | { readonly kind: 'done'; readonly what: 'parked'; readonly slot: string | null }
  | { readonly kind: 'done'; readonly what: 'retrieved'; readonly slot: string }
  | {
      readonly kind: 'done';
      readonly what: 'list';
      /** `unknown` is not empty. */
      readonly parkList: 'unknown' | 'live';
      readonly parked: readonly ListedCall[];
    }
  | {
      readonly kind: 'done';
      readonly what: 'status';
      readonly extension: string | null;
      readonly registration: 'signed-out' | 'connecting' | 'registered' | 'offline' | 'refused';
      readonly calls: number;
      readonly parked: number | null;
      readonly muted: boolean;
    }
  | { readonly kind: 'failed'; readonly reason: CommandFailure; readonly message: string };

const slot = z.string().min(1).max(64);

export const phoneCommandSchema: z.ZodType<PhoneCommand> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), target: z.string().min(1).max(200) }),
  z.strictObject({
    kind: z.literal('park'),
    slot: slot.nullable(),
    note: z.string().max(200).nullable(),
  }),
  z.strictObject({ kind: z.literal('retrieve'), slot: slot.nullable() }),
  z.strictObject({ kind: z.literal('list') }),
  z.strictObject({ kind: z.literal('status') }),
]);

const done = z.literal('done');

export const commandOutcomeSchema: z.ZodType<CommandOutcome> = z.union([
  z.strictObject({ kind: done, what: z.literal('calling'), target: z.string().max(200) }),
  z.strictObject({ kind: done, what: z.literal('parked'), slot: z.string().max(64).nullable() }),
  z.strictObject({ kind: done, what: z.literal('retrieved'), slot: z.string().max(64) }),
  z.strictObject({
    kind: done,
    what: z.literal('list'),
    parkList: z.enum(['unknown', 'live']),
    parked: z
      .array(
        z.strictObject({
          parkId: z.string().max(64),
          slot: z.string().max(64),
          name: z.string().max(200),
          number: z.string().max(200),
          parkedAt: z.number(),
          state: z.enum(['parked', 'recalling', 'retrieving']),
        }),
      )
      .max(1000),
  }),
  z.strictObject({
    kind: done,
    what: z.literal('status'),
    extension: z.string().max(64).nullable(),
    registration: z.enum(['signed-out', 'connecting', 'registered', 'offline', 'refused']),
    calls: z.int().nonnegative(),
    parked: z.int().nonnegative().nullable(),
    muted: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('failed'),
    reason: z.enum([
      'offline',
      'no-call',
      'nothing-parked',
      'refused',
      'no-word',
      'busy',
      'bad-request',
    ]),
    message: z.string().max(500),
  }),
]);
