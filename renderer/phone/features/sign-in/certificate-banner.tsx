import { ShieldAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CertificateReport } from '../../../../shared/bridge/server-certificate.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Sheet } from '../../../controls/sheet.tsx';
import { atServer, refusedCertificate } from '../../model/certificate-problem.ts';
import { usePhoneState, useSession, useSessions } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { CertificateCard } from './certificate-card.tsx';
import { certificateTitle } from './certificate-words.ts';

/** Signed in, and the server suddenly shows a certificate that nobody trusts: said aloud, and nothing is sent until it is settled. */
export function CertificateBanner() {
  const say = useSay();
  const { desktop } = useSession().world;
  const sessions = useSessions();
  const [report, forget] = useRefusedCertificate();
  const [open, setOpen] = useState(false);
  if (report === null || desktop === null) return null;
  const title = certificateTitle(report, say);
  return (
    <div className="banner" data-tone="bad" role="alert" data-testid="certificate-banner">
      <ShieldAlert aria-hidden className="icon" />
      <p className="banner-words">
        <bdi>{title}</bdi> {say('certificate.nothingSent')}
      </p>
      <ActionButton onPress={() => setOpen(true)}>{say('certificate.look')}</ActionButton>
      <Sheet title={title} role="alertdialog" isOpen={open} onClose={() => setOpen(false)}>
        <CertificateCard
          report={report}
          onTrust={(request) => desktop.trustCertificate(request)}
          onTrusted={() => {
            setOpen(false);
            forget();
            for (const { phone } of atServer(sessions, report.server))
              phone.line.nudge('a certificate was trusted');
          }}
        />
      </Sheet>
    </div>
  );
}

/** The certificate that keeps the line from its server; asked for anew whenever the line fails again. */
function useRefusedCertificate(): readonly [CertificateReport | null, () => void] {
  const { account, world } = useSession();
  const line = usePhoneState((state) => state.line);
  const [report, setReport] = useState<CertificateReport | null>(null);
  const { desktop } = world;
  useEffect(() => {
    let current = true;
    const since = line.kind === 'offline' ? line.since : null;
    const asked =
      since === null
        ? Promise.resolve(null)
        : refusedCertificate(account.webSocketUrl, since, desktop);
    void asked.then((found) => current && setReport(found));
    return () => {
      current = false;
    };
  }, [account.webSocketUrl, desktop, line]);
  return [line.kind === 'offline' ? report : null, () => setReport(null)];
}
