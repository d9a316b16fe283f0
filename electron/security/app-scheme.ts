import { randomBytes } from 'node:crypto';
import { protocol } from 'electron';
import type { Session } from 'electron';
import { contentSecurityPolicy, NONCE_PLACEHOLDER } from '../../shared/bridge/content-policy.ts';
import { answerFile, APP_SCHEME } from './app-files.ts';

/** Must run before the app is ready: makes `app://` a secure, standard scheme with an origin of its own. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        stream: true,
        codeCache: true,
      },
    },
  ]);
}

export interface AppSchemeOptions {
  readonly session: Session;
  /** Folder of the built page. */
  readonly root: string;
  /** Origins the page may connect to, asked anew for every answer. */
  readonly connect: () => readonly string[];
}

/** Serves the page's files, each with the policy of this moment. */
export function serveAppScheme({ session, root, connect }: AppSchemeOptions): void {
  session.protocol.handle(APP_SCHEME, async (request) => {
    const nonce = randomBytes(16).toString('base64url');
    const answer = await answerFile({
      root,
      requestUrl: request.url,
      nonce,
      noncePlaceholder: NONCE_PLACEHOLDER,
      policy: contentSecurityPolicy({ nonce, connect: connect() }),
    });
    const body = typeof answer.body === 'string' ? answer.body : new Uint8Array(answer.body);
    return new Response(body, { status: answer.status, headers: { ...answer.headers } });
  });
}
