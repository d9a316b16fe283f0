import type { DesktopBridge } from '../../../shared/bridge/contract.ts';
import { serverOfUrl, type CertificateReport } from '../../../shared/bridge/server-certificate.ts';
import type { SignInProblem } from '../../../shared/phone/sign-in-problem.ts';

/** A refusal that is older than the loss of the connection by more than this did not cause it, ms. */
const CAUSE_WITHIN_MS = 5_000;

/**
 * The certificate that a connection failed by; `null` when it was something else, and in a browser, which tells no page.
 * @param since when the connection failed, milliseconds since 1970
 */
export async function refusedCertificate(
  webSocketUrl: string,
  since: number,
  desktop: DesktopBridge | null,
): Promise<CertificateReport | null> {
  if (desktop === null || !webSocketUrl.startsWith('wss:')) return null;
  const report = await desktop.refusedCertificate(webSocketUrl);
  return report === null || report.seenAt < since - CAUSE_WITHIN_MS ? null : report;
}

/** Those whose line goes to this server (`host:port`): one certificate stands between all of them and it. */
export function atServer<T extends { readonly account: { readonly webSocketUrl: string } }>(
  sessions: readonly T[],
  server: string,
): readonly T[] {
  return sessions.filter(({ account: { webSocketUrl: url } }) => {
    return URL.canParse(url) && serverOfUrl(new URL(url)) === server;
  });
}

/** A page only learns that a connection did not come about; the desktop knows when it was for the certificate. */
export async function explainProblem(
  problem: SignInProblem,
  where: { readonly webSocketUrl: string; readonly desktop: DesktopBridge | null },
): Promise<SignInProblem> {
  if (problem.kind !== 'unreachable') return problem;
  const report = await refusedCertificate(where.webSocketUrl, Date.now(), where.desktop);
  return report === null ? problem : { kind: 'certificate', report };
}
