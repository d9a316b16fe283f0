/** STUN (RFC 8489) as far as an ICE-lite responder needs it: read and check binding requests, write their answers. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

const HEADER = 20;
const COOKIE = 0x2112_a442;
const FINGERPRINT_XOR = 0x5354_554e;

export const BINDING_REQUEST = 0x0001;
export const BINDING_SUCCESS = 0x0101;

const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const XOR_MAPPED_ADDRESS = 0x0020;
const USE_CANDIDATE = 0x0025;
const FINGERPRINT = 0x8028;

export interface StunMessage {
  readonly type: number;
  readonly transactionId: Buffer;
  readonly username?: string;
  readonly useCandidate: boolean;
  /** Offset of MESSAGE-INTEGRITY; what comes behind it but FINGERPRINT is not looked at. */
  readonly integrityAt?: number;
  readonly fingerprintAt?: number;
}

/** Reads a message; undefined when it is not STUN or its attributes do not fit. */
export function readStun(packet: Buffer): StunMessage | undefined {
  if (packet.length < HEADER || packet.readUInt32BE(4) !== COOKIE) return undefined;
  const type = packet.readUInt16BE(0);
  const length = packet.readUInt16BE(2);
  if (type & 0xc000 || length & 3 || HEADER + length !== packet.length) return undefined;
  const found: {
    username?: string;
    useCandidate: boolean;
    integrityAt?: number;
    fingerprintAt?: number;
  } = { useCandidate: false };
  for (let at = HEADER; at < packet.length;) {
    const attribute = packet.readUInt16BE(at);
    const size = packet.readUInt16BE(at + 2);
    const next = at + 4 + ((size + 3) & ~3);
    if (next > packet.length) return undefined;
    if (found.integrityAt === undefined) {
      if (attribute === USERNAME) found.username = packet.toString('utf8', at + 4, at + 4 + size);
      else if (attribute === USE_CANDIDATE) found.useCandidate = true;
      else if (attribute === MESSAGE_INTEGRITY && size === 20) found.integrityAt = at;
    }
    if (attribute === FINGERPRINT && size === 4) found.fingerprintAt = at;
    at = next;
  }
  return { type, transactionId: packet.subarray(8, HEADER), ...found };
}

/** HMAC-SHA1 over the message before MESSAGE-INTEGRITY with a length that ends behind it (RFC 8489 §14.5). */
function integrityOf(packet: Buffer, integrityAt: number, password: string): Buffer {
  const signed = Buffer.from(packet.subarray(0, integrityAt));
  signed.writeUInt16BE(integrityAt - HEADER + 24, 2);
  return createHmac('sha1', password).update(signed).digest();
}

function fingerprintOf(packet: Buffer, fingerprintAt: number): number {
  const covered = Buffer.from(packet.subarray(0, fingerprintAt));
  covered.writeUInt16BE(fingerprintAt - HEADER + 8, 2);
  return (crc32(covered) ^ FINGERPRINT_XOR) >>> 0;
}

export function hasIntegrity(packet: Buffer, message: StunMessage, password: string): boolean {
  const { integrityAt } = message;
  if (integrityAt === undefined) return false;
  const expected = integrityOf(packet, integrityAt, password);
  return timingSafeEqual(expected, packet.subarray(integrityAt + 4, integrityAt + 24));
}

/** True also when there is none: ICE asks for it (RFC 8445 §7.1), but integrity is what protects. */
export function hasValidFingerprint(packet: Buffer, message: StunMessage): boolean {
  const { fingerprintAt } = message;
  if (fingerprintAt === undefined) return true;
  if (fingerprintAt + 8 !== packet.length) return false;
  return fingerprintOf(packet, fingerprintAt) === packet.readUInt32BE(fingerprintAt + 4);
}

function ipBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? [];
  const words = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const left = words(head);
  const right = words(tail);
  const dotted = right.at(-1)?.includes('.') ? right.pop() : undefined;
  const quad = dotted ? ipBytes(dotted) : undefined;
  if (quad) right.push(quad.readUInt16BE(0).toString(16), quad.readUInt16BE(2).toString(16));
  const zeros = address.includes('::') ? 8 - left.length - right.length : 0;
  const all = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  const bytes = Buffer.alloc(16);
  all.forEach((word, i) => bytes.writeUInt16BE(parseInt(word, 16), i * 2));
  return bytes;
}

/** The XOR-MAPPED-ADDRESS attribute, header included (RFC 8489 §14.2). */
export function xorMappedAddress(address: string, port: number, transactionId: Uint8Array): Buffer {
  const ip = ipBytes(address);
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(COOKIE);
  mask.set(transactionId, 4);
  const attribute = Buffer.alloc(8 + ip.length);
  attribute.writeUInt16BE(XOR_MAPPED_ADDRESS, 0);
  attribute.writeUInt16BE(4 + ip.length, 2);
  attribute.writeUInt8(ip.length === 4 ? 1 : 2, 5);
  attribute.writeUInt16BE(port ^ (COOKIE >>> 16), 6);
  for (let i = 0; i < ip.length; i++) attribute[8 + i] = (ip[i] ?? 0) ^ (mask[i] ?? 0);
  return attribute;
}

/** The success response to a binding request that came from `source`, signed with our ICE password. */
export function writeBindingSuccess(
  request: StunMessage,
  source: { readonly address: string; readonly port: number },
  password: string,
): Buffer {
  const mapped = xorMappedAddress(source.address, source.port, request.transactionId);
  const packet = Buffer.alloc(HEADER + mapped.length + 24 + 8);
  packet.writeUInt16BE(BINDING_SUCCESS, 0);
  packet.writeUInt16BE(packet.length - HEADER, 2);
  packet.writeUInt32BE(COOKIE, 4);
  request.transactionId.copy(packet, 8);
  mapped.copy(packet, HEADER);
  const integrityAt = HEADER + mapped.length;
  packet.writeUInt16BE(MESSAGE_INTEGRITY, integrityAt);
  packet.writeUInt16BE(20, integrityAt + 2);
  integrityOf(packet, integrityAt, password).copy(packet, integrityAt + 4);
  const fingerprintAt = integrityAt + 24;
  packet.writeUInt16BE(FINGERPRINT, fingerprintAt);
  packet.writeUInt16BE(4, fingerprintAt + 2);
  packet.writeUInt32BE(fingerprintOf(packet, fingerprintAt), fingerprintAt + 4);
  return packet;
}
