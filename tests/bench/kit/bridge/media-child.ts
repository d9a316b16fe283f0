/** The embedded media engine of a benchmark, alone in its process: see `own-bridge.ts`, which starts it. */
import { createEmbeddedMediaEngine } from '../../../../shared/media/embedded/create-embedded-engine.ts';
import type { MediaLeg } from '../../../../shared/media/engine.ts';
import type { MediaAnswer, MediaQuestion } from './own-bridge.ts';

const made = await createEmbeddedMediaEngine({
  addresses: [{ bind: '127.0.0.1' }],
  holdMusic: { rate: 8_000, samples: new Int16Array(8_000) },
});
if (!made.ok) throw new Error(made.error.detail);
const engine = made.value;

function legFor(offer: string, legName: string): MediaLeg {
  const opened = engine.legFromOffer(offer, { legName, signallingAddress: '127.0.0.1' });
  if (!opened.ok) throw new Error(opened.error.detail);
  return opened.value;
}

function answer(question: MediaQuestion): MediaAnswer {
  switch (question.kind) {
    case 'connect': {
      const [a, b] = [legFor(question.offers[0], 'a'), legFor(question.offers[1], 'b')];
      const answers = [
        a.createAnswer({ prefer: ['PCMU'] }),
        b.createAnswer({ prefer: ['PCMU'] }),
      ] as const;
      engine.bridge(a, b);
      return { kind: 'connected', id: question.id, answers };
    }
    case 'cpu': {
      const { user, system } = process.cpuUsage();
      return { kind: 'cpu', id: question.id, seconds: (user + system) / 1e6 };
    }
  }
}

process.on('message', (question: MediaQuestion) => process.send?.(answer(question)));
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready', id: 0 } satisfies MediaAnswer);
