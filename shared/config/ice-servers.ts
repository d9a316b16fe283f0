import { z } from 'zod';

/** RFC 7064, RFC 7065: `stun:host[:port]`, `turns:host[:port]?transport=tcp`. */
const iceUrl = z
  .string()
  .max(300)
  .regex(
    /^(stuns?:(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?|turns?:(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?(\?transport=(udp|tcp))?)$/,
    'It is written stun:HOST[:PORT] or turn:HOST[:PORT][?transport=tcp]',
  );

const secretText = z.string().min(1).max(512);

const iceServer = z
  .strictObject({
    /** 1–10 URLs of one server. */
    urls: z.array(iceUrl).min(1, 'At least one URL is needed').max(10).readonly(),
    /**
     * The TURN server's shared secret (coturn: `use-auth-secret`, `static-auth-secret`). Phones get credentials made
     * with it that end by themselves; the secret stays here.
     */
    secret: secretText.optional(),
    /** Life of such credentials, in seconds; 300–604 800, default 43 200, as long as a session of the user's HTTP. */
    credentialSeconds: z.int().min(300).max(604_800).default(43_200),
    /** Credentials that never change, given to every signed-in phone as they are; where the server knows no secret. */
    username: secretText.optional(),
    credential: secretText.optional(),
  })
  .superRefine(({ urls, secret, username, credential }, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((username === undefined) !== (credential === undefined)) {
      refuse('username', 'A user name and a credential go together');
    }
    if (secret !== undefined && username !== undefined) {
      refuse('secret', 'Either a secret, or a user name and a credential');
    }
    const turn = urls.some((url) => url.startsWith('turn'));
    if (turn && secret === undefined && username === undefined) {
      refuse('secret', 'A TURN server needs a secret, or a user name and a credential');
    }
  })
  .readonly();

/** STUN and TURN servers for phones whose network blocks UDP; at most 10, default none: phones reach the server itself. */
export const iceServersSchema = z.array(iceServer).max(10).readonly().default([]);

export type IceServerConfig = z.output<typeof iceServersSchema>[number];
