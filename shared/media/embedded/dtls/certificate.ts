/** A self-signed certificate for DTLS: one per engine, and a fresh one for each restored leg. Never stored, never shared between processes. */
import { createHash, X509Certificate } from 'node:crypto';
import { CipherContext, HashAlgorithm, NamedCurveAlgorithm, SignatureAlgorithm } from 'werift';
import type { Fingerprint } from '../sdp/remote-audio.ts';

const ECDSA_SHA256 = { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 };

export interface DtlsCertificate {
  readonly certPem: string;
  readonly keyPem: string;
  readonly signatureHash: typeof ECDSA_SHA256;
  readonly fingerprint: Fingerprint;
}

/** Upper-case octets joined by colons, as `a=fingerprint` writes them (RFC 8122). */
export function fingerprintOf(
  der: Uint8Array,
  algorithm: Fingerprint['algorithm'] = 'sha-256',
): Fingerprint {
  const hex = createHash(algorithm.replace('-', '')).update(der).digest('hex').toUpperCase();
  return { algorithm, value: hex.replace(/..(?=.)/g, '$&:') };
}

/** ECDSA on P-256 (RFC 8827 §6.5). */
export async function createDtlsCertificate(): Promise<DtlsCertificate> {
  const { certPem, keyPem } = await CipherContext.createSelfSignedCertificateWithKey(
    ECDSA_SHA256,
    NamedCurveAlgorithm.secp256r1_23,
  );
  const { raw } = new X509Certificate(certPem);
  return { certPem, keyPem, signatureHash: ECDSA_SHA256, fingerprint: fingerprintOf(raw) };
}

/** Whether a certificate is the one an SDP announced. One match suffices (RFC 8122 §5: any of the announced ones). */
export function matchesFingerprint(der: Uint8Array, announced: readonly Fingerprint[]): boolean {
  return announced.some((one) => fingerprintOf(der, one.algorithm).value === one.value);
}
