import { ShieldAlert, ShieldQuestion } from 'lucide-react';
import { useState } from 'react';
import type {
  CertificateFacts,
  CertificateReport,
  TrustOutcome,
  TrustRequest,
} from '../../../../shared/bridge/server-certificate.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { useIntlShape, useSay } from '../../text.tsx';
import { certificateTitle, flawWords } from './certificate-words.ts';
import { Fingerprint } from './fingerprint.tsx';

interface CertificateCardProps {
  readonly report: CertificateReport;
  /** Has the shell keep it. */
  onTrust(request: TrustRequest): Promise<TrustOutcome>;
  /** It is kept: whatever failed may be tried again. */
  onTrusted(): void;
}

/**
 * A certificate that was refused: what it says of itself, why it is not trusted, and, where a person may overrule that, the two
 * presses that do, with the fingerprint to compare in between. One that has changed is an error and says so aloud.
 */
export function CertificateCard({ report, onTrust, onTrusted }: CertificateCardProps) {
  const say = useSay();
  const day = useDay();
  const { verdict, certificate, server } = report;
  const changed = verdict.kind === 'changed';
  const Icon = changed ? ShieldAlert : ShieldQuestion;
  return (
    <section
      className="certificate"
      data-verdict={verdict.kind}
      data-testid="certificate"
      role={changed ? 'alert' : undefined}
      aria-labelledby="certificate-title"
    >
      <h2 id="certificate-title" className="certificate-title">
        <Icon aria-hidden className="icon" />
        <bdi>{certificateTitle(report, say)}</bdi>
      </h2>
      {changed ? (
        <p>{say('certificate.changedWords', { date: day(verdict.before.trustedAt) })}</p>
      ) : null}
      <ul className="certificate-flaws">
        {report.flaws.map((flaw) => (
          <li key={flaw}>
            <bdi>{flawWords(flaw, report, { say, day })}</bdi>
          </li>
        ))}
      </ul>
      {changed ? <Facts title={say('certificate.before')} certificate={verdict.before} /> : null}
      <Facts title={changed ? say('certificate.now') : null} certificate={certificate} />
      {verdict.kind === 'hopeless' ? (
        <p>{say('certificate.hopeless')}</p>
      ) : (
        <Trust
          // Whoever has confirmed one has not confirmed another.
          key={certificate.sha256}
          changed={changed}
          onTrust={() => onTrust({ server, sha256: certificate.sha256 })}
          onTrusted={onTrusted}
        />
      )}
    </section>
  );
}

function Facts({
  title,
  certificate,
}: {
  readonly title: string | null;
  readonly certificate: CertificateFacts;
}) {
  const say = useSay();
  const day = useDay();
  return (
    <>
      {title === null ? null : <h3 className="certificate-which">{title}</h3>}
      <dl className="certificate-facts">
        <dt>{say('certificate.subject')}</dt>
        <dd>
          <bdi>{certificate.subject}</bdi>
        </dd>
        <dt>{say('certificate.issuer')}</dt>
        <dd>
          <bdi>{certificate.issuer}</bdi>
        </dd>
        <dt>{say('certificate.valid')}</dt>
        <dd>
          {say('certificate.fromTo', {
            from: day(certificate.validFrom),
            until: day(certificate.validUntil),
          })}
        </dd>
        <dt>{say('certificate.fingerprint')}</dt>
        <dd>
          <Fingerprint sha256={certificate.sha256} />
        </dd>
      </dl>
    </>
  );
}

type Asking =
  | { readonly kind: 'offered' }
  /** The first press: the fingerprint is to be compared. */
  | { readonly kind: 'comparing' }
  | { readonly kind: 'keeping' }
  | { readonly kind: 'failed' };

function Trust({
  changed,
  onTrust,
  onTrusted,
}: {
  readonly changed: boolean;
  onTrust(): Promise<TrustOutcome>;
  onTrusted(): void;
}) {
  const say = useSay();
  const [asking, setAsking] = useState<Asking>({ kind: 'offered' });
  const keep = async () => {
    setAsking({ kind: 'keeping' });
    const outcome = await onTrust();
    if (outcome.kind === 'trusted') onTrusted();
    else setAsking({ kind: 'failed' });
  };
  if (asking.kind === 'offered') {
    return (
      <ActionButton onPress={() => setAsking({ kind: 'comparing' })}>
        {say(changed ? 'certificate.replace' : 'certificate.trust')}
      </ActionButton>
    );
  }
  return (
    <div className="certificate-compare">
      <p role="status">{say('certificate.compare')}</p>
      {asking.kind === 'failed' ? (
        <p className="form-problem" role="alert">
          {say('certificate.failed')}
        </p>
      ) : null}
      <div className="form-actions">
        <ActionButton autoFocus onPress={() => setAsking({ kind: 'offered' })}>
          {say('certificate.notSame')}
        </ActionButton>
        <ActionButton
          tone="danger"
          isPending={asking.kind === 'keeping'}
          onPress={() => void keep()}
        >
          {say(changed ? 'certificate.sameReplace' : 'certificate.same')}
        </ActionButton>
      </div>
    </div>
  );
}

/** Writes a date as the user's language does. */
export function useDay(): (at: number) => string {
  const intl = useIntlShape();
  return (at) => intl.formatDate(at, { dateStyle: 'medium' });
}
