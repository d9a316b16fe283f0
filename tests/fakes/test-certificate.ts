import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Certificate files of a test's own, self-signed for `localhost`, 127.0.0.1 and ::1, and renewed on demand. */
export class TestCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'parkline-certificate-'));

  constructor(commonName: string) {
    this.certFile = join(this.#directory, 'cert.pem');
    this.keyFile = join(this.#directory, 'key.pem');
    this.renew(commonName);
  }

  /** What a client must trust to accept it. */
  get trusted(): string {
    return readFileSync(this.certFile, 'utf8');
  }

  /** Writes another certificate and key, each file whole by a rename, as renewal programs do. */
  renew(commonName: string): void {
    const [cert, key] = [
      join(this.#directory, 'new-cert.pem'),
      join(this.#directory, 'new-key.pem'),
    ];
    const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1';
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
        .concat(['-days', '30', '-subj', `/CN=${commonName}`, '-addext', names])
        .concat(['-keyout', key, '-out', cert]),
      { stdio: 'ignore' },
    );
    renameSync(key, this.keyFile);
    renameSync(cert, this.certFile);
  }

  /** Leaves a certificate file that nobody can read. */
  spoil(): void {
    writeFileSync(this.certFile, '-----BEGIN CERTIFICATE-----\nbroken\n');
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
