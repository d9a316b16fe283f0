import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { disposable, type Disposable } from '../transaction/disposable.ts';

/** A server certificate with its chain and its key, both PEM, that belong together. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
  /** Wall-clock end of validity, ms since 1970. */
  readonly validUntil: number;
  /** Subject alternative names as openssl writes them, or the subject. */
  readonly names: string;
  /** SHA-256 of the server's certificate in pairs, `AB:CD:…`: what a user who is to trust it compares. */
  readonly fingerprint: string;
}

/** The certificate in use now, and word of the next. */
export interface CertificateSource {
  readonly current: ServerCertificate;
  onChanged(run: () => void): Disposable;
}

export interface CertificateFiles {
  /** PEM: the server's certificate first, then the intermediate ones. */
  readonly certFile: string;
  /** PEM, without a passphrase. */
  readonly keyFile: string;
}

/** Why two files are no certificate. Closed: one sentence each for whoever configured them. */
export type CertificateProblem =
  | { readonly kind: 'unreadable'; readonly file: string; readonly why: string }
  | { readonly kind: 'no-certificate'; readonly file: string }
  | { readonly kind: 'no-key'; readonly file: string }
  | { readonly kind: 'not-a-pair'; readonly certFile: string; readonly keyFile: string };

export type LoadedCertificate =
  | { readonly kind: 'loaded'; readonly certificate: ServerCertificate }
  | { readonly kind: 'refused'; readonly problem: CertificateProblem };

/** Reads and checks both files. */
export function loadCertificate({ certFile, keyFile }: CertificateFiles): LoadedCertificate {
  const read = [readText(certFile), readText(keyFile)] as const;
  for (const file of read) if (file.kind === 'refused') return file;
  const [certificate, key] = read.map((file) => (file.kind === 'text' ? file.text : ''));
  const x509 = parsed(() => new X509Certificate(certificate ?? ''));
  if (x509 === undefined) return refused({ kind: 'no-certificate', file: certFile });
  const privateKey = parsed<KeyObject>(() => createPrivateKey(key ?? ''));
  if (privateKey === undefined) return refused({ kind: 'no-key', file: keyFile });
  const pair = { cert: certificate, key };
  if (!x509.checkPrivateKey(privateKey) || !parsed(() => createSecureContext(pair))) {
    return refused({ kind: 'not-a-pair', certFile, keyFile });
  }
  return {
    kind: 'loaded',
    certificate: {
      certificate: certificate ?? '',
      key: key ?? '',
      validUntil: x509.validToDate.getTime(),
      names: x509.subjectAltName ?? x509.subject,
      fingerprint: x509.fingerprint256,
    },
  };
}

export interface WatchOptions {
  /** Told about every reading after a change; a refused one leaves the old certificate in use. */
  readonly onReloaded?: (result: LoadedCertificate) => void;
  /** How often the files are looked at; ms, default 2,000. */
  readonly everyMs?: number;
}

const LOOK_EVERY_MS = 2_000;

/**
 * A certificate that follows its files. They are looked at by name rather than watched by the system: renewals rename files and switch
 * links, and a watch on the file that went away hears nothing more. A new certificate is mostly written in two steps; between them the
 * two files do not belong together, and the old ones stay in use.
 */
export class WatchedCertificate implements CertificateSource, Disposable {
  readonly #files: CertificateFiles;
  readonly #options: WatchOptions;
  readonly #listeners = new Set<() => void>();
  readonly #looking: NodeJS.Timeout;
  #current: ServerCertificate;
  /** Of the files as they were read last. Not known of those that `first` was read from: they may have changed since. */
  #seen = '';

  constructor(files: CertificateFiles, first: ServerCertificate, options: WatchOptions = {}) {
    this.#files = files;
    this.#current = first;
    this.#options = options;
    this.#looking = setInterval(() => this.#look(), options.everyMs ?? LOOK_EVERY_MS).unref();
  }

  get current(): ServerCertificate {
    return this.#current;
  }

  onChanged(run: () => void): Disposable {
    const listener = () => run();
    this.#listeners.add(listener);
    return disposable(() => this.#listeners.delete(listener));
  }

  /** Reads the files now. */
  reload(): void {
    const result = loadCertificate(this.#files);
    if (result.kind === 'loaded') {
      const { certificate, key } = this.#current;
      const same = result.certificate.certificate === certificate && result.certificate.key === key;
      if (same) return;
      this.#current = result.certificate;
      for (const run of [...this.#listeners]) run();
    }
    this.#options.onReloaded?.(result);
  }

  dispose(): void {
    this.#listeners.clear();
    clearInterval(this.#looking);
  }

  #look(): void {
    const now = [this.#files.certFile, this.#files.keyFile].map(stampOf).join(' ');
    if (now === this.#seen) return;
    this.#seen = now;
    this.reload();
  }
}

/** Differs when the file is another one or was written to. */
function stampOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file);
    return `${ino}/${size}/${mtimeMs}`;
  } catch {
    return 'unreadable';
  }
}

type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly problem: CertificateProblem };

function readText(file: string): FileText {
  try {
    return { kind: 'text', text: readFileSync(file, 'utf8') };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return { kind: 'refused', problem: { kind: 'unreadable', file, why } };
  }
}

/** What `read` gives, or undefined when it throws: what openssl says of a bad file helps nobody. */
function parsed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const refused = (problem: CertificateProblem): LoadedCertificate => ({ kind: 'refused', problem });
