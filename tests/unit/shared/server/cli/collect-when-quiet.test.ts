import { expect, it } from 'vitest';
import {
  collectWhenQuiet,
  quietSinceLastAsked,
} from '../../../../../shared/server/cli/collect-when-quiet.ts';
import { Metrics } from '../../../../../shared/server/metrics.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';

function watched() {
  const metrics = new Metrics({
    registrations: () => 0,
    reachableRegistrations: () => 0,
    dialogs: () => 0,
    legs: () => ({}),
    flows: () => ({}),
  });
  return { metrics, isQuiet: quietSinceLastAsked(() => metrics.activity) };
}

/** As a phone's refresh: each begins and ends before the next. */
function transactions(metrics: Metrics, count: number): void {
  for (let n = 0; n < count; n += 1) {
    metrics.transactions(1);
    metrics.transactions(0);
  }
}

it('is quiet while nothing happens, and with a phone here and there that refreshes its registration', () => {
  const { metrics, isQuiet } = watched();
  expect(isQuiet()).toBe(true);
  transactions(metrics, 249);
  expect(isQuiet()).toBe(true);
  transactions(metrics, 249);
  expect(isQuiet()).toBe(true);
});

it('is not quiet when many register, though no call comes or goes', () => {
  const { metrics, isQuiet } = watched();
  transactions(metrics, 250);
  expect(isQuiet()).toBe(false);
  expect(isQuiet()).toBe(true);
});

it('is not quiet when as many calls began as ended', () => {
  const { metrics, isQuiet } = watched();
  metrics.calls.callStarted();
  expect(isQuiet()).toBe(false);
  metrics.calls.callStarted();
  metrics.calls.callEnded('answered');
  expect(isQuiet()).toBe(false);
  expect(isQuiet()).toBe(true);
});

it.each([
  ['parked', ({ calls }: Metrics) => calls.park('refer', 200)],
  ['retrieved', ({ calls }: Metrics) => calls.retrieve(200, 20)],
  ['recalled', ({ calls }: Metrics) => calls.recall('started')],
])('is not quiet when a call is %s', (_what, happen) => {
  const { metrics, isQuiet } = watched();
  happen(metrics);
  expect(isQuiet()).toBe(false);
});

it('has the server give back its own memory after forty quiet seconds, counted anew when something happens', () => {
  const clock = new FakeClock();
  const { metrics } = watched();
  let released = 0;
  const server = {
    get activity() {
      return metrics.activity;
    },
    releaseMemory: () => void (released += 1),
  };
  const collection = collectWhenQuiet(server, clock);
  clock.advance(35_000);
  metrics.calls.callStarted();
  clock.advance(44_999);
  expect(released).toBe(0);
  clock.advance(1);
  expect(released).toBe(1);
  collection.dispose();
});
