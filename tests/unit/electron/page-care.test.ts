import { describe, expect, test } from 'vitest';
import { LinkDesk } from '../../../electron/link-desk.ts';
import { PageRestarts, withoutPage } from '../../../electron/page-restarts.ts';
import { NetworkWatch } from '../../../electron/system/network-watch.ts';
import { LOOK_EVERY_MS, PageWatch } from '../../../electron/windows/page-watch.ts';
import type { DesktopEvent } from '../../../shared/bridge/contract.ts';
import { clientParked, snapshotWith } from '../../e2e/desktop/snapshots.ts';

/** Looks every few seconds for so long, and says when the page was found to hang, ms. */
function watchFor(
  limitMs: number,
  day: { readonly inACall?: boolean; readonly answers?: (at: number) => boolean } = {},
): number | null {
  const watch = new PageWatch();
  watch.start();
  for (let at = LOOK_EVERY_MS; at <= limitMs; at += LOOK_EVERY_MS) {
    const what = watch.look(at, day.inACall ?? false);
    if (what === 'stuck') return at;
    if (day.answers?.(at) === true) watch.answered();
  }
  return null;
}

describe('a page that hangs', () => {
  test('is found within 15 s, in a call only after 30', () => {
    expect(watchFor(60_000)).toBe(15_000);
    expect(watchFor(60_000, { inACall: true })).toBe(33_000);
  });

  test('is not one that answers, however late each time', () => {
    expect(watchFor(3_600_000, { answers: () => true })).toBeNull();
    expect(watchFor(3_600_000, { answers: (at) => at % 12_000 === 0 })).toBeNull();
  });

  test('is not blamed for the sleep of the whole machine', () => {
    const watch = new PageWatch();
    watch.start();
    expect(watch.look(3_000, false)).toBe('ask');
    expect(watch.look(8 * 3_600_000, false)).toBe('ask');
    expect(watch.look(8 * 3_600_000 + 3_000, false)).toBe('wait');
  });

  test('is not looked for where no page is', () => {
    const watch = new PageWatch();
    expect(watch.look(3_000, false)).toBe('wait');
    watch.start();
    watch.look(6_000, false);
    watch.stop();
    expect(watch.look(60_000, false)).toBe('wait');
  });
});

const talking = snapshotWith([clientParked], {
  calls: [
    {
      callId: 'a',
      direction: 'incoming',
      name: 'Client',
      number: '003386002678',
      state: 'talking',
      recallSlot: null,
    },
    {
      callId: 'b',
      direction: 'outgoing',
      name: 'Gone',
      number: '1',
      state: 'ending',
      recallSlot: null,
    },
  ],
});

function restarts(answer: 'start' | 'quit' = 'start') {
  const seen = { asked: [] as string[], starts: 0, quits: 0 };
  const page = new PageRestarts({
    ask: ({ crashedOften }) => {
      seen.asked.push(crashedOften);
      return Promise.resolve(answer);
    },
    start: () => (seen.starts += 1),
    quit: () => (seen.quits += 1),
  });
  return { page, seen };
}

describe('a page in place of one that crashed', () => {
  test('is told once why, and who was talking', () => {
    const { page, seen } = restarts();
    page.note('crashed', talking, true);
    const calls = [{ name: 'Client', number: '003386002678' }];
    expect(page.take()).toEqual({ why: 'crashed', calls });
    expect(page.take()).toBeNull();
    expect(seen).toEqual({ asked: [], starts: 0, quits: 0 });
  });

  test('hears of the calls of the page before the last, when that one crashed too before it could tell', () => {
    const { page } = restarts();
    page.note('crashed', talking, true);
    page.note('unresponsive', null, true);
    expect(page.take()).toMatchObject({ why: 'unresponsive', calls: [{ name: 'Client' }] });
  });

  test.each(['start', 'quit'] as const)(
    'is not started for ever: the user is asked, and says %s',
    async (answer) => {
      const { page, seen } = restarts(answer);
      page.note('crashed', talking, false);
      expect(page.isDown).toBe(true);
      await Promise.resolve();
      await Promise.resolve();
      expect(seen.asked).toEqual([talking.labels.crashedOften]);
      expect([seen.starts, seen.quits]).toEqual(answer === 'start' ? [1, 0] : [0, 1]);
    },
  );

  test('is started by the tray, too, and then the question’s answer starts no second one', async () => {
    const { page, seen } = restarts();
    page.note('crashed', null, false);
    page.start();
    await Promise.resolve();
    await Promise.resolve();
    expect(seen.starts).toBe(1);
    expect(page.isDown).toBe(false);
  });

  test('until it is there, views know nothing instead of something old', () => {
    expect(withoutPage(talking)).toMatchObject({
      registration: 'offline',
      parkList: 'unknown',
      parked: [],
      calls: [],
      labels: { status: talking.labels.windowDown },
    });
  });
});

describe('a link', () => {
  const SIGN_IN = 'parkline:sign-in?server=pbx.example&extension=101';
  function desk(secondary = false) {
    const sent: DesktopEvent[] = [];
    let shown = 0;
    const links = new LinkDesk({
      send: (event) => sent.push(event),
      show: () => (shown += 1),
      secondary,
    });
    return { links, sent, shown: () => shown };
  }

  test('that started the app waits for somebody to be signed in, and then fills the dialler once', () => {
    const { links, sent, shown } = desk();
    links.open('tel:+49-30-123');
    links.pageListens();
    expect([sent, shown()]).toEqual([[], 1]);
    links.phoneIsThere();
    links.phoneIsThere();
    expect(sent).toEqual([{ kind: 'prefill', target: '+4930123' }]);
  });

  test('to sign in with waits only for a page that hears it', () => {
    const { links, sent } = desk();
    links.open(SIGN_IN);
    expect(sent).toEqual([]);
    links.pageListens();
    expect(sent).toEqual([{ kind: 'sign-in-link', link: SIGN_IN }]);
  });

  test('is not lost to a page that is being loaded anew', () => {
    const { links, sent } = desk();
    links.phoneIsThere();
    links.pageIsGone();
    links.open('sip:102@pbx.example');
    expect(sent).toEqual([]);
    links.phoneIsThere();
    expect(sent).toEqual([{ kind: 'prefill', target: '102@pbx.example' }]);
  });

  test('is not lost while nobody is signed in: it waits for whoever is next', () => {
    const { links, sent } = desk();
    links.pageListens();
    links.phoneIsThere();
    links.phoneIsGone();
    links.open('tel:102');
    expect(sent).toEqual([]);
    links.open(SIGN_IN);
    expect(sent).toEqual([{ kind: 'sign-in-link', link: SIGN_IN }]);
    links.phoneIsThere();
    expect(sent.slice(1)).toEqual([{ kind: 'prefill', target: '102' }]);
  });

  test('waits for the page when nobody was signed in and it is being loaded', () => {
    const { links, sent } = desk();
    links.phoneIsGone();
    links.open(SIGN_IN);
    expect(sent).toEqual([]);
  });

  test.each(['tel:*68102', 'https://example.com', '', 'javascript:alert(1)'])(
    '%j does nothing at all',
    (link) => {
      const { links, sent, shown } = desk();
      links.phoneIsThere();
      links.open(link);
      expect([sent, shown()]).toEqual([[], 0]);
    },
  );

  test('to call with is the first profile’s, not the second’s', () => {
    const { links, shown } = desk(true);
    links.open('tel:102');
    expect(shown()).toBe(0);
  });
});

describe('the network', () => {
  const at = (addresses: string, online = true) => ({ online, addresses });

  test('that comes, goes or gives way to another is told once', () => {
    const network = new NetworkWatch(at('10.0.0.2'));
    expect(network.look(at('10.0.0.2'))).toBeNull();
    expect(network.look(at('192.168.1.7'))).toEqual({ kind: 'network-online' });
    expect(network.look(at('192.168.1.7'))).toBeNull();
    expect(network.look(at('', false))).toEqual({ kind: 'network-offline' });
    expect(network.look(at('10.0.0.2', false))).toBeNull();
    expect(network.look(at('10.0.0.2'))).toEqual({ kind: 'network-online' });
  });
});
