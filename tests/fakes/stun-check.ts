/** ICE connectivity checks by hand, independent of the engine's own STUN. */
import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';

const attribute = (type: number, value: Buffer): Buffer => {
  const out = Buffer.alloc(4 + ((value.length + 3) & ~3));
  out.writeUInt16BE(type, 0);
  out.writeUInt16BE(value.length, 2);
  value.copy(out, 4);
  return out;
};

/** A binding request as RFC 8445 asks for it. */
export function bindingRequest(username: string, password: string, nominate: boolean): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt16BE(1, 0);
  head.writeUInt32BE(0x2112_a442, 4);
  for (let i = 8; i < 20; i++) head[i] = Math.floor(Math.random() * 256);
  let packet = Buffer.concat([
    head,
    attribute(6, Buffer.from(username)),
    attribute(0x24, Buffer.from('7e7f1eff', 'hex')),
    ...(nominate ? [attribute(0x25, Buffer.alloc(0))] : []),
  ]);
  packet.writeUInt16BE(packet.length - 20 + 24, 2);
  packet = Buffer.concat([
    packet,
    attribute(8, createHmac('sha1', password).update(packet).digest()),
  ]);
  packet.writeUInt16BE(packet.length - 20 + 8, 2);
  const check = Buffer.alloc(4);
  check.writeUInt32BE((crc32(packet) ^ 0x5354_554e) >>> 0);
  return Buffer.concat([packet, attribute(0x8028, check)]);
}
