import type {
  CertificateFlaw,
  CertificateReport,
} from '../../../../shared/bridge/server-certificate.ts';
import type { Say } from '../../text.tsx';

/** What is wrong with a certificate, in one plain sentence each. */
export function flawWords(
  flaw: CertificateFlaw,
  report: CertificateReport,
  { say, day }: { readonly say: Say; readonly day: (at: number) => string },
): string {
  const { certificate, server } = report;
  switch (flaw) {
    case 'self-signed':
      return say('certificate.flaw.selfSigned');
    case 'unknown-authority':
      return say('certificate.flaw.unknownAuthority', { issuer: certificate.issuer });
    case 'expired':
      return say('certificate.flaw.expired', { date: day(certificate.validUntil) });
    case 'not-yet-valid':
      return say('certificate.flaw.notYetValid', { date: day(certificate.validFrom) });
    case 'wrong-name':
      return certificate.names.length === 0
        ? say('certificate.flaw.noName', { server })
        : say('certificate.flaw.wrongName', { server, names: certificate.names.join(', ') });
  }
}

export function certificateTitle({ verdict, server }: CertificateReport, say: Say): string {
  switch (verdict.kind) {
    case 'unknown':
    case 'hopeless':
      return say('certificate.title', { server });
    case 'changed':
      return say('certificate.changedTitle', { server });
  }
}
