import { z } from 'zod';

const server = z.object({
  /** As the user typed it: it is asked again at every start. */
  typed: z.string(),
  webSocketUrl: z.string(),
  apiBaseUrl: z.string().nullable(),
});

const bounds = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
});

/** What the shell itself remembers of a profile; the phone's own settings live in the page. */
export const profileStateSchema = z.object({
  server: server.nullable(),
  bounds: bounds.nullable(),
  /** "The phone goes on in the tray" has been said. */
  toldAboutHiding: z.boolean(),
});

export type ProfileState = z.infer<typeof profileStateSchema>;
export type KnownServer = z.infer<typeof server>;

export const freshProfile: ProfileState = { server: null, bounds: null, toldAboutHiding: false };
