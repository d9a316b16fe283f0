/** RTP packets as they lie in a buffer (RFC 3550 §5.1). */

export const RTP_HEADER_LENGTH = 12;

/** The parts of a received packet that the engine works with; `payload` is a view into the packet. */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
}

/** Header length with CSRCs and extension, or -1 when `packet[0, end)` is no RTP packet. */
export function headerLengthOf(packet: Buffer, end: number): number {
  if (end < RTP_HEADER_LENGTH) return -1;
  const first = packet.readUInt8(0);
  if (first >>> 6 !== 2) return -1;
  let length = RTP_HEADER_LENGTH + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (length + 4 > end) return -1;
    length += 4 + packet.readUInt16BE(length + 2) * 4;
  }
  return length > end ? -1 : length;
}

/** Reads `packet[0, end)`; padding is cut off. */
export function readRtp(packet: Buffer, end: number): RtpPacket | undefined {
  const headerLength = headerLengthOf(packet, end);
  if (headerLength < 0) return undefined;
  const first = packet.readUInt8(0);
  const second = packet.readUInt8(1);
  const padding = first & 0x20 && end > headerLength ? packet.readUInt8(end - 1) : 0;
  if (headerLength + padding > end) return undefined;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    payload: packet.subarray(headerLength, end - padding),
  };
}

/** Writes a header without CSRCs or extension. */
export function writeRtpHeader(packet: Buffer, header: Omit<RtpPacket, 'payload'>): void {
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(header.payloadType | (header.marker ? 0x80 : 0), 1);
  packet.writeUInt16BE(header.sequence, 2);
  packet.writeUInt32BE(header.timestamp, 4);
  packet.writeUInt32BE(header.ssrc, 8);
}

/** Whether a datagram on a muxed port is RTCP (RFC 5761 §4: payload types 64–95 are not used for RTP then). */
export function looksLikeRtcp(packet: Buffer): boolean {
  if (packet.length < 8) return false;
  const type = packet.readUInt8(1);
  return type >= 192 && type <= 223;
}
