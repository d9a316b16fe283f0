import { z } from 'zod';
import { readingSchema } from './reading.ts';

/** What became of a part; also what its process hands over, as JSON. */
export const partResultSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('measured'),
    part: z.string(),
    seconds: z.number(),
    /** Busy share of all cores during the part, and how much of that was the part and its children; 0–1. */
    busy: z.number(),
    own: z.number(),
    readings: z.array(readingSchema),
  }),
  z.object({ kind: z.literal('unavailable'), part: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('failed'), part: z.string(), reason: z.string() }),
]);

export type PartResult = z.infer<typeof partResultSchema>;
export type MeasuredPart = Extract<PartResult, { kind: 'measured' }>;
