import { buildPage } from '../../../build/electron/build-app.ts';
import { BrowserPhone } from '../../e2e/kit/browser-phone.ts';
import { TestServer } from '../../e2e/kit/test-server.ts';
import { VOICES } from '../../e2e/kit/voices.ts';
import type { BenchPart } from '../frame/part.ts';
import { atLeast } from '../frame/reading.ts';
import { browserUnavailable } from '../kit/bench-browser.ts';
import { SoundWatch } from '../kit/sound-watch.ts';

const STREAMS = 4;

/** Which codec two of our phones talk in, by what each browser says of its own streams. */
export const opus: BenchPart = {
  name: 'opus',
  about: 'the codec in which two of our phones talk',
  where: 'here',
  unavailable: browserUnavailable,
  run: async (bench) => {
    await buildPage(bench.say);
    const server = await TestServer.start();
    const bob = await BrowserPhone.signedIn(server, '101');
    const alice = await BrowserPhone.signedIn(server, '102');
    try {
      const bobs = await SoundWatch.install(bob.page, VOICES['102']);
      const alices = await SoundWatch.install(alice.page, VOICES['101']);
      await bob.dial('102');
      await alice.answer();
      await bobs.toneHeard(500);
      await alices.toneHeard(500);
      const used = await Promise.all([bobs.codecs(), alices.codecs()]);
      const all = used.flatMap(({ sending, receiving }) => [...sending, ...receiving]);
      const value = all.filter((mime) => mime.toLowerCase() === 'audio/opus').length;
      const note = `101 sends ${used[0].sending.join()}, receives ${used[0].receiving.join()}; 102 sends ${used[1].sending.join()}, receives ${used[1].receiving.join()}`;
      const name = 'streams in Opus, of the four that two talking phones send and receive';
      return [{ name, value, unit: '', budget: atLeast(STREAMS), rounds: [value], note }];
    } finally {
      await alice.close();
      await bob.close();
      await server.dispose();
    }
  },
};
