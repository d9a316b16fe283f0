import type { Page } from '@playwright/test';
import { openGallery } from '../../e2e/screens/gallery-site.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { median, quantile } from '../frame/statistics.ts';
import { browserUnavailable, launchBrowser } from '../kit/bench-browser.ts';
import { watchFrames, type FrameReport, type StageWindow } from '../kit/frame-watch.ts';
import { ListTraffic } from '../kit/list-traffic.ts';
import { frameWork } from '../kit/main-thread.ts';

const ROWS = 500;
const ROUNDS = 7;
/** Ten changes a second are more than any office parks. */
const CHANGE_EVERY_MS = 100;
const CHANGES_PER_ROUND = 40;
const LONGEST_MS = 50;

/** In the page: tells a list and gives how long it took until it stood on the screen, in ms. */
async function tell(body: string): Promise<number> {
  const { stage } = window as unknown as StageWindow;
  const nextFrame = (): Promise<number> => new Promise((run) => requestAnimationFrame(run));
  await nextFrame();
  const startedAt = performance.now();
  stage.say({ kind: 'park-list', event: { kind: 'document', body } });
  await nextFrame();
  // The next frame starts when the one with the cards is done.
  await nextFrame();
  return performance.now() - startedAt;
}

interface Round extends FrameReport {
  /** CPU time of the page's main thread for each frame, ms. */
  readonly work: readonly number[];
}

interface Rounds {
  readonly firstShown: number;
  readonly rounds: readonly Round[];
}

async function measure(page: Page, url: string, bench: Bench): Promise<Rounds> {
  await page.goto(`${url}?scene=idle`);
  await page.getByTestId('park-list').waitFor();
  const traffic = new ListTraffic(ROWS);
  // The scene has told an empty list already: the versions go on from there.
  traffic.full();
  const firstShown = await page.evaluate(tell, traffic.full());
  await page
    .locator('li[data-park-id]')
    .nth(ROWS - 1)
    .waitFor({ state: 'attached' });
  const rounds: Round[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const documents = traffic.take(CHANGES_PER_ROUND, CHANGE_EVERY_MS);
    const plan = { scroller: '.cards', pixelsPerFrame: 90, documents, everyMs: CHANGE_EVERY_MS };
    const { result, frames } = await frameWork(page, () => page.evaluate(watchFrames, plan));
    if (result.scrolledBy === 0) throw new Error('the list did not scroll');
    rounds.push({ ...result, work: frames });
    bench.say(`round ${round} of ${ROUNDS}: ${describe(result)}`);
  }
  return { firstShown, rounds };
}

const describe = ({ long }: FrameReport): string =>
  long.length === 0
    ? 'no long frame'
    : `Chromium blames ${long.map(({ ms, blamed }) => `${blamed} for ${Math.round(ms)} ms`).join('; ')}`;

function readings({ firstShown, rounds }: Rounds): readonly Reading[] {
  const work = rounds.map((round) => Math.max(...round.work));
  const longest = rounds.map(({ frames }) => Math.max(...frames));
  const all = rounds.flatMap(({ frames }) => frames);
  const over = all.filter((ms) => ms > LONGEST_MS).length;
  return [
    {
      name: `longest frame while ${ROWS} rows scroll and change, work (CPU)`,
      value: median(work),
      unit: 'ms',
      budget: atMost(LONGEST_MS),
      rounds: work,
      note: `${ROUNDS} rounds of ${CHANGES_PER_ROUND} changes, ${all.length} frames; 2 changes a round are whole lists`,
    },
    {
      name: '… by the clock',
      value: median(longest),
      unit: 'ms',
      budget: atMost(LONGEST_MS),
      rounds: longest,
      note: `${over} frames over ${LONGEST_MS} ms; 99 of 100 no longer than ${Math.round(quantile(all, 0.99))} ms`,
    },
    {
      name: `NOTIFY with ${ROWS} calls for an empty list → they stand on the screen`,
      value: firstShown,
      unit: 'ms',
      budget: null,
      rounds: [firstShown],
    },
  ];
}

/** Five hundred parked calls, in the page that the phone is made of. */
export const list: BenchPart = {
  name: 'list',
  about: `a park list of ${ROWS} rows, scrolled and changed in Chromium`,
  where: 'here',
  unavailable: browserUnavailable,
  run: async (bench) => {
    const gallery = await openGallery();
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 420, height: 860 } });
      return readings(await measure(page, gallery.url, bench));
    } finally {
      await browser.close();
      await gallery.close();
    }
  },
};
