/** A thousand legs come and go: nothing is left of them. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEmbeddedMediaEngine } from '../../shared/media/embedded/create-embedded-engine.ts';
import type { LegKind } from '../../shared/media/engine.ts';
import { CODECS_BEST_FIRST } from '../../shared/media/engine.ts';

const LEGS = 1_000;
/** What is bound ahead of the next legs: 16 pairs. */
const IN_STORE = 32;

/** Sockets, pipes and files that the process has open, every thread's; undefined where the system does not tell. */
function openDescriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}

describe('legs that come and go', () => {
  it.each(['rtp', 'sdes', 'webrtc'] satisfies LegKind[])(
    'leave no socket, and no port taken: %s',
    async (kind) => {
      const made = await createEmbeddedMediaEngine({
        addresses: [{ bind: '127.0.0.1' }],
        // So few that each must come back many times.
        rtpPorts: { first: 43_000, last: 43_199 },
        soundsInBackground: { cacheFile: undefined },
      });
      if (!made.ok) throw new Error(made.error.detail);
      const engine = made.value;
      const before = openDescriptors() ?? 0;
      for (let n = 0; n < LEGS; n += 1) {
        const leg = engine.open({ kind, legName: `${kind} ${n}` });
        if (!leg.ok) throw new Error(`leg ${n}: ${leg.error.reason}`);
        leg.value.createOffer({ codecs: CODECS_BEST_FIRST });
        engine.play(leg.value, { kind: 'music' });
        leg.value.close();
        // Now and then there is a pause between calls.
        if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(engine.legCounts()).toEqual({ webrtc: 0, sdes: 0, rtp: 0 });
      await expect
        .poll(() => (openDescriptors() ?? 0) - before, { timeout: 5_000 })
        .toBeLessThanOrEqual(IN_STORE);
      await engine.close();
      await expect
        .poll(() => (openDescriptors() ?? 0) - before, { timeout: 5_000 })
        .toBeLessThanOrEqual(0);
    },
  );
});
