import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatEvent,
  parseEvent,
  sameEvent,
} from '../../../../../shared/sip/events/event-header.ts';
import {
  formatSipfrag,
  parkResultHeaders,
  parkResultOf,
  parseSipfrag,
} from '../../../../../shared/sip/events/sipfrag.ts';
import {
  formatSubscriptionState,
  parseSubscriptionState,
} from '../../../../../shared/sip/events/subscription-state.ts';

describe('Event', () => {
  it('is a name with an id', () => {
    expect(parseEvent('Refer ; ID=314')).toMatchObject({ name: 'refer', id: '314' });
    expect(formatEvent('refer', '314')).toBe('refer;id=314');
    expect(formatEvent('dialog')).toBe('dialog');
    for (const text of ['', ';id=1', 'refer id', 'refer;;'])
      expect(parseEvent(text), text).toBeUndefined();
  });
  it('is the same when name and id are', () => {
    const same = (a: string, b: string) => {
      const [first, second] = [parseEvent(a), parseEvent(b)];
      return first !== undefined && second !== undefined && sameEvent(first, second);
    };
    expect(same('refer;id=1', 'REFER;x=y;id=1')).toBe(true);
    expect(same('refer;id=1', 'refer')).toBe(false);
  });
});

describe('Subscription-State', () => {
  it('is read and written', () => {
    const states = [
      'active;expires=60',
      'pending',
      'terminated;reason=noresource',
      'terminated;reason=probation;retry-after=30',
    ];
    for (const text of states) {
      const state = parseSubscriptionState(text);
      expect(state && formatSubscriptionState(state)).toBe(text);
    }
    expect(parseSubscriptionState('Terminated;reason=whatever')).toEqual({
      kind: 'terminated',
      reason: 'giveup',
      retryAfter: undefined,
    });
    expect(parseSubscriptionState('dormant')).toBeUndefined();
    expect(parseSubscriptionState('active expires=1')).toBeUndefined();
  });
});

describe('sipfrag', () => {
  const result = {
    parkId: 'k3n5',
    slot: '103',
    retrieve: '*88103',
    recallAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  };

  it('tells where a call was parked', () => {
    const text = formatSipfrag(200, { headers: parkResultHeaders(result) });
    expect(text).toBe(
      'SIP/2.0 200 OK\r\nX-Park-Id: k3n5\r\nX-Park-Slot: 103\r\nX-Park-Retrieve: *88103\r\n' +
        'X-Park-Recall-At: 2026-01-02T03:04:05.000Z\r\n',
    );
    const fragment = parseSipfrag(text);
    expect(fragment && parkResultOf(fragment)).toEqual(result);
  });

  it('tells a failure with its reason on one line', () => {
    const text = formatSipfrag(404, { reason: 'No such\r\nextension é' });
    expect(text).toBe('SIP/2.0 404 No such  extension é\r\n');
    expect(parseSipfrag(text)).toMatchObject({ status: 404, reason: 'No such  extension é' });
    expect(formatSipfrag(100)).toBe('SIP/2.0 100 Trying\r\n');
  });

  it('of others is read with bare line feeds, blanks around it, a body behind it', () => {
    expect(parseSipfrag('\nSIP/2.0 486 Busy\nX-A: b\n\nbody')?.headers.get('X-A')).toBe('b');
    expect(parseSipfrag('SIP/2.0 200 OK')).toMatchObject({ status: 200 });
    const plain = parseSipfrag('SIP/2.0 200 OK');
    expect(plain && parkResultOf(plain)).toBeUndefined();
  });

  it('that is none is undefined, and nothing makes it throw', () => {
    for (const text of [
      '',
      'INVITE sip:a@b SIP/2.0',
      'SIP/2.0',
      'SIP/2.0 20 x',
      'SIP/2.0 200 OK\r\nbroken',
    ]) {
      expect(parseSipfrag(text), text).toBeUndefined();
    }
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => void parseSipfrag(`SIP/2.0 200 OK\r\n${text}`),
      ),
    );
  });
});
