/** Two telephones in a process of their own: one sends at a steady rate, the other counts. See `parts/media.ts`. */
import { createSocket } from 'node:dgram';

export interface StreamPorts {
  readonly from: number;
  readonly to: number;
}

export interface StreamOrder {
  /** Where to, on loopback. */
  readonly port: number;
  readonly seconds: number;
  readonly packetsPerSecond: number;
}

export interface StreamCount {
  readonly sent: number;
  readonly heard: number;
}

const FRAME = 160;
const HEADER = 12;
const LAST_ONES_MS = 300;

const [from, to] = [createSocket('udp4'), createSocket('udp4')];
let [sent, heard] = [0, 0];

/** PCMU, payload type 0. */
function packetOf(number: number): Buffer {
  const packet = Buffer.alloc(HEADER + FRAME);
  packet[0] = 0x80;
  packet.writeUInt16BE(number & 0xffff, 2);
  packet.writeUInt32BE((number * FRAME) >>> 0, 4);
  return packet;
}

function play({ port, seconds, packetsPerSecond }: StreamOrder): void {
  [sent, heard] = [0, 0];
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const elapsed = performance.now() - startedAt;
    const due = (Math.min(elapsed, seconds * 1_000) * packetsPerSecond) / 1_000;
    for (; sent < due; sent += 1) from.send(packetOf(sent), port, '127.0.0.1');
    if (elapsed < seconds * 1_000 + LAST_ONES_MS) return;
    clearInterval(timer);
    process.send?.({ sent, heard } satisfies StreamCount);
  }, 2);
}

to.on('message', () => (heard += 1));
process.on('message', play);
process.on('disconnect', () => process.exit(0));
from.bind(0, '127.0.0.1', () =>
  to.bind(0, '127.0.0.1', () => {
    process.send?.({ from: from.address().port, to: to.address().port } satisfies StreamPorts);
  }),
);
