import { z } from 'zod';

/**
 * Certificates that the system does not trust: what one says of itself, why it is not trusted, and which ones a user trusted all
 * the same. Every text in it comes from the network: it is shown as text, and may claim anything. Only the fingerprint proves
 * something.
 */
export interface CertificateFacts {
  /** Whom it was issued to: its common name, else its whole subject. */
  readonly subject: string;
  readonly issuer: string;
  /** Host names and addresses that it was made for. */
  readonly names: readonly string[];
  /** SHA-256 of the whole certificate (DER): 64 hex digits, lower case. */
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly validFrom: number;
  readonly validUntil: number;
}

/** One thing that keeps the system from trusting a certificate. */
export type CertificateFlaw =
  'self-signed' | 'unknown-authority' | 'expired' | 'not-yet-valid' | 'wrong-name';

/** A certificate that a user trusted for one server. */
export interface TrustedCertificate extends CertificateFacts {
  /** `host:port`. */
  readonly server: string;
  /** Milliseconds since 1970. */
  readonly trustedAt: number;
}

export type CertificateVerdict =
  /** Nothing was ever trusted at this server: its user may do so, once. */
  | { readonly kind: 'unknown' }
  /** Another one was trusted here. */
  | { readonly kind: 'changed'; readonly before: TrustedCertificate }
  /** Withdrawn, or too weak: it cannot be trusted by hand. */
  | { readonly kind: 'hopeless' };

/** A certificate that was refused; nothing was sent to whoever showed it. */
export interface CertificateReport {
  /** `host:port`. */
  readonly server: string;
  readonly certificate: CertificateFacts;
  readonly flaws: readonly CertificateFlaw[];
  readonly verdict: CertificateVerdict;
  /** Milliseconds since 1970. */
  readonly seenAt: number;
}

/** What the user says yes to. Main takes it only for a certificate that it showed as refused. */
export interface TrustRequest {
  readonly server: string;
  readonly sha256: string;
}

export type TrustOutcome =
  | { readonly kind: 'trusted' }
  /** Main has refused no such certificate, or one that cannot be trusted by hand. */
  | { readonly kind: 'not-shown' }
  /** The disk refused. */
  | { readonly kind: 'failed' };

/** What the page asks main about certificates: a part of its bridge. */
export interface CertificateRequests {
  /** The certificate that was last refused at the server of this `https:` or `wss:` URL; `null` when none was. */
  refusedCertificate(url: string): Promise<CertificateReport | null>;
  /** From now on this certificate is taken at this server, and no other one that the system does not trust. */
  trustCertificate(request: TrustRequest): Promise<TrustOutcome>;
  trustedCertificates(): Promise<readonly TrustedCertificate[]>;
  /** Ends the connections to this server (`host:port`), which then counts for what the system thinks of it. */
  distrustCertificate(server: string): Promise<void>;
}

/**
 * `host:port` of an `https:` or `wss:` URL, which is what a certificate is trusted for; `null` for anything else. The port is
 * there even where a URL leaves it out.
 * @param url a `URL`, by the parts of it that every runtime has
 */
export function serverOfUrl({
  protocol,
  hostname,
  port,
}: {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
}): string | null {
  if (protocol !== 'https:' && protocol !== 'wss:') return null;
  return `${hostname.toLowerCase()}:${port === '' ? '443' : port}`;
}

/** Limits of what a certificate may say, in code points and names. */
export const LONGEST_CERTIFICATE_TEXT = 300;
export const MOST_CERTIFICATE_NAMES = 20;

// Counts UTF-16 code units, of which a code point has two at most.
const text = z.string().max(2 * LONGEST_CERTIFICATE_TEXT);
const server = z.string().min(1).max(300);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const facts = {
  subject: text,
  issuer: text,
  names: z.array(text).max(MOST_CERTIFICATE_NAMES),
  sha256,
  validFrom: z.number(),
  validUntil: z.number(),
};

export const trustedCertificateSchema: z.ZodType<TrustedCertificate> = z.object({
  ...facts,
  server,
  trustedAt: z.number(),
});

export const trustRequestSchema: z.ZodType<TrustRequest> = z.strictObject({ server, sha256 });

export const serverNameSchema = server;

/** In pairs, as `parkline cert make`, `parkline doctor`, openssl and browsers write it. */
export function fingerprintText(hex: string): string {
  return (hex.toUpperCase().match(/../g) ?? []).join(':');
}
