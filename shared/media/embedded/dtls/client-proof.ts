/**
 * Does the DTLS client own the certificate it showed, and did both sides see the same handshake? werift's server reads CertificateVerify and
 * Finished but checks neither, and without these checks a certificate seen on the wire could be shown by anybody. RFC 5246 §7.4.8 and §7.4.9.
 */
import {
  createHash,
  createHmac,
  createVerify,
  timingSafeEqual,
  X509Certificate,
} from 'node:crypto';

const CERTIFICATE_VERIFY = 15;
const FINISHED = 20;
const VERIFY_DATA_LENGTH = 12;
const SHA256_CODE = 4;
/** Flight 5 is the client's last (RFC 6347 §4.2.4); ours, flight 6, follows its Finished. */
export const CLIENT_LAST_FLIGHT = 5;

/** One handshake message: its body, and itself with the header that the transcript covers. */
export interface HandshakeMessage {
  readonly type: number;
  readonly body: Buffer;
  readonly transcript: Buffer;
}

/** P_SHA256 (RFC 5246 §5). */
function prf(secret: Buffer, label: string, seed: Buffer, length: number): Buffer {
  const labelled = Buffer.concat([Buffer.from(label), seed]);
  const hmac = (data: Buffer): Buffer => createHmac('sha256', secret).update(data).digest();
  const blocks: Buffer[] = [];
  let a: Buffer = labelled;
  for (let made = 0; made < length; made += 32) {
    a = hmac(a);
    blocks.push(hmac(Buffer.concat([a, labelled])));
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function signatureIsGood(body: Buffer, signed: Buffer, certificateDer: Buffer): boolean {
  if (body.length < 4 || body.readUInt8(0) !== SHA256_CODE) return false;
  const length = body.readUInt16BE(2);
  if (body.length !== 4 + length) return false;
  const { publicKey } = new X509Certificate(certificateDer);
  return createVerify('sha256').update(signed).verify(publicKey, body.subarray(4));
}

/**
 * @param messages the handshake in order from the second ClientHello to the client's Finished
 */
export function clientProvedItself(
  messages: readonly HandshakeMessage[],
  certificateDer: Buffer,
  masterSecret: Buffer,
): boolean {
  const verifyAt = messages.findIndex((message) => message.type === CERTIFICATE_VERIFY);
  const finished = messages.find((message) => message.type === FINISHED);
  const verify = messages[verifyAt];
  if (!verify || finished?.body.length !== VERIFY_DATA_LENGTH) return false;
  const upTo = (end: number): Buffer =>
    Buffer.concat(messages.slice(0, end).map((message) => message.transcript));
  try {
    if (!signatureIsGood(verify.body, upTo(verifyAt), certificateDer)) return false;
  } catch {
    return false; // a certificate or signature that node:crypto cannot even read
  }
  const seed = createHash('sha256')
    .update(upTo(verifyAt + 1))
    .digest();
  const expected = prf(masterSecret, 'client finished', seed, VERIFY_DATA_LENGTH);
  return timingSafeEqual(expected, finished.body);
}
