import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { isIP } from 'node:net';

/** Where `cert make` keeps what it made, inside the data directory. */
export const CERTIFICATE_FOLDER = 'certificates';

/** The files of a folder of certificates. */
export class CertificateFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  static of(dataDir: string): CertificateFolder {
    return new CertificateFolder(join(dataDir, CERTIFICATE_FOLDER));
  }

  /** The authority's certificate: what every desk trusts. */
  get authority(): string {
    return join(this.path, 'ca.pem');
  }

  /** Its key: whoever has it can pretend to be this server. 0600. */
  get authorityKey(): string {
    return join(this.path, 'ca-key.pem');
  }

  /** For `--cert`: the server's certificate, then the authority's. */
  get certificate(): string {
    return join(this.path, 'server.pem');
  }

  /** For `--key`; 0600. */
  get key(): string {
    return join(this.path, 'server-key.pem');
  }
}

/** What this machine is called and reached by: the names of a certificate when none are given. */
export function ownNames(): readonly string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .map(({ address }) => address)
    // Link-local addresses mean something on one cable only.
    .filter((address) => !address.toLowerCase().startsWith('fe80:'));
  return [...new Set([hostname().toLowerCase(), 'localhost', ...addresses])];
}

const HOST_NAME =
  /^(?=.{1,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** A host name (one star in front allowed) or an IP address, in lower case; `null` for anything else. */
export function parseCertificateName(text: string): string | null {
  const name = text.toLowerCase();
  return isIP(name) !== 0 || HOST_NAME.test(name) ? name : null;
}
