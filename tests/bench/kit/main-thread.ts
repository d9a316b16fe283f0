import type { Page } from '@playwright/test';
import { z } from 'zod';

const traceEvent = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  /** Microseconds. */
  ts: z.number(),
  dur: z.number().optional(),
  /** CPU time of the thread, microseconds. */
  tdur: z.number().optional(),
});

type TraceEvent = z.infer<typeof traceEvent>;

const CATEGORIES = ['toplevel', 'devtools.timeline'];
const TASK = 'ThreadControllerImpl::RunTask';
const FRAME = 'FireAnimationFrame';

/**
 * CPU time that the page's main thread spent on each frame while `run` ran, in ms: everything between two animation frames, and
 * the second's own script, style, layout and paint. Unlike the clock it does not count what else the machine did.
 */
export async function frameWork<T>(
  page: Page,
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly frames: readonly number[] }> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const raw of value) {
      const event = traceEvent.safeParse(raw);
      if (event.success) events.push(event.data);
    }
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES },
  });
  const result = await run();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  return { result, frames: framesOf(events) };
}

function framesOf(events: readonly TraceEvent[]): readonly number[] {
  const animation = events.filter(({ name }) => name === FRAME);
  const [first] = animation;
  if (first === undefined) throw new Error('the trace holds no frame');
  const inPage = (event: TraceEvent): boolean => event.pid === first.pid && event.tid === first.tid;
  const starts = animation.filter(inPage).map(({ ts }) => ts);
  const tasks = events
    .filter((event) => event.name === TASK && event.ph === 'X' && inPage(event))
    .toSorted((a, b) => a.ts - b.ts);
  return sumByFrame(tasks, starts);
}

/** Adds up tasks until one of them holds an animation frame. Tasks within tasks are part of the outer one. */
function sumByFrame(tasks: readonly TraceEvent[], starts: readonly number[]): readonly number[] {
  const frames: number[] = [];
  let [sum, busyUntil] = [0, 0];
  for (const { ts, dur = 0, tdur = dur } of tasks) {
    if (ts < busyUntil) continue;
    busyUntil = ts + dur;
    sum += tdur;
    if (!starts.some((start) => start >= ts && start <= busyUntil)) continue;
    frames.push(sum / 1_000);
    sum = 0;
  }
  return frames;
}
