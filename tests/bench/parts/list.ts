import type { Page } from '@playwright/test';
import { openGallery } from '../../e2e/screens/gallery-site.ts';
import type { BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { median, quantile } from '../frame/statistics.ts';
import { browserUnavailable, launchBrowser } from '../kit/bench-browser.ts';
import {
  watchFrames,
  type FrameReport,
  type StageWindow,
  type ToldList,
} from '../kit/frame-watch.ts';
import { frameWork } from '../kit/main-thread.ts';
import { ToldOffice } from '../kit/told-office.ts';

const ROWS = 500;
const ROUNDS = 7;
/** Ten changes a second are more than any office parks. */
const CHANGE_EVERY_MS = 100;
const CHANGES_PER_ROUND = 40;
const LONGEST_MS = 50;
const VIEWPORT = { width: 420, height: 860 };

/** In the page: tells lists and gives how long it took until they stood on the screen, in ms. */
async function tell(told: readonly ToldList[]): Promise<number> {
  const { stage } = window as unknown as StageWindow;
  const nextFrame = (): Promise<number> => new Promise((run) => requestAnimationFrame(run));
  await nextFrame();
  const startedAt = performance.now();
  for (const { account, body } of told) {
    const say = account === 'first' ? stage.say : stage.sayOther;
    say.call(stage, { kind: 'park-list', event: { kind: 'document', body } });
  }
  await nextFrame();
  // The next frame starts when the one with the cards is done.
  await nextFrame();
  return performance.now() - startedAt;
}

interface Round extends FrameReport {
  /** CPU time of the page's main thread for each frame, ms. */
  readonly work: readonly number[];
}

/** A page with all its rows on the screen. */
interface Shown {
  readonly page: Page;
  readonly office: ToldOffice;
  readonly firstShown: number;
  readonly rounds: Round[];
}

async function show(page: Page, url: string, accounts: 1 | 2): Promise<Shown> {
  await page.bringToFront();
  const office = await ToldOffice.open(page, { url, rows: ROWS, accounts });
  const firstShown = await page.evaluate(tell, office.full());
  await page
    .locator('li[data-park-id]')
    .nth(ROWS - 1)
    .waitFor({ state: 'attached' });
  return { page, office, firstShown, rounds: [] };
}

async function oneRound({ page, office, rounds }: Shown): Promise<FrameReport> {
  await page.bringToFront();
  const documents = office.take(CHANGES_PER_ROUND, CHANGE_EVERY_MS);
  const plan = { scroller: '.cards', pixelsPerFrame: 90, documents, everyMs: CHANGE_EVERY_MS };
  const { result, frames } = await frameWork(page, () => page.evaluate(watchFrames, plan));
  if (result.scrolledBy === 0) throw new Error('the list did not scroll');
  rounds.push({ ...result, work: frames });
  return result;
}

const describe = ({ long }: FrameReport): string =>
  long.length === 0
    ? 'no long frame'
    : `Chromium blames ${long.map(({ ms, blamed }) => `${blamed} for ${Math.round(ms)} ms`).join('; ')}`;

const longestWork = ({ rounds }: Shown): readonly number[] =>
  rounds.map(({ work }) => Math.max(...work));

function readingsOf(shown: Shown, where: string): readonly Reading[] {
  const { rounds, firstShown } = shown;
  const work = [...longestWork(shown)];
  const longest = rounds.map(({ frames }) => Math.max(...frames));
  const all = rounds.flatMap(({ frames }) => frames);
  const over = all.filter((ms) => ms > LONGEST_MS).length;
  return [
    {
      name: `longest frame while ${ROWS} rows${where} scroll and change, work (CPU)`,
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
      name: `NOTIFY with ${ROWS} calls${where} for an empty list → they stand on the screen`,
      value: firstShown,
      unit: 'ms',
      budget: null,
      rounds: [firstShown],
    },
  ];
}

/** What it costs that the rows are of two accounts: measured by turns in one browser. */
function ratioOf(one: Shown, two: Shown): Reading {
  const ones = longestWork(one);
  const ratios = longestWork(two).map((work, round) => work / (ones[round] ?? Number.NaN));
  return {
    name: 'longest frame: two accounts ÷ one, work (CPU)',
    value: median(ratios),
    unit: '×',
    budget: null,
    rounds: ratios,
  };
}

/** Five hundred parked calls of one account, and of two, in the page that the phone is made of. */
export const list: BenchPart = {
  name: 'list',
  about: `a park list of ${ROWS} rows, of one account and of two, scrolled and changed in Chromium`,
  where: 'here',
  unavailable: browserUnavailable,
  run: async (bench) => {
    const gallery = await openGallery();
    const browser = await launchBrowser();
    try {
      const [one, two] = [
        await show(await browser.newPage({ viewport: VIEWPORT }), gallery.url, 1),
        await show(await browser.newPage({ viewport: VIEWPORT }), gallery.url, 2),
      ];
      for (let round = 1; round <= ROUNDS; round += 1) {
        bench.say(`round ${round} of ${ROUNDS}, one account: ${describe(await oneRound(one))}`);
        bench.say(`round ${round} of ${ROUNDS}, two: ${describe(await oneRound(two))}`);
      }
      return [...readingsOf(one, ''), ...readingsOf(two, ' of two accounts'), ratioOf(one, two)];
    } finally {
      await browser.close();
      await gallery.close();
    }
  },
};
