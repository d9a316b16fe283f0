import { useEffect, useState } from 'react';
import type { DesktopBridge } from '../../../../shared/bridge/contract.ts';
import type { TrustedCertificate } from '../../../../shared/bridge/server-certificate.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { useSay } from '../../text.tsx';
import { useDay } from '../sign-in/certificate-card.tsx';
import { Fingerprint } from '../sign-in/fingerprint.tsx';

/** Certificates that the user trusted although the system does not; each can be taken back. */
export function TrustedCertificates({ desktop }: { readonly desktop: DesktopBridge }) {
  const say = useSay();
  const [list, setList] = useState<readonly TrustedCertificate[]>([]);
  useEffect(() => void desktop.trustedCertificates().then(setList), [desktop]);
  const [failed, setFailed] = useState(false);
  const remove = async (server: string) => {
    setFailed(false);
    try {
      await desktop.distrustCertificate(server);
      setList(await desktop.trustedCertificates());
    } catch {
      // The disk refused: it is trusted as before.
      setFailed(true);
    }
  };
  return (
    <section className="group" aria-labelledby="settings-certificates">
      <h3 id="settings-certificates">{say('settings.certificates')}</h3>
      <p className="field-hint">
        {say(list.length === 0 ? 'settings.certificates.none' : 'settings.certificates.hint')}
      </p>
      {failed ? (
        <p className="form-problem" role="alert">
          {say('settings.certificates.failed')}
        </p>
      ) : null}
      {list.length === 0 ? null : (
        <ul className="certificate-list">
          {list.map((each) => (
            <Trusted key={each.server} certificate={each} onRemove={() => remove(each.server)} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Ends the connection to the server: it takes a second press. */
function Trusted({
  certificate,
  onRemove,
}: {
  readonly certificate: TrustedCertificate;
  onRemove(): Promise<void>;
}) {
  const say = useSay();
  const day = useDay();
  const [sure, setSure] = useState(false);
  const { server, subject, trustedAt, validUntil, sha256 } = certificate;
  return (
    <li className="certificate-trusted">
      <strong>
        <bdi>{server}</bdi>
      </strong>
      <bdi>{subject}</bdi>
      <span className="field-hint">
        {say('settings.certificates.since', { since: day(trustedAt), until: day(validUntil) })}
      </span>
      <Fingerprint sha256={sha256} />
      <ActionButton
        tone={sure ? 'danger' : 'quiet'}
        aria-label={say(
          sure ? 'settings.certificates.reallyRemoveAt' : 'settings.certificates.removeAt',
          { server },
        )}
        onPress={() => (sure ? void onRemove() : setSure(true))}
      >
        {say(sure ? 'settings.certificates.reallyRemove' : 'settings.certificates.remove')}
      </ActionButton>
    </li>
  );
}
