import type { WebContents } from 'electron';
import { readCertificate } from './certificate-facts.ts';
import type { ServerTrust } from './server-trust.ts';

/**
 * Asks the user's own list about every certificate that Chromium refuses to the phone's page: its HTTP and its WebSockets. No
 * other page and no other session asks it; updates are fetched only from servers that the system itself trusts.
 *
 * The session's `setCertificateVerifyProc` would not do: Chromium caches its answers by host name for half an hour, so that
 * neither trusting nor ceasing to trust took effect, and it is not told the port.
 */
export function guardCertificates(contents: WebContents, trust: ServerTrust): void {
  contents.on('certificate-error', (event, ...[url, error, shown, answer]) => {
    event.preventDefault();
    const certificate = readCertificate(shown.data);
    answer(certificate !== null && trust.accepts({ url, error, certificate }));
  });
}
