/** Initialisation vectors of SRTP and SRTCP: RFC 3711 §4.1.1 for 16 octets (AES-CM), RFC 7714 §8.1 and §9.1 for 12 (GCM). */

function mixSalt(iv: Buffer, salt: Buffer): Buffer {
  for (let i = 0; i < salt.length; i++) iv[i] = (iv[i] ?? 0) ^ (salt[i] ?? 0);
  return iv;
}

/** Fills `iv` for an RTP packet with its SSRC, roll-over counter and sequence number. */
export function writeRtpIv(iv: Buffer, salt: Buffer, packet: Buffer, rollover: number): Buffer {
  iv.fill(0);
  const at = iv.length === 12 ? 2 : 4;
  packet.copy(iv, at, 8, 12);
  iv.writeUInt32BE(rollover, at + 4);
  packet.copy(iv, at + 8, 2, 4);
  return mixSalt(iv, salt);
}

/** Fills `iv` for a compound RTCP packet with its first SSRC and 31-bit index. */
export function writeRtcpIv(iv: Buffer, salt: Buffer, packet: Buffer, index: number): Buffer {
  iv.fill(0);
  const gcm = iv.length === 12;
  packet.copy(iv, gcm ? 2 : 4, 4, 8);
  // AES-CM puts the 48-bit packet index at the same place as RTP does; GCM keeps 16 zero bits before the 32-bit index.
  iv.writeUInt32BE(index, gcm ? 8 : 10);
  return mixSalt(iv, salt);
}
