/**
 * CPU time that a media packet costs: our SRTP beside werift's in the same run, and a packet's whole way through the engine, from one plain RTP
 * leg to another over loopback (socket, latch, statistics, switching, socket), with the phones in a process of their own.
 * Run: `node tests/bench/media-packets.ts [seconds]`.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { fileURLToPath } from 'node:url';
import { RtpHeader, SrtpSession } from 'werift';
import { createEmbeddedMediaEngine } from '../../shared/media/embedded/create-embedded-engine.ts';
import { SRTP_PROFILES } from '../../shared/media/embedded/srtp/srtp-profile.ts';
import type { SrtpProfileName } from '../../shared/media/embedded/srtp/srtp-profile.ts';
import { SrtpReceiver } from '../../shared/media/embedded/srtp/srtp-receiver.ts';
import { SrtpSender } from '../../shared/media/embedded/srtp/srtp-sender.ts';

const PAYLOAD = 120; // a 20 ms frame of Opus at 48 kbit/s
const PACKETS_PER_SECOND = 5_000;
const FRAMES_PER_CALL_AND_SECOND = 100; // both directions of one bridged call

function cpuMicros(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function srtpCost(name: SrtpProfileName, count: number): Record<string, string> {
  const profile = SRTP_PROFILES[name];
  const masterKey = randomBytes(profile.keyLength);
  const masterSalt = randomBytes(profile.saltLength);
  const payload = randomBytes(PAYLOAD);
  const sender = new SrtpSender({ profile, masterKey, masterSalt });
  const receiver = new SrtpReceiver({ profile, masterKey, masterSalt });
  const keys = {
    localMasterKey: masterKey,
    localMasterSalt: masterSalt,
    remoteMasterKey: masterKey,
    remoteMasterSalt: masterSalt,
  };
  const werift = new SrtpSession({ profile: profile.dtlsId, keys });
  const headers = Array.from(
    { length: count },
    (_, i) => new RtpHeader({ payloadType: 111, sequenceNumber: i, timestamp: i * 960, ssrc: 7 }),
  );
  const ours: Buffer[] = [];
  const theirs: Buffer[] = [];
  const protect = cpuMicros(() => {
    for (const header of headers) {
      const packet = Buffer.allocUnsafe(12 + PAYLOAD + 16);
      header.serialize(12).copy(packet);
      payload.copy(packet, 12);
      const length = sender.protectRtp(packet, { headerLength: 12, length: 12 + PAYLOAD }, 0);
      ours.push(packet.subarray(0, length));
    }
  });
  const unprotect = cpuMicros(() => ours.forEach((packet) => receiver.unprotectRtp(packet)));
  const weriftProtect = cpuMicros(() => {
    for (const header of headers) theirs.push(werift.encrypt(payload, header));
  });
  const weriftUnprotect = cpuMicros(() => theirs.forEach((packet) => werift.decrypt(packet)));
  const each = (micros: number): string => `${(micros / count).toFixed(1)} µs`;
  return {
    profile: name,
    protect: each(protect),
    unprotect: each(unprotect),
    'werift protect': each(weriftProtect),
    'werift unprotect': each(weriftUnprotect),
  };
}

/** In the child: sends packets at a steady rate and says how many came back on the other socket. */
function playPhones(): void {
  const [from, to] = [createSocket('udp4'), createSocket('udp4')];
  let heard = 0;
  to.on('message', () => (heard += 1));
  from.bind(0, '127.0.0.1', () =>
    to.bind(0, '127.0.0.1', () =>
      process.send?.(JSON.stringify({ from: from.address().port, to: to.address().port })),
    ),
  );
  let sent = 0;
  const packet = Buffer.alloc(12 + 160);
  packet[0] = 0x80;
  process.on('message', ({ port, seconds }: { port: number; seconds: number }) => {
    const startedAt = performance.now();
    const timer = setInterval(() => {
      const elapsed = performance.now() - startedAt;
      for (; sent < (Math.min(elapsed, seconds * 1_000) * PACKETS_PER_SECOND) / 1_000; sent++) {
        packet.writeUInt16BE(sent & 0xffff, 2);
        packet.writeUInt32BE((sent * 160) >>> 0, 4);
        from.send(Buffer.from(packet), port, '127.0.0.1');
      }
      if (elapsed < seconds * 1_000 + 300) return;
      clearInterval(timer);
      process.send?.(JSON.stringify({ sent, heard }));
    }, 2);
  });
}

async function forwardingCost(seconds: number): Promise<Record<string, string>> {
  const made = await createEmbeddedMediaEngine({
    addresses: [{ bind: '127.0.0.1' }],
    holdMusic: { rate: 8_000, samples: new Int16Array(8_000) },
  });
  if (!made.ok) throw new Error(made.error.detail);
  const engine = made.value;
  const child = fork(fileURLToPath(import.meta.url), ['phones']);
  const reply = (): Promise<Record<string, number>> =>
    new Promise((resolve) => child.once('message', (text) => resolve(JSON.parse(String(text)))));
  const ports = await reply();
  const legs = [ports.from, ports.to].map((port) => {
    const offer = `v=0\r\no=p 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\n`;
    const opened = engine.legFromOffer(offer, {
      legName: `${port}`,
      signallingAddress: '127.0.0.1',
    });
    if (!opened.ok) throw new Error(opened.error.detail);
    return { leg: opened.value, answer: opened.value.createAnswer({ prefer: ['PCMU'] }) };
  });
  const [near, far] = legs;
  if (!near || !far) throw new Error('two legs');
  engine.bridge(near.leg, far.leg);
  const before = process.cpuUsage();
  child.send({ port: Number(/^m=audio (\d+)/m.exec(near.answer)?.[1]), seconds });
  const { sent = 0, heard = 0 } = await reply();
  const { user, system } = process.cpuUsage(before);
  child.kill();
  await engine.close();
  const micros = (user + system) / heard;
  return {
    sent: `${sent}`,
    forwarded: `${heard}`,
    'per packet': `${micros.toFixed(1)} µs`,
    'plain RTP calls a core': `${Math.round(1e6 / micros / FRAMES_PER_CALL_AND_SECOND)}`,
  };
}

async function main(seconds: number): Promise<void> {
  for (const name of ['AEAD_AES_128_GCM', 'AES_CM_128_HMAC_SHA1_80'] as const) {
    srtpCost(name, 3_000); // warms the code up
    console.table([srtpCost(name, 30_000)]);
  }
  console.table([await forwardingCost(seconds)]);
}

if (process.argv[2] === 'phones') playPhones();
else await main(Number(process.argv[2] ?? 3));
