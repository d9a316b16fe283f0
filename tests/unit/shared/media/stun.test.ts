import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BINDING_REQUEST,
  BINDING_SUCCESS,
  hasIntegrity,
  hasValidFingerprint,
  readStun,
  writeBindingSuccess,
  xorMappedAddress,
} from '../../../../shared/media/embedded/ice/stun-message.ts';
import type { StunMessage } from '../../../../shared/media/embedded/ice/stun-message.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

// RFC 5769 §2.1–2.3
const PASSWORD = 'VOkJxbRl1RmTxUk/WvJxBt';
const REQUEST = hex(`
  000100582112a442b7e7a701bc34d686fa87dfae 802200105354554e207465737420636c69656e74
  002400046e0001ff 80290008932ff9b151263b36 000600096576746a3a68367659202020
  000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004e57a3bcf`);
const RESPONSE_4 = hex(`
  0101003c2112a442b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220
  002000080001a147e112a643 000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004c07d4c96`);
const RESPONSE_6 = hex(`
  010100482112a442b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220
  002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9
  00080014a382954e4be67bf11784c97c8292c275bfe3ed41 80280004c8fb0b4c`);

function read(packet: Buffer): StunMessage {
  const message = readStun(packet);
  if (!message) throw new Error('not STUN');
  return message;
}

describe('STUN', () => {
  it('reads the sample request of RFC 5769 and finds it signed', () => {
    const message = read(REQUEST);
    expect(message.type).toBe(BINDING_REQUEST);
    expect(message.username).toBe('evtj:h6vY');
    expect(message.useCandidate).toBe(false);
    expect(hasIntegrity(REQUEST, message, PASSWORD)).toBe(true);
    expect(hasValidFingerprint(REQUEST, message)).toBe(true);
    expect(hasIntegrity(REQUEST, message, `${PASSWORD}x`)).toBe(false);
  });

  it.each([
    ['IPv4', RESPONSE_4, '192.0.2.1'],
    ['IPv6', RESPONSE_6, '2001:db8:1234:5678:11:2233:4455:6677'],
  ])('maps the %s address of the sample response', (_, packet, address) => {
    const message = read(packet);
    expect(message.type).toBe(BINDING_SUCCESS);
    expect(hasIntegrity(packet, message, PASSWORD)).toBe(true);
    expect(hasValidFingerprint(packet, message)).toBe(true);
    const attribute = xorMappedAddress(address, 32_853, message.transactionId);
    expect(packet.includes(attribute)).toBe(true);
  });

  it('maps shortened and mapped IPv6 addresses like their long forms', () => {
    const id = Buffer.alloc(12, 7);
    const long = xorMappedAddress('2001:db8:0:0:0:0:0:1', 9, id);
    expect(xorMappedAddress('2001:db8::1', 9, id)).toEqual(long);
    expect(xorMappedAddress('::ffff:192.0.2.1', 9, id)).toEqual(
      xorMappedAddress('0:0:0:0:0:ffff:c000:201', 9, id),
    );
  });

  it('answers with what the asker can check', () => {
    const packet = writeBindingSuccess(
      read(REQUEST),
      { address: '192.0.2.7', port: 5_000 },
      'secret',
    );
    const message = read(packet);
    expect(message.type).toBe(BINDING_SUCCESS);
    expect(message.transactionId).toEqual(read(REQUEST).transactionId);
    expect(hasIntegrity(packet, message, 'secret')).toBe(true);
    expect(hasValidFingerprint(packet, message)).toBe(true);
    expect(packet.includes(xorMappedAddress('192.0.2.7', 5_000, message.transactionId))).toBe(true);
  });

  it('notices a change anywhere in a signed request', () => {
    const fingerprintHeader = REQUEST.length - 8;
    for (let at = 0; at < REQUEST.length; at++) {
      // Without its fingerprint attribute the request is still signed.
      if (at >= fingerprintHeader && at < fingerprintHeader + 4) continue;
      const bad = Buffer.from(REQUEST);
      bad[at] = (bad[at] ?? 0) ^ 1;
      const message = readStun(bad);
      const accepted =
        message !== undefined &&
        hasIntegrity(bad, message, PASSWORD) &&
        hasValidFingerprint(bad, message);
      expect(accepted).toBe(false);
    }
  });

  it('survives noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const packet = Buffer.concat([hex('000100002112a442'), Buffer.from(bytes)]);
        if (packet.length >= 20) packet.writeUInt16BE(packet.length - 20, 2);
        const message = readStun(packet);
        if (message) expect(hasIntegrity(packet, message, 'any')).toBe(false);
      }),
    );
  });
});
