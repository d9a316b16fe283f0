import { expect, test } from 'vitest';
import { AppUpdates, feedOf, UpdateError } from '../../../electron/system/app-updates.ts';
import type { UpdateEngine } from '../../../electron/system/app-updates.ts';
import type { UpdateProblem, UpdateState } from '../../../shared/bridge/update.ts';

class FakeEngine implements UpdateEngine {
  active = true;
  offer: { readonly version: string; readonly notes: string } | null = {
    version: '9.9.9',
    notes: 'Better.',
  };
  problem: UpdateProblem | null = null;
  readonly feeds: string[] = [];
  installed = 0;

  isActive(): boolean {
    return this.active;
  }
  check(feed: string) {
    this.feeds.push(feed);
    return Promise.resolve(this.offer);
  }
  fetch(onPercent: (percent: number) => void): Promise<void> {
    onPercent(40.4);
    onPercent(140);
    if (this.problem !== null) return Promise.reject(new UpdateError(this.problem, null));
    return Promise.resolve();
  }
  install(): void {
    this.installed += 1;
  }
}

function room(engine = new FakeEngine(), server: string | null = 'https://pbx.example:8443') {
  const states: UpdateState[] = [];
  let asked = 0;
  const updates = new AppUpdates({
    engine,
    server: () => server,
    onChange: (state) => states.push(state),
    askToInstall: () => (asked += 1),
  });
  return { engine, updates, states, asked: () => asked };
}

test('a version is offered with its notes, fetched when asked, and installed only after a question', async () => {
  const { engine, updates, states, asked } = room();
  await updates.check();
  expect(engine.feeds).toEqual(['https://pbx.example:8443/downloads/']);
  expect(updates.state).toEqual({ kind: 'offered', version: '9.9.9', notes: 'Better.' });
  await updates.fetch();
  expect(states.map(({ kind }) => kind)).toEqual([
    'checking',
    'offered',
    'fetching',
    'fetching',
    'fetching',
    'ready',
  ]);
  expect(engine.installed).toBe(0);
  updates.askToInstall();
  expect(asked()).toBe(1);
});

test('what is not what was promised is never ready, nor installed', async () => {
  const { engine, updates, asked } = room();
  engine.problem = 'tampered';
  await updates.check();
  await updates.fetch();
  expect(updates.state).toEqual({ kind: 'failed', problem: 'tampered' });
  updates.askToInstall();
  expect(asked()).toBe(0);
});

test('an installation that somebody else keeps up to date asks nobody', async () => {
  const engine = new FakeEngine();
  engine.active = false;
  const { updates } = room(engine);
  await updates.check();
  expect(updates.state).toEqual({ kind: 'not-here' });
  expect(engine.feeds).toEqual([]);
});

test.each([
  ['https://pbx.example/phone/', 'https://pbx.example/downloads/'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/downloads/'],
  ['http://localhost:8080', 'http://localhost:8080/downloads/'],
  ['http://192.168.1.5:8080', null],
  ['http://pbx.example', null],
  ['ftp://pbx.example', null],
  [null, null],
])('programs are taken from %s: %s', (server, feed) => {
  expect(feedOf(server)).toBe(feed);
});
