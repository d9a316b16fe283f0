import { describe, expect, it } from 'vitest';
import { addMs } from '../../../../shared/domain/ids.ts';
import type { Call, TransferTarget } from '../../../../shared/phone/call.ts';
import type { CallInput } from '../../../../shared/phone/call-input.ts';
import { liveCalls, noCalls, stepCalls } from '../../../../shared/phone/call-list.ts';
import { startOfTest } from '../../../fakes/parked-calls.ts';

const final = (status: number, reasonText: string | null = null) => ({
  status,
  phrase: 'Phrase',
  reasonText,
});
const client = { name: 'Client', number: '003386002678' };
const on102: TransferTarget = { kind: 'park', code: '*68102', note: null };

/** A phone that remembers what it was told to do. */
class Phone {
  list = noCalls();
  readonly done: string[] = [];
  /** As the network was last told. */
  readonly microphones = new Map<string, 'open' | 'muted'>();
  #seconds = 0;

  does(...inputs: CallInput[]): this {
    for (const input of inputs) {
      const step = stepCalls(this.list, input, addMs(startOfTest, (this.#seconds += 1) * 1000));
      this.list = step.list;
      for (const effect of step.effects) {
        if (effect.kind === 'set-microphone') this.microphones.set(effect.call, effect.to);
        this.done.push('call' in effect ? `${effect.kind} ${effect.call}` : effect.kind);
      }
    }
    return this;
  }

  /** What was done since the last time this was asked. */
  get did(): readonly string[] {
    return this.done.splice(0);
  }

  call(id: string): Call {
    const call = this.list.calls.find((each) => each.id === id);
    if (call === undefined) throw new Error(`No call ${id}`);
    return call;
  }

  state(id: string): string {
    return this.call(id).state.kind;
  }
}

const cameIn = (call: string): CallInput => ({
  kind: 'came-in',
  call,
  party: client,
  recall: null,
});
const answered = (call: string): CallInput => ({ kind: 'answered', call, party: null });
const dial = (call: string, target = '103'): CallInput => ({
  kind: 'dial',
  call,
  target,
  party: { name: null, number: target },
  purpose: { kind: 'call' },
});
const retrieve = (call: string): CallInput => ({
  kind: 'dial',
  call,
  target: 'sip:*88102@pbx.test;park-id=k3n5',
  party: client,
  purpose: { kind: 'retrieve', cardId: 'k3n5' },
});
const simple = (
  kind:
    | 'answer'
    | 'hang-up'
    | 'hold'
    | 'resume'
    | 'mute'
    | 'unmute'
    | 'hold-done'
    | 'hold-failed'
    | 'resume-done'
    | 'resume-failed'
    | 'refer-accepted',
  call: string,
): CallInput => ({ kind, call });

/** Talking to somebody on call `a`. */
function talking(): Phone {
  const phone = new Phone().does(cameIn('a'), simple('answer', 'a'), answered('a'));
  expect(phone.did).toEqual(['answer a']);
  return phone;
}

describe('a call', () => {
  it('comes in, is answered and hung up', () => {
    const phone = talking();
    expect(phone.call('a')).toMatchObject({ state: { kind: 'active' }, party: client });
    phone.does(simple('hang-up', 'a'));
    expect(phone.did).toEqual(['end a']);
    expect(phone.call('a').state).toMatchObject({ why: { kind: 'hung-up', by: 'me' } });
    expect(liveCalls(phone.list)).toEqual([]);
    phone.does({ kind: 'forget', call: 'a' });
    expect(phone.list.calls).toEqual([]);
  });

  it.each([
    ['cancel', { kind: 'missed' }],
    ['answered-elsewhere', { kind: 'answered-elsewhere' }],
    ['connection-lost', { kind: 'connection-lost' }],
  ] as const)('that is not answered ends as %s says', (why, end) => {
    const phone = new Phone().does(cameIn('a'), { kind: 'gone', call: 'a', why });
    expect(phone.call('a').state).toMatchObject({ why: end });
    expect(phone.did).toEqual([]);
  });

  it('is declined, or called off, and the network is told', () => {
    const phone = new Phone().does(
      cameIn('a'),
      simple('hang-up', 'a'),
      dial('b'),
      simple('hang-up', 'b'),
    );
    expect(phone.did).toEqual(['end a', 'dial b', 'end b']);
    expect(phone.call('a').state).toMatchObject({ why: { kind: 'declined' } });
    expect(phone.call('b').state).toMatchObject({ why: { kind: 'cancelled' } });
  });

  it.each([
    [404, 'not-found'],
    [484, 'incomplete-number'],
    [486, 'busy'],
    [480, 'unavailable'],
    [408, 'no-answer'],
    [603, 'rejected'],
    [488, 'media'],
    [503, 'server'],
    [420, 'other'],
  ])('that is refused with %i says %s', (status, problem) => {
    const phone = new Phone().does(dial('a'), { kind: 'refused', call: 'a', final: final(status) });
    expect(phone.call('a').state).toMatchObject({
      why: { kind: 'failed', problem: { kind: problem } },
    });
  });

  it('is over once: what comes later changes nothing', () => {
    const phone = talking().does(simple('hang-up', 'a'));
    const before = phone.list;
    phone.does(
      { kind: 'gone', call: 'a', why: 'bye' },
      answered('a'),
      simple('hold-done', 'a'),
      simple('hang-up', 'a'),
    );
    expect(phone.list).toEqual(before);
  });

  it('is muted and sends digits only while it talks', () => {
    const phone = talking().does(
      { kind: 'mute', call: 'a' },
      { kind: 'mute', call: 'a' },
      { kind: 'digit', call: 'a', digit: '5' },
      { kind: 'digit', call: 'a', digit: 'x' },
      { kind: 'unmute', call: 'a' },
      simple('hold', 'a'),
      { kind: 'digit', call: 'a', digit: '5' },
    );
    expect(phone.did).toEqual(['set-microphone a', 'send-digit a', 'set-microphone a', 'hold a']);
  });
});

describe('a second call', () => {
  it('holds the first before it is dialled', () => {
    const phone = talking().does(dial('b'));
    expect(phone.did).toEqual(['hold a']);
    expect(phone.state('b')).toBe('waiting');
    phone.does(simple('hold-done', 'a'));
    expect(phone.did).toEqual(['dial b']);
    expect([phone.state('a'), phone.state('b')]).toEqual(['held', 'dialing']);
  });

  it('holds the first before it is answered', () => {
    const phone = talking().does(cameIn('b'), simple('answer', 'b'));
    expect(phone.did).toEqual(['hold a']);
    phone.does(simple('hold-done', 'a'), answered('b'));
    expect(phone.did).toEqual(['answer b']);
    expect([phone.state('a'), phone.state('b')]).toEqual(['held', 'active']);
  });

  it('is swapped with the first, and back', () => {
    const phone = talking().does(dial('b'), simple('hold-done', 'a'), answered('b'));
    phone.done.splice(0);
    phone.does(simple('resume', 'a'));
    expect(phone.did).toEqual(['hold b']);
    phone.does(simple('hold-done', 'b'));
    expect(phone.did).toEqual(['unhold a']);
    phone.does(simple('resume-done', 'a'));
    expect([phone.state('a'), phone.state('b')]).toEqual(['active', 'held']);
  });

  it('goes on at once when the first hangs up while it is put on hold', () => {
    const phone = talking().does(dial('b'), { kind: 'gone', call: 'a', why: 'bye' });
    expect(phone.did).toEqual(['hold a', 'dial b']);
  });

  it('that comes to nothing gives the first one back', () => {
    const phone = talking().does(dial('b'), simple('hold-done', 'a'), {
      kind: 'refused',
      call: 'b',
      final: final(486),
    });
    expect(phone.did).toEqual(['hold a', 'dial b', 'unhold a']);
    phone.does(simple('resume-done', 'a'));
    expect(phone.state('a')).toBe('active');
  });

  it('that is called off while the first is put on hold is never dialled', () => {
    const phone = talking().does(dial('b'), simple('hang-up', 'b'));
    expect(phone.did).toEqual(['hold a']);
    phone.does(simple('hold-done', 'a'));
    expect(phone.did).toEqual(['unhold a']);
  });

  it('that was talked on leaves the first on hold when it ends', () => {
    const phone = talking().does(dial('b'), simple('hold-done', 'a'), answered('b'), {
      kind: 'gone',
      call: 'b',
      why: 'bye',
    });
    expect(phone.did).toEqual(['hold a', 'dial b']);
    expect(phone.state('a')).toBe('held');
  });

  it('is not answered, and the first is not dropped, when the hold fails', () => {
    const phone = talking().does(cameIn('b'), simple('answer', 'b'), simple('hold-failed', 'a'));
    expect([phone.state('a'), phone.state('b')]).toEqual(['active', 'incoming']);
    expect(phone.call('a').notice).toEqual({ kind: 'hold-failed' });
  });
});

describe('two calls answered at once', () => {
  it('are never both heard, although one of them cannot be put on hold', () => {
    const phone = new Phone().does(dial('a'), dial('b'), answered('a'), answered('b'));
    expect(phone.did).toEqual(['dial a', 'dial b', 'hold a']);
    phone.does(simple('hold-failed', 'a'));
    expect(phone.did).toEqual(['set-microphone a']);
    expect([phone.state('a'), phone.state('b')]).toEqual(['held', 'active']);
    expect(phone.call('a')).toMatchObject({ silenced: true, notice: { kind: 'hold-failed' } });
  });

  it.each(['open', 'muted'] as const)(
    'leave the one that could not be held with the microphone %s, as the user had it',
    (chosen) => {
      const phone = new Phone().does(dial('a'), dial('b'), answered('a'));
      if (chosen === 'muted') phone.does(simple('mute', 'a'));
      phone.does(answered('b'), simple('hold-failed', 'a'));
      phone.done.splice(0);
      phone.does({ kind: 'gone', call: 'b', why: 'bye' }, simple('resume', 'a'));
      expect(phone.did).toEqual(['unhold a']);
      phone.does(simple('resume-done', 'a'));
      expect(phone.microphones.get('a')).toBe(chosen);
      expect(phone.call('a')).toMatchObject({ microphone: chosen, silenced: false });
    },
  );

  it('open no microphone to the one that could not be held before it goes on', () => {
    const phone = new Phone().does(dial('a'), dial('b'), answered('a'), simple('mute', 'a'));
    phone.does(answered('b'), simple('hold-failed', 'a'), simple('unmute', 'a'));
    expect(phone.microphones.get('a')).toBe('muted');
    phone.does({ kind: 'gone', call: 'b', why: 'bye' }, simple('resume', 'a'));
    phone.does(simple('resume-done', 'a'));
    expect(phone.microphones.get('a')).toBe('open');
  });
});

describe('a retrieve', () => {
  it('while talking holds that call first, then shows the parked caller', () => {
    const phone = talking().does(retrieve('r'), simple('hold-done', 'a'), {
      kind: 'answered',
      call: 'r',
      party: client,
    });
    expect(phone.did).toEqual(['hold a', 'dial r']);
    expect(phone.call('r')).toMatchObject({ state: { kind: 'active' }, party: client });
    expect(phone.state('a')).toBe('held');
  });

  it('that is lost to somebody else says so and takes the talking call off hold', () => {
    const phone = talking().does(retrieve('r'), simple('hold-done', 'a'), {
      kind: 'refused',
      call: 'r',
      final: final(410, 'Retrieved by Carol'),
    });
    expect(phone.did).toEqual(['hold a', 'dial r', 'unhold a']);
    expect(phone.call('r').state).toMatchObject({
      why: {
        kind: 'retrieve-failed',
        problem: { kind: 'gone', how: { kind: 'retrieved', by: 'Carol' } },
      },
    });
  });

  it('is not made when the talking call cannot be held', () => {
    const phone = talking().does(retrieve('r'), simple('hold-failed', 'a'));
    expect(phone.did).toEqual(['hold a']);
    expect(phone.state('a')).toBe('active');
    expect(phone.call('r').state).toMatchObject({
      why: { kind: 'retrieve-failed', problem: { kind: 'hold-failed' } },
    });
  });
});

describe('a park', () => {
  const receipt = { parkId: 'k3n5', slot: '102', retrieveCode: '*88102' };
  const parking = () => {
    const phone = talking().does({ kind: 'transfer', call: 'a', target: on102 });
    expect(phone.did).toEqual(['refer a', 'watch-refer a']);
    return phone;
  };

  it('is not done by the 202, but by the final NOTIFY, and then the BYE is ours', () => {
    const phone = parking().does(simple('refer-accepted', 'a'));
    expect(phone.call('a').state).toMatchObject({ kind: 'parking', phase: 'accepted' });
    phone.does({ kind: 'refer-succeeded', call: 'a', receipt });
    expect(phone.did).toEqual(['end a']);
    expect(phone.call('a').state).toMatchObject({ why: { kind: 'parked', receipt } });
  });

  it.each([
    [404, 'unknown-extension'],
    [484, 'incomplete-number'],
    [403, 'not-permitted'],
    [486, 'slot-full'],
    [480, 'nobody-available'],
    [491, 'already-being-parked'],
    [503, 'server-busy'],
    [0, 'no-connection'],
  ])('that is refused with %i keeps the call and says %s', (status, problem) => {
    const phone = parking().does({ kind: 'refer-failed', call: 'a', final: final(status) });
    expect(phone.call('a')).toMatchObject({
      state: { kind: 'active' },
      notice: { kind: 'park-failed', problem: { kind: problem } },
    });
    expect(phone.did).toEqual([]);
  });

  it.each<CallInput>([
    { kind: 'refer-failed', call: 'a', final: final(486) },
    { kind: 'refer-overdue', call: 'a', refer: 1 },
  ])('from hold leaves the call there when $kind: no microphone opens unasked', (nothing) => {
    const phone = talking().does(
      simple('hold', 'a'),
      simple('hold-done', 'a'),
      { kind: 'transfer', call: 'a', target: on102 },
      nothing,
    );
    expect(phone.did).not.toContain('unhold a');
    expect(phone.state('a')).toBe('held');
    phone.does(simple('resume', 'a'));
    expect(phone.did).toEqual(['unhold a']);
  });

  it('of which nothing is heard keeps the call, says so and asks for the list anew', () => {
    const phone = parking().does(simple('refer-accepted', 'a'), {
      kind: 'refer-overdue',
      call: 'a',
      refer: 1,
    });
    expect(phone.did).toEqual(['resubscribe']);
    expect(phone.call('a')).toMatchObject({
      state: { kind: 'active' },
      notice: { kind: 'no-word', of: 'park' },
    });
    phone.does({ kind: 'refer-succeeded', call: 'a', receipt });
    expect(phone.did).toEqual(['end a']);
    expect(phone.call('a').state).toMatchObject({ why: { kind: 'parked' } });
  });

  it('tried again is not ended by the timeout of the first try', () => {
    const phone = parking().does(
      { kind: 'refer-failed', call: 'a', final: final(486) },
      { kind: 'transfer', call: 'a', target: on102 },
      { kind: 'refer-overdue', call: 'a', refer: 1 },
    );
    expect(phone.state('a')).toBe('parking');
  });

  it('that fails when the user talks to somebody else puts the call on hold', () => {
    const phone = parking().does(cameIn('b'), simple('answer', 'b'), answered('b'), {
      kind: 'refer-failed',
      call: 'a',
      final: final(503),
    });
    expect(phone.did).toEqual(['answer b', 'hold a']);
    phone.does(simple('hold-done', 'a'));
    expect([phone.state('a'), phone.state('b')]).toEqual(['held', 'active']);
  });

  it('ends with the caller when they hang up meanwhile', () => {
    const phone = parking().does({ kind: 'gone', call: 'a', why: 'bye' });
    expect(phone.call('a').state).toMatchObject({ why: { kind: 'hung-up', by: 'them' } });
  });

  it('on another PBX is a park too, although nobody says where', () => {
    const phone = parking().does({ kind: 'refer-succeeded', call: 'a', receipt: null });
    expect(phone.call('a').state).toMatchObject({
      why: { kind: 'parked', receipt: { slot: null } },
    });
  });

  it('of a call that is not talking is not asked for', () => {
    const phone = new Phone().does(cameIn('a'), { kind: 'transfer', call: 'a', target: on102 });
    expect(phone.did).toEqual([]);
  });
});

describe('a transfer', () => {
  it('joins two calls of mine, and no call with itself', () => {
    const phone = talking().does(dial('b'), simple('hold-done', 'a'), answered('b'));
    phone.done.splice(0);
    phone.does({ kind: 'transfer', call: 'a', target: { kind: 'attended', other: 'a' } });
    expect(phone.did).toEqual([]);
    phone.does(
      { kind: 'transfer', call: 'a', target: { kind: 'attended', other: 'b' } },
      { kind: 'refer-succeeded', call: 'a', receipt: null },
    );
    expect(phone.did).toEqual(['refer a', 'watch-refer a', 'end a']);
    expect(phone.call('a').state).toMatchObject({ why: { kind: 'transferred' } });
  });
});
