import type { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { serverOfUrl, trustedCertificateSchema } from '../../shared/bridge/server-certificate.ts';
import type {
  CertificateReport,
  CertificateVerdict,
  TrustedCertificate,
  TrustOutcome,
  TrustRequest,
} from '../../shared/bridge/server-certificate.ts';
import { factsOf, flawsOf, mayBeTrusted } from './certificate-facts.ts';

/** Trusted certificates by `host:port`. */
export const trustSchema = z.record(z.string(), trustedCertificateSchema);
export type TrustList = Readonly<Record<string, TrustedCertificate>>;

export interface ServerTrustOptions {
  /** Where the list is kept. `write` throws when the disk refuses. */
  readonly file: { read(): TrustList; write(list: TrustList): void };
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  /** `host:port` is trusted no longer: connections to it must not go on. */
  readonly onDistrusted: (server: string) => void;
}

/** A certificate that the system did not trust, as a server showed it. */
export interface Shown {
  /** `https:` or `wss:`. */
  readonly url: string;
  /** Chromium's error, e.g. `net::ERR_CERT_AUTHORITY_INVALID`. */
  readonly error: string;
  readonly certificate: X509Certificate;
}

/** Servers whose refused certificates are remembered until somebody looks. */
const MOST_REFUSED = 50;

/**
 * Certificates that the user trusts although the system does not: one per server (`host:port`), asked only where the system has
 * refused already.
 *
 * What is kept is the SHA-256 of the whole certificate rather than of its public key: it is the number that every tool prints and
 * that people compare, and it leaves nothing of the certificate to change unseen. The price is a question after each renewal;
 * whoever has many desks makes them trust an authority instead.
 */
export class ServerTrust {
  readonly #options: ServerTrustOptions;
  readonly #refused = new Map<string, CertificateReport>();
  #list: TrustList;

  constructor(options: ServerTrustOptions) {
    this.#options = options;
    this.#list = options.file.read();
  }

  /** Oldest first. */
  get list(): readonly TrustedCertificate[] {
    return Object.values(this.#list).toSorted((a, b) => a.trustedAt - b.trustedAt);
  }

  /** Whether a certificate was trusted at the server of this URL: then nothing but TLS will do there. */
  isPinned(url: string): boolean {
    const server = serverAt(url.replace(/^http:/, 'https:'));
    return server !== null && Object.hasOwn(this.#list, server);
  }

  /** Whether to go on with a certificate that the system refused. A no is remembered for {@link refusedAt}. */
  accepts(shown: Shown): boolean {
    const server = serverAt(shown.url);
    if (server === null) return false;
    const report = this.#reportOn(server, shown);
    const trusted = this.#list[server]?.sha256 === report.certificate.sha256;
    if (trusted && report.verdict.kind !== 'hopeless') {
      this.#refused.delete(server);
      return true;
    }
    this.#keepRefused(server, report);
    return false;
  }

  /** The certificate last refused at the server of this URL; `null` when there is none. */
  refusedAt(url: string): CertificateReport | null {
    const server = serverAt(url);
    return server === null ? null : (this.#refused.get(server) ?? null);
  }

  /** The user trusts what was shown, in place of what was trusted before. */
  trust({ server, sha256 }: TrustRequest): TrustOutcome {
    const report = this.#refused.get(server);
    if (report?.certificate.sha256 !== sha256 || report.verdict.kind === 'hopeless') {
      return { kind: 'not-shown' };
    }
    const pin = { ...report.certificate, server, trustedAt: this.#options.now() };
    try {
      this.#write({ ...this.#list, [server]: pin });
    } catch {
      return { kind: 'failed' };
    }
    this.#refused.delete(server);
    return { kind: 'trusted' };
  }

  /** From now on the system's word is all that counts at this server. @throws when the disk refuses */
  distrust(server: string): void {
    this.#write(Object.fromEntries(Object.entries(this.#list).filter(([key]) => key !== server)));
    this.#options.onDistrusted(server);
  }

  #write(list: TrustList): void {
    this.#options.file.write(list);
    this.#list = list;
  }

  #reportOn(server: string, { url, error, certificate }: Shown): CertificateReport {
    const { hostname } = new URL(url);
    const now = this.#options.now();
    return {
      server,
      certificate: factsOf(certificate),
      flaws: flawsOf({ certificate, hostname, error, now }),
      verdict: this.#verdict(server, error),
      seenAt: now,
    };
  }

  #verdict(server: string, error: string): CertificateVerdict {
    if (!mayBeTrusted(error)) return { kind: 'hopeless' };
    const before = this.#list[server];
    return before === undefined ? { kind: 'unknown' } : { kind: 'changed', before };
  }

  #keepRefused(server: string, report: CertificateReport): void {
    this.#refused.delete(server);
    this.#refused.set(server, report);
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > MOST_REFUSED && oldest !== undefined) this.#refused.delete(oldest);
  }
}

const serverAt = (url: string): string | null =>
  URL.canParse(url) ? serverOfUrl(new URL(url)) : null;
