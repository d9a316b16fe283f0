import { z } from 'zod';
import type { SmallWindowPress } from './small-window.ts';

/** Checks for what the small window may say. */
export const smallWindowSchemas: {
  readonly press: z.ZodType<SmallWindowPress>;
  readonly resize: z.ZodType<number>;
} = {
  press: z.strictObject({
    action: z.enum(['answer', 'decline', 'retrieve', 'hide', 'show']),
    id: z.string().min(1).max(300),
  }),
  resize: z.number().min(1).max(10_000),
};
