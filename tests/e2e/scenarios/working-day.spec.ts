/** A working day in two minutes; `node tests/e2e/working-day/run.ts --minutes 30` lives through a longer one. */
import { expect, test } from '@playwright/test';
import { leaksBetween } from '../working-day/footprint.ts';
import { liveThroughDay } from '../working-day/live-through.ts';

const minutes = Number(process.env['PARKLINE_DAY_MINUTES'] ?? '2');
const REGISTERED_WITHIN_MS = 3_000;

// Pictures and traces of the page would be measured, too.
test.use({ trace: 'off', screenshot: 'off' });

test('a working day leaves no leak, no stale card, and a phone that is back within three seconds', async () => {
  test.setTimeout(minutes * 60_000 + 120_000);
  const day = await liveThroughDay({ minutes, say: (line) => console.log(line) });
  expect(leaksBetween(day.before, day.after)).toEqual([]);
  expect(Math.max(...day.backAfterMs)).toBeLessThanOrEqual(REGISTERED_WITHIN_MS);
  // Chromium logs that a connection broke, which is what this day does to it.
  const own = day.complaints.filter(
    (complaint) => !/^(?:WebSocket connection to|Failed to load resource)/.test(complaint),
  );
  expect(own).toEqual([]);
});
