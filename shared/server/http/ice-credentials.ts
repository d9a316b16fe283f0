import { createHmac } from 'node:crypto';
import type { IceServerConfig } from '../../config/ice-servers.ts';
import type { EpochMs } from '../../domain/ids.ts';
import type { User } from '../ports/directory.ts';

/** A member of RTCConfiguration.iceServers. */
export interface IceServer {
  readonly urls: string[];
  readonly username?: string;
  readonly credential?: string;
}

/**
 * What one user's phone is given. With a shared secret the credentials end by themselves: the user name is
 * `<end in Unix seconds>:<user id>` and the credential its HMAC-SHA-1 in base64, as TURN servers with
 * `use-auth-secret` expect (draft-uberti-behave-turn-rest-00).
 */
export function iceServersFor(
  servers: readonly IceServerConfig[],
  user: User,
  now: EpochMs,
): readonly IceServer[] {
  return servers.map((server) => {
    const urls = [...server.urls];
    const { secret, username, credential, credentialSeconds } = server;
    if (secret !== undefined) {
      const name = `${Math.floor(now / 1000) + credentialSeconds}:${user.id}`;
      const proof = createHmac('sha1', secret).update(name).digest('base64');
      return { urls, username: name, credential: proof };
    }
    return username === undefined || credential === undefined
      ? { urls }
      : { urls, username, credential };
  });
}
