import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { CertificateFacts, CertificateFlaw } from '../../shared/bridge/server-certificate.ts';
import {
  LONGEST_CERTIFICATE_TEXT,
  MOST_CERTIFICATE_NAMES,
} from '../../shared/bridge/server-certificate.ts';
import { networkText } from '../../shared/phone/network-text.ts';

/** Reads a certificate (PEM or DER); `null` when it is none. */
export function readCertificate(data: string | Buffer): X509Certificate | null {
  try {
    return new X509Certificate(data);
  } catch {
    return null;
  }
}

/** What a certificate says of itself, cleaned and cut so that it can be shown. Node's dates as `Date` are newer than the oldest Electron. */
export function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    subject: nameIn(certificate.subject),
    issuer: nameIn(certificate.issuer),
    names: namesOf(certificate),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    validFrom: Date.parse(certificate.validFrom),
    validUntil: Date.parse(certificate.validTo),
  };
}

/** Chromium's errors that a person may overrule, having compared the fingerprint; it names the worst one only. */
const OVERRULED =
  /ERR_CERT_(?:AUTHORITY_INVALID|COMMON_NAME_INVALID|DATE_INVALID|VALIDITY_TOO_LONG|SELF_SIGNED_LOCAL_NETWORK)/;
const NO_AUTHORITY = /ERR_CERT_(?:AUTHORITY_INVALID|SELF_SIGNED_LOCAL_NETWORK)/;

/** Whether a certificate that Chromium refused for this reason can be trusted by hand: never a withdrawn or a weak one. */
export const mayBeTrusted = (error: string): boolean => OVERRULED.test(error);

export interface Showing {
  readonly certificate: X509Certificate;
  /** Of the server that showed it; an IPv6 address in brackets, as URLs have it. */
  readonly hostname: string;
  /** Chromium's word for why it was refused. */
  readonly error: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Everything that is wrong with it, not only the worst: whoever overrules one flaw overrules all of them. */
export function flawsOf({ certificate, hostname, error, now }: Showing): CertificateFlaw[] {
  const flaws: CertificateFlaw[] = [];
  if (NO_AUTHORITY.test(error)) {
    const itself = certificate.subject === certificate.issuer;
    flaws.push(itself ? 'self-signed' : 'unknown-authority');
  }
  if (now > Date.parse(certificate.validTo)) flaws.push('expired');
  if (now < Date.parse(certificate.validFrom)) flaws.push('not-yet-valid');
  if (!isFor(certificate, hostname)) flaws.push('wrong-name');
  return flaws;
}

function isFor(certificate: X509Certificate, hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const found = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  return found !== undefined;
}

/** Node writes one attribute on each line. */
function nameIn(distinguished: string): string {
  const lines = distinguished.split('\n');
  const common = lines.find((line) => line.startsWith('CN='))?.slice('CN='.length);
  return shown(common ?? '') || shown(lines.join(', '));
}

function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  return subjectAltName
    .split(', ')
    .map((entry) => shown(/^(?:DNS|IP Address):(.+)$/s.exec(entry)?.[1] ?? ''))
    .filter((name) => name !== '')
    .slice(0, MOST_CERTIFICATE_NAMES);
}

const shown = (text: string): string => networkText(text, LONGEST_CERTIFICATE_TEXT);
