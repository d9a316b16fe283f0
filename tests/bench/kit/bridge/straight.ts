/** No bridge at all: each phone's DTLS ends at a small server beside the other, for how late packets are without anybody's help. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { quantile } from '../../frame/statistics.ts';

const EVERY_MS = 4;

/** Datagrams from one socket to another of this process while something else runs; how late 999 of 1,000 of them are, ms. */
export async function straightDelay(run: () => Promise<void>): Promise<number> {
  const [from, to] = [createSocket('udp4'), createSocket('udp4')];
  to.bind(0, '127.0.0.1');
  await once(to, 'listening');
  const { port } = to.address();
  const delays: number[] = [];
  to.on('message', (packet) => delays.push(performance.now() - packet.readDoubleBE(0)));
  const timer = setInterval(() => {
    const packet = Buffer.alloc(172);
    packet.writeDoubleBE(performance.now(), 0);
    from.send(packet, port, '127.0.0.1');
  }, EVERY_MS);
  try {
    await run();
    return quantile(delays, 0.999);
  } finally {
    clearInterval(timer);
    from.close();
    to.close();
  }
}
