/** A peer on the same network checks its path before our thread has gone to sleep: its first check is answered like any other. */
import { expect, it } from 'vitest';
import { createEmbeddedMediaEngine } from '../../shared/media/embedded/create-embedded-engine.ts';
import { createDtlsCertificate } from '../../shared/media/embedded/dtls/certificate.ts';
import { WebRtcPeer } from './webrtc-peer.ts';

/** What else a busy server does in the turn that sends the answer. */
function beBusy(forMs: number): void {
  const until = performance.now() + forMs;
  while (performance.now() < until);
}

it.each([
  // The order that opens a leg must not wait for the end of the turn …
  { pace: 'a busy server', count: 40, busyMs: 4 },
  // … and where the thread is awake, a check may be read before an order that came first.
  { pace: 'a burst', count: 300, busyMs: 0 },
])('answers the first check of every peer, however quick: $pace', async ({ count, busyMs }) => {
  const made = await createEmbeddedMediaEngine({
    addresses: [{ bind: '127.0.0.1' }],
    soundsInBackground: { cacheFile: undefined },
  });
  if (!made.ok) throw new Error(made.error.detail);
  const engine = made.value;
  const certificate = await createDtlsCertificate();
  const peers = await Promise.all(
    Array.from({ length: count }, () => WebRtcPeer.open(certificate)),
  );
  for (const peer of peers) {
    const leg = engine.legFromOffer(peer.offer(), { legName: 'quick' });
    if (!leg.ok) throw new Error(leg.error.detail);
    peer.takeAnswer(leg.value.createAnswer({ prefer: ['PCMU'] }));
    peer.check();
    beBusy(busyMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect
    .poll(() => peers.map(({ stunAnswers }) => stunAnswers), { timeout: 5_000 })
    .toEqual(peers.map(() => 1));
  for (const peer of peers) peer.close();
  await engine.close();
});
