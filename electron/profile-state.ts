import { z } from 'zod';

const server = z.object({
  /** As the user typed it. */
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
  /** Of profiles that knew one server only: taken over into `servers`. */
  server: server.nullable().default(null),
  /** Of the accounts in use, the one that dials first. */
  servers: z.array(server).max(100).default([]),
  bounds: bounds.nullable(),
  /** "The phone goes on in the tray" has been said. */
  toldAboutHiding: z.boolean(),
});

export type ProfileState = z.infer<typeof profileStateSchema>;
export type KnownServer = z.infer<typeof server>;

export const freshProfile: ProfileState = {
  server: null,
  servers: [],
  bounds: null,
  toldAboutHiding: false,
};

/** The servers that a profile knows, whichever version of the app wrote it. */
export function knownServers({ server: only, servers }: ProfileState): readonly KnownServer[] {
  return servers.length > 0 || only === null ? servers : [only];
}
