import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  cryptoProvider,
  type JsonGeneralName,
} from '@peculiar/x509';

/** ECDSA on P-256: known to every browser, phone and Node there is. */
const KEYS = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
/** How long the CA holds, in days: it is installed on every desk once. */
const CA_DAYS = 3650;
/** How long a server certificate holds, in days; browsers of some makers refuse more than 398. */
export const SERVER_CERTIFICATE_DAYS = 397;

/** A certificate and its key, both PEM. */
export interface PemPair {
  readonly certificate: string;
  readonly key: string;
}

/**
 * Makes a certification authority of one's own (RFC 5280): it signs server certificates and nothing else, no further
 * authorities below it.
 * @param now ms since 1970
 */
export async function makeAuthority(name: string, now: number): Promise<PemPair> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: [{ CN: [name] }],
      ...validity(now, CA_DAYS),
      signingAlgorithm: KEYS,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  return { certificate: pem(certificate), key: await keyToPem(keys.privateKey) };
}

export interface ServerCertificateOrder {
  readonly authority: PemPair;
  /** Host names and IP addresses by which phones reach the server; at least one, the first is its common name. */
  readonly names: readonly string[];
  /** Ms since 1970. */
  readonly now: number;
}

/**
 * Signs a certificate for a server.
 * @returns the certificate alone; who is to be shown the chain sends the authority's after it
 * @throws Error when the authority's key does not belong to its certificate
 */
export async function signServerCertificate(order: ServerCertificateOrder): Promise<PemPair> {
  const { authority, names, now } = order;
  cryptoProvider.set(crypto);
  const issuer = new X509Certificate(authority.certificate);
  const signingKey = await keyFromPem(authority.key);
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(),
      subject: [{ CN: [names[0] ?? 'parkline'] }],
      issuer: issuer.subject,
      ...validity(now, SERVER_CERTIFICATE_DAYS),
      signingAlgorithm: KEYS,
      publicKey: keys.publicKey,
      signingKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(names.map(generalName)),
        await AuthorityKeyIdentifierExtension.create(issuer, false, crypto),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  if (!(await certificate.verify({ publicKey: issuer, signatureOnly: true }, crypto))) {
    throw new Error('the key of the authority does not belong to its certificate');
  }
  return { certificate: pem(certificate), key: await keyToPem(keys.privateKey) };
}

function generateKeys() {
  return crypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
}

type Keys = Awaited<ReturnType<typeof generateKeys>>;

/** Valid from an hour ago, for desks whose clocks go wrong. */
function validity(now: number, days: number) {
  return {
    notBefore: new Date(now - 3_600_000),
    notAfter: new Date(now + days * DAY_MS),
  };
}

/** 127 random bits, positive (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return Buffer.from(bytes).toString('hex');
}

const generalName = (name: string): JsonGeneralName =>
  isIP(name) === 0 ? { type: 'dns', value: name } : { type: 'ip', value: name };

const pem = (certificate: X509Certificate): string => `${certificate.toString('pem').trim()}\n`;

async function keyToPem(key: Keys['privateKey']): Promise<string> {
  const raw = await crypto.subtle.exportKey('pkcs8', key);
  return `${PemConverter.encode(raw, PemConverter.PrivateKeyTag).trim()}\n`;
}

async function keyFromPem(text: string): Promise<Keys['privateKey']> {
  const [raw] = PemConverter.decode(text);
  if (raw === undefined) throw new Error('the authority has no key');
  return crypto.subtle.importKey('pkcs8', raw, KEYS, false, ['sign']);
}
