import { beforeEach, describe, expect, it } from 'vitest';
import type { ParkedCallLine } from '../../../../shared/config/admin/live.ts';
import { Live, type Changed, type FeedListener } from '../../../../renderer/portal/model/live.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

const call = (parkId: string, parkedAt: number): ParkedCallLine => ({
  parkId,
  slot: '101',
  group: null,
  parker: '101',
  caller: { name: '', number: '104', anonymous: false },
  state: 'parked',
  parkedAt,
  recallAt: parkedAt + 300_000,
  note: null,
});

const happened = (what: string, of: ParkedCallLine, now: ParkedCallLine | null) => ({
  kind: 'call',
  at: 5_000,
  what,
  parkId: of.parkId,
  slot: of.slot,
  parker: of.parker,
  by: null,
  call: now,
});

let clock: FakeClock;
let feeds: { url: string; listener: FeedListener; open: boolean }[];
let live: Live;
let mayRetry: boolean;

beforeEach(() => {
  clock = new FakeClock(1_000);
  feeds = [];
  mayRetry = true;
  live = new Live({
    clock,
    mayRetry: async () => mayRetry,
    openFeed: (url, listener) => {
      const feed = { url, listener, open: true };
      feeds.push(feed);
      return { close: () => void (feed.open = false) };
    },
  });
  live.follow('t1');
});

const say = (event: object) => feeds.at(-1)?.listener.said(JSON.stringify(event));
const shown = () => live.state.getState().calls.map(({ parkId }) => parkId);
const kind = () => live.state.getState().kind;

describe('the parked calls of a tenant', () => {
  it('are unknown until the first word, then follow every one', () => {
    expect(kind()).toBe('waiting');
    const [a, b] = [call('a', 10), call('b', 20)];
    say({ kind: 'snapshot', at: 4_000, calls: [b] });
    expect([kind(), ...shown()]).toEqual(['live', 'b']);
    expect(live.state.getState().aheadMs).toBe(3_000);
    say(happened('parked', a, a));
    expect(shown()).toEqual(['a', 'b']);
    say(happened('recalled', a, { ...a, state: 'recalling' }));
    expect(live.state.getState().calls[0]?.state).toBe('recalling');
    say(happened('abandoned', a, null));
    expect(shown()).toEqual(['b']);
    expect(live.state.getState().happenings.map(({ what }) => what)).toEqual([
      'abandoned',
      'recalled',
      'parked',
    ]);
  });

  it('are kept and marked when the stream breaks, and what may have been missed is read again', () => {
    const changes: Changed[] = [];
    live.onChanged((what) => changes.push(what));
    say({ kind: 'snapshot', at: 1_000, calls: [call('a', 10)] });
    feeds[0]?.listener.broke(false);
    expect([kind(), ...shown()]).toEqual(['stale', 'a']);
    say({ kind: 'snapshot', at: 2_000, calls: [] });
    expect([kind(), ...shown()]).toEqual(['live']);
    expect(changes).toContain('park-groups');
  });

  it('are asked for anew when the stream does not come back by itself, unless the session is over', async () => {
    feeds[0]?.listener.broke(true);
    expect(feeds[0]?.open).toBe(false);
    clock.advance(3_000);
    await Promise.resolve();
    expect(feeds).toHaveLength(2);
    mayRetry = false;
    feeds[1]?.listener.broke(true);
    clock.advance(3_000);
    await Promise.resolve();
    expect(feeds).toHaveLength(2);
    live.resume();
    expect(feeds).toHaveLength(3);
  });

  it('of another tenant are others', () => {
    say({ kind: 'snapshot', at: 1_000, calls: [call('a', 10)] });
    live.follow('t/2');
    expect([kind(), ...shown()]).toEqual(['waiting']);
    expect(feeds[0]?.open).toBe(false);
    expect(feeds[1]?.url).toBe('/api/admin/tenants/t%2F2/events');
    live.follow(null);
    expect(feeds[1]?.open).toBe(false);
  });

  it('do not follow what nobody understands', () => {
    feeds[0]?.listener.said('{');
    say({ kind: 'unheard-of' });
    expect(kind()).toBe('waiting');
  });
});
