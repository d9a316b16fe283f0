import { z } from 'zod';

/** Why no update came: closed, for a sentence in the user's language. */
export type UpdateProblem =
  /** The server offers no list of versions. */
  | 'no-feed'
  | 'offline'
  /** Not trusted by the system itself: programs are fetched nowhere else, whatever the user trusts. */
  | 'certificate'
  /** What was fetched is not what the list of versions promised: it was thrown away. */
  | 'tampered'
  | 'other';

/** Where updating stands. */
export type UpdateState =
  /** This kind of installation is kept up to date by somebody else (a package manager, a checkout). */
  | { readonly kind: 'not-here' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'up-to-date' }
  | {
      readonly kind: 'offered' | 'ready';
      readonly version: string;
      /** Release notes as plain text, from the server's own list of versions; may be empty. */
      readonly notes: string;
    }
  | { readonly kind: 'fetching'; readonly version: string; readonly percent: number }
  | { readonly kind: 'failed'; readonly problem: UpdateProblem };

/** Longest release notes that are shown, in characters. */
export const MAX_NOTES = 20_000;

export const updateStateSchema: z.ZodType<UpdateState> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('not-here') }),
  z.object({ kind: z.literal('idle') }),
  z.object({ kind: z.literal('checking') }),
  z.object({ kind: z.literal('up-to-date') }),
  z.object({
    kind: z.enum(['offered', 'ready']),
    version: z.string().max(100),
    notes: z.string().max(MAX_NOTES),
  }),
  z.object({
    kind: z.literal('fetching'),
    version: z.string().max(100),
    percent: z.number().min(0).max(100),
  }),
  z.object({
    kind: z.literal('failed'),
    problem: z.enum(['no-feed', 'offline', 'certificate', 'tampered', 'other']),
  }),
]);
