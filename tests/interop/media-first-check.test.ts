/** A peer on the same network checks its path before our thread has gone to sleep: its first check is answered like any other. */
import { expect, it } from 'vitest';
import { createEmbeddedMediaEngine } from '../../shared/media/embedded/create-embedded-engine.ts';
import { createDtlsCertificate } from '../../shared/media/embedded/dtls/certificate.ts';
import { WebRtcPeer } from './webrtc-peer.ts';

const PEERS = 40;
/** What else a busy server does in the turn that sends the answer. */
const BUSY_MS = 4;

function beBusy(): void {
  const until = performance.now() + BUSY_MS;
  while (performance.now() < until);
}

it('answers the first check of every peer, however quick', async () => {
  const made = await createEmbeddedMediaEngine({
    addresses: [{ bind: '127.0.0.1' }],
    soundsInBackground: { cacheFile: undefined },
  });
  if (!made.ok) throw new Error(made.error.detail);
  const engine = made.value;
  const certificate = await createDtlsCertificate();
  const peers = await Promise.all(
    Array.from({ length: PEERS }, () => WebRtcPeer.open(certificate)),
  );
  for (const peer of peers) {
    const leg = engine.legFromOffer(peer.offer(), { legName: 'quick' });
    if (!leg.ok) throw new Error(leg.error.detail);
    peer.takeAnswer(leg.value.createAnswer({ prefer: ['PCMU'] }));
    peer.check();
    beBusy();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect
    .poll(() => peers.map(({ stunAnswers }) => stunAnswers), { timeout: 5_000 })
    .toEqual(peers.map(() => 1));
  for (const peer of peers) peer.close();
  await engine.close();
});
