import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openUdp } from '../../shared/sip/transport/udp.ts';

const BURST = 2_000;

/** Sends the whole burst before anybody reads, and lets what was kept come in. */
async function burstTo(port: number): Promise<void> {
  const sender = createSocket('udp4');
  sender.bind(0, '127.0.0.1');
  await once(sender, 'listening');
  const datagram = Buffer.alloc(400, 'x');
  let sent = 0;
  for (let i = 0; i < BURST; i += 1) sender.send(datagram, port, '127.0.0.1', () => (sent += 1));
  while (sent < BURST) await pause(5);
  await pause(300);
  sender.close();
}

it('keeps more of a burst than a socket as the system makes it: 2,000 phones answer a NOTIFY at once', async () => {
  const usual = createSocket('udp4');
  let keptByUsual = 0;
  usual.on('message', () => (keptByUsual += 1));
  usual.bind(0, '127.0.0.1');
  await once(usual, 'listening');
  await burstTo(usual.address().port);
  usual.close();

  let kept = 0;
  const ours = await openUdp({
    address: '127.0.0.1',
    port: 0,
    receiver: { receive: () => undefined, receiveRejected: () => undefined },
    observer: { dropped: () => void (kept += 1) },
  });
  await burstTo(ours.port);
  await ours.close();
  expect(kept === BURST || kept > keptByUsual).toBe(true);
});
