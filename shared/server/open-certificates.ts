import { err, ok, type Result } from '../domain/result.ts';
import {
  loadCertificate,
  WatchedCertificate,
  type CertificateFiles,
  type LoadedCertificate,
  type ServerCertificate,
} from '../sip/transport/certificate.ts';
import type { Logger } from './log.ts';
import { describeCertificateProblem, type StartRefusal } from './start-refusal.ts';

/** Reads the configured certificate and follows its files; undefined when none is configured. */
export function openCertificates(
  { tls }: { readonly tls?: CertificateFiles | undefined },
  log: Logger,
): Result<WatchedCertificate | undefined, StartRefusal> {
  if (tls === undefined) return ok(undefined);
  const loaded = loadCertificate(tls);
  if (loaded.kind === 'refused') return err({ kind: 'certificate', problem: loaded.problem });
  log.info(factsOf(loaded.certificate), 'certificate in use');
  const onReloaded = (result: LoadedCertificate) => tellReload(result, log);
  return ok(new WatchedCertificate(tls, loaded.certificate, { onReloaded }));
}

function tellReload(result: LoadedCertificate, log: Logger): void {
  if (result.kind === 'loaded') log.info(factsOf(result.certificate), 'certificate renewed');
  else {
    const why = describeCertificateProblem(result.problem);
    log.warn({ reason: result.problem.kind, why }, 'certificate files changed: the old one stays');
  }
}

const factsOf = ({ names, validUntil }: ServerCertificate) => ({
  names,
  validUntil: new Date(validUntil).toISOString(),
});
