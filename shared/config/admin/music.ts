import { z } from 'zod';
import { timeSchema } from './values.ts';

/** Largest file of music, in bytes. */
export const MAX_MUSIC_BYTES = 20 * 1024 * 1024;

/** What parked callers of a tenant hear. */
export const musicSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('built-in') }),
    z.object({
      kind: z.literal('uploaded'),
      durationMs: z.int().positive(),
      rate: z.int().meta({ description: 'Sample rate it is kept at, in Hz; 16 bit, mono' }),
      uploadedBy: z.string(),
      uploadedAt: timeSchema,
    }),
  ])
  .meta({ id: 'Music' });

export type Music = z.output<typeof musicSchema>;
