import { beforeEach, describe, expect, it } from 'vitest';
import { epochMs } from '../../../../shared/domain/ids.ts';
import { mixOf } from '../../../../shared/phone/call-conference.ts';
import type { CallList } from '../../../../shared/phone/call.ts';
import type { CallEffect, CallInput } from '../../../../shared/phone/call-input.ts';
import { noCalls, stepCalls } from '../../../../shared/phone/call-list.ts';

const NOW = epochMs(0);
let list: CallList;
let effects: CallEffect[];

function step(...inputs: readonly CallInput[]): void {
  for (const input of inputs) {
    const next = stepCalls(list, input, NOW);
    list = next.list;
    effects = [...next.effects];
  }
}

const comes = (call: string): CallInput => ({
  kind: 'came-in',
  call,
  party: { name: null, number: call },
  recall: null,
});
const answered = (call: string): CallInput => ({ kind: 'answered', call, party: null });
const states = () => Object.fromEntries(list.calls.map(({ id, state }) => [id, state.kind]));
const companies = () => list.calls.map(({ company }) => company);

/** `a` is on hold, `b` is heard. */
function twoCalls(): void {
  step(comes('a'), { kind: 'answer', call: 'a' }, answered('a'));
  step(comes('b'), { kind: 'answer', call: 'b' }, { kind: 'hold-done', call: 'a' }, answered('b'));
}

function conference(): void {
  twoCalls();
  step({ kind: 'join', call: 'b', other: 'a' }, { kind: 'resume-done', call: 'a' });
}

beforeEach(() => {
  list = noCalls();
  effects = [];
});

describe('a conference of two calls', () => {
  it('takes the one on hold off it, and is mixed as soon as both are heard', () => {
    twoCalls();
    step({ kind: 'join', call: 'b', other: 'a' });
    expect(effects).toEqual([{ kind: 'unhold', call: 'a' }]);
    expect(mixOf(list)).toEqual([]);
    step({ kind: 'resume-done', call: 'a' });
    expect(states()).toEqual({ a: 'active', b: 'active' });
    expect(effects).toEqual([{ kind: 'mix', calls: ['a', 'b'] }]);
  });

  it('may be begun from either side', () => {
    twoCalls();
    step({ kind: 'join', call: 'a', other: 'b' }, { kind: 'resume-done', call: 'a' });
    expect(mixOf(list)).toEqual(['a', 'b']);
  });

  it('may be begun with both on hold', () => {
    twoCalls();
    step({ kind: 'hold', call: 'b' }, { kind: 'hold-done', call: 'b' });
    step({ kind: 'join', call: 'b', other: 'a' }, { kind: 'resume-done', call: 'b' });
    expect(effects).toContainEqual({ kind: 'unhold', call: 'a' });
    step({ kind: 'resume-done', call: 'a' });
    expect(mixOf(list)).toEqual(['a', 'b']);
  });

  it('is left as two calls when the held one cannot come back', () => {
    twoCalls();
    step({ kind: 'join', call: 'b', other: 'a' }, { kind: 'resume-failed', call: 'a' });
    expect(states()).toEqual({ a: 'held', b: 'active' });
    expect(companies()).toEqual(['alone', 'alone']);
  });

  it('has one mouth: muted for one is muted for all, and joining keeps the talking one’s', () => {
    twoCalls();
    step({ kind: 'mute', call: 'b' }, { kind: 'join', call: 'b', other: 'a' });
    expect(list.calls.map(({ microphone }) => microphone)).toEqual(['muted', 'muted']);
    step({ kind: 'resume-done', call: 'a' }, { kind: 'unmute', call: 'a' });
    expect(effects).toEqual([
      { kind: 'set-microphone', call: 'a', to: 'open' },
      { kind: 'set-microphone', call: 'b', to: 'open' },
    ]);
  });

  it('goes on hold and comes back as one', () => {
    conference();
    step({ kind: 'hold', call: 'a' });
    expect(effects).toEqual([
      { kind: 'hold', call: 'a' },
      { kind: 'hold', call: 'b' },
      { kind: 'mix', calls: [] },
    ]);
    step({ kind: 'hold-done', call: 'a' }, { kind: 'hold-done', call: 'b' });
    step({ kind: 'resume', call: 'b' }, { kind: 'resume-done', call: 'b' });
    expect(effects).toEqual([{ kind: 'unhold', call: 'a' }]);
    step({ kind: 'resume-done', call: 'a' });
    expect(effects).toEqual([{ kind: 'mix', calls: ['a', 'b'] }]);
  });

  it('waits whole while a third call is answered, and comes back whole when that fails', () => {
    conference();
    step(comes('c'), { kind: 'answer', call: 'c' });
    expect(states()).toEqual({ a: 'holding', b: 'holding', c: 'waiting' });
    step({ kind: 'hold-done', call: 'a' });
    expect(states()['c']).toBe('waiting');
    step({ kind: 'hold-done', call: 'b' });
    expect(effects).toEqual([{ kind: 'answer', call: 'c' }]);
    step({ kind: 'gone', call: 'c', why: 'cancel' });
    expect(effects).toEqual([{ kind: 'unhold', call: 'a' }]);
    step({ kind: 'resume-done', call: 'a' }, { kind: 'resume-done', call: 'b' });
    expect(mixOf(list)).toEqual(['a', 'b']);
  });

  it('comes back whole when the third gives up while it is being put on hold', () => {
    conference();
    step(comes('c'), { kind: 'answer', call: 'c' }, { kind: 'gone', call: 'c', why: 'cancel' });
    step({ kind: 'hold-done', call: 'b' }, { kind: 'hold-done', call: 'a' });
    step({ kind: 'resume-done', call: 'a' });
    step({ kind: 'resume-done', call: 'b' });
    expect(states()).toMatchObject({ a: 'active', b: 'active' });
    expect(mixOf(list)).toEqual(['a', 'b']);
  });

  it('is parted by talking to one alone: the other is put on hold', () => {
    conference();
    step({ kind: 'split', call: 'a' });
    expect(effects).toEqual([
      { kind: 'hold', call: 'b' },
      { kind: 'mix', calls: [] },
    ]);
    expect(companies()).toEqual(['alone', 'alone']);
  });

  it.each(['bye', 'connection-lost'] as const)(
    'ends when one leaves by %s; the other goes on',
    (why) => {
      conference();
      step({ kind: 'gone', call: 'a', why });
      expect(effects).toEqual([{ kind: 'mix', calls: [] }]);
      expect(states()).toMatchObject({ a: 'ended', b: 'active' });
      expect(companies()).toEqual(['alone', 'alone']);
    },
  );

  it('leaves the two to each other by a transfer, and stays whole if that is refused', () => {
    conference();
    step({ kind: 'transfer', call: 'a', target: { kind: 'attended', other: 'b' } });
    expect(mixOf(list)).toEqual(['a', 'b']);
    const final = { status: 403, phrase: 'Forbidden', reasonText: null };
    step({ kind: 'refer-failed', call: 'a', final });
    expect(states()).toEqual({ a: 'active', b: 'active' });
    expect(mixOf(list)).toEqual(['a', 'b']);
    step({ kind: 'transfer', call: 'a', target: { kind: 'attended', other: 'b' } });
    step({ kind: 'refer-succeeded', call: 'a', receipt: null });
    expect(effects).toEqual([
      { kind: 'end', call: 'a' },
      { kind: 'mix', calls: [] },
    ]);
  });

  it('has room for two others and no more', () => {
    conference();
    step(comes('c'), { kind: 'answer', call: 'c' });
    step({ kind: 'hold-done', call: 'a' }, { kind: 'hold-done', call: 'b' }, answered('c'));
    step({ kind: 'join', call: 'c', other: 'a' });
    expect(effects).toEqual([]);
    expect(companies()).toEqual(['conference', 'conference', 'alone']);
  });

  it.each(['x', 'b'])('is not made with %s', (other) => {
    twoCalls();
    step({ kind: 'join', call: 'b', other });
    expect(effects).toEqual([]);
    expect(companies()).toEqual(['alone', 'alone']);
  });
});
