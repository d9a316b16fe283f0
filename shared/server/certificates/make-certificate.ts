import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { err, ok, type Result } from '../../domain/result.ts';
import { loadCertificate } from '../../sip/transport/certificate.ts';
import { writePrivateFile } from '../private-file.ts';
import { describeCertificateProblem } from '../start-refusal.ts';
import type { CertificateFolder } from './certificate-folder.ts';
import { makeAuthority, signServerCertificate, type PemPair } from './private-ca.ts';

export interface MadeCertificate {
  readonly folder: CertificateFolder;
  /** An authority that was there already signs the new certificate too: nobody has to trust anything anew. */
  readonly newAuthority: boolean;
  readonly names: readonly string[];
  readonly validUntil: number;
  /** SHA-256 of the server's certificate in pairs. */
  readonly fingerprint: string;
}

/**
 * Makes the authority where there is none, and a server certificate signed by it. Each file is written whole or not at all;
 * a running server takes the new pair by itself.
 * @param now ms since 1970
 * @returns a sentence when what is there cannot be used or the folder cannot be written
 */
export async function makeCertificate(
  folder: CertificateFolder,
  names: readonly string[],
  now: number,
): Promise<Result<MadeCertificate, string>> {
  const known = readAuthority(folder);
  if (!known.ok) return known;
  const authority = known.value ?? (await makeAuthority(`Parkline CA ${hostname()}`, now));
  let made: PemPair;
  try {
    made = await signServerCertificate({ authority, names, now });
  } catch {
    return err(`${folder.authorityKey} is not the key of ${folder.authority}.`);
  }
  try {
    mkdirSync(folder.path, { recursive: true, mode: 0o700 });
    if (known.value === undefined) {
      writePrivateFile(folder.authorityKey, authority.key);
      writePrivateFile(folder.authority, authority.certificate);
    }
    writePrivateFile(folder.key, made.key);
    writePrivateFile(folder.certificate, made.certificate + authority.certificate);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return err(`The certificates cannot be written to ${folder.path}: ${why}`);
  }
  const loaded = loadCertificate({ certFile: folder.certificate, keyFile: folder.key });
  if (loaded.kind === 'refused') return err(describeCertificateProblem(loaded.problem));
  const { validUntil, fingerprint } = loaded.certificate;
  const newAuthority = known.value === undefined;
  return ok({ folder, newAuthority, names, validUntil, fingerprint });
}

function readAuthority(folder: CertificateFolder): Result<PemPair | undefined, string> {
  const files = { certFile: folder.authority, keyFile: folder.authorityKey };
  if (!existsSync(files.certFile) && !existsSync(files.keyFile)) return ok(undefined);
  const loaded = loadCertificate(files);
  if (loaded.kind === 'refused') return err(describeCertificateProblem(loaded.problem));
  return ok({
    certificate: readFileSync(files.certFile, 'utf8'),
    key: readFileSync(files.keyFile, 'utf8'),
  });
}
