import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ElectronApplication, Page } from '@playwright/test';

/** What the running app holds. */
export interface Footprint {
  /** JavaScript of the phone's page after its garbage was collected, MB. */
  readonly heapMb: number;
  readonly nodes: number;
  readonly listeners: number;
  /** Memory of all its processes, each shared page counted in parts, MB. */
  readonly pssMb: number;
  /** Timers, sockets and pipes of the main process. */
  readonly mainHandles: number;
}

/** So many looks, of which the middle one counts. */
const LOOKS = 5;
const BETWEEN_MS = 400;

/** How much may come in a day, as a share of what there was after warming up; and what is too small to tell, by its own unit. */
const MAY_GROW = 1.1;
const UNTOLD: Footprint = { heapMb: 0.5, nodes: 50, listeners: 20, pssMb: 4, mainHandles: 3 };

/** Measures the app while it is at rest: the median of several looks, each after a collection. */
export async function footprintOf(app: ElectronApplication, page: Page): Promise<Footprint> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  await devtools.send('HeapProfiler.enable');
  const looks: Footprint[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    await page.waitForTimeout(BETWEEN_MS);
    // What a finaliser lets go of is collected by the next one.
    await devtools.send('HeapProfiler.collectGarbage');
    await devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await devtools.send('Performance.getMetrics');
    const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? 0;
    looks.push({
      heapMb: metric('JSHeapUsedSize') / 1_048_576,
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
      pssMb: pssOf(app.process().pid ?? 0) / 1024,
      mainHandles: await app.evaluate(() => process.getActiveResourcesInfo().length),
    });
  }
  await devtools.detach();
  const middle = (of: keyof Footprint) =>
    looks.map((look) => look[of]).toSorted((a, b) => a - b)[Math.floor(LOOKS / 2)] ?? 0;
  return {
    heapMb: middle('heapMb'),
    nodes: middle('nodes'),
    listeners: middle('listeners'),
    pssMb: middle('pssMb'),
    mainHandles: middle('mainHandles'),
  };
}

/** What grew by more than it may, in words; empty: nothing leaks. */
export function leaksBetween(before: Footprint, after: Footprint): readonly string[] {
  const all = ['heapMb', 'nodes', 'listeners', 'pssMb', 'mainHandles'] as const;
  return all
    .filter((each) => after[each] > before[each] * MAY_GROW + UNTOLD[each])
    .map((each) => `${each} grew from ${before[each].toFixed(1)} to ${after[each].toFixed(1)}`);
}

/** Of a process and all below it (proc(5): smaps_rollup), kB; what ended meanwhile has none. */
function pssOf(pid: number): number {
  const own = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? '0';
  return childrenOf(pid).reduce((sum, child) => sum + pssOf(child), Number(own));
}

function childrenOf(pid: number): readonly number[] {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return [];
  return readdirSync(tasks).flatMap((task) =>
    read(`${tasks}/${task}/children`)
      .split(' ')
      .filter((child) => child.trim() !== '')
      .map(Number),
  );
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
