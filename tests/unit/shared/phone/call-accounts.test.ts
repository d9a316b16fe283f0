import { describe, expect, it } from 'vitest';
import { addMs } from '../../../../shared/domain/ids.ts';
import type { CallInput } from '../../../../shared/phone/call-input.ts';
import { noCalls, stepCalls } from '../../../../shared/phone/call-list.ts';
import { mayJoin } from '../../../../shared/phone/call-conference.ts';
import { startOfTest } from '../../../fakes/parked-calls.ts';

const party = { name: 'Client', number: '003386002678' };
const cameIn = (call: string, account: string): CallInput => ({
  kind: 'came-in',
  call,
  account,
  party,
  recall: null,
});
const dial = (call: string, account: string): CallInput => ({
  kind: 'dial',
  call,
  account,
  target: '103',
  party,
  purpose: { kind: 'call' },
});
const answered = (call: string): CallInput => ({ kind: 'answered', call, party: null });

/** The list and all effects after these inputs. */
function after(...inputs: readonly CallInput[]) {
  let list = noCalls();
  const effects = inputs.flatMap((input, second) => {
    const step = stepCalls(list, input, addMs(startOfTest, second * 1000));
    list = step.list;
    return step.effects;
  });
  const state = (id: string) => list.calls.find((call) => call.id === id)?.state.kind;
  return { list, effects, state };
}

const talkingAtTheOffice: readonly CallInput[] = [
  cameIn('office-1', 'office'),
  { kind: 'answer', call: 'office-1' },
  answered('office-1'),
];

describe('calls of several accounts', () => {
  it('are one conversation at a time: answering on one account holds the talker on the other first', () => {
    const { effects, state } = after(...talkingAtTheOffice, cameIn('home-1', 'home'), {
      kind: 'answer',
      call: 'home-1',
    });
    expect(effects.at(-1)).toEqual({ kind: 'hold', call: 'office-1' });
    expect(state('home-1')).toBe('waiting');
    const held = after(
      ...talkingAtTheOffice,
      cameIn('home-1', 'home'),
      { kind: 'answer', call: 'home-1' },
      { kind: 'hold-done', call: 'office-1' },
      answered('home-1'),
    );
    expect([held.state('office-1'), held.state('home-1')]).toEqual(['held', 'active']);
  });

  it('go back to where the user was when a call of the other account comes to nothing', () => {
    const { effects } = after(
      ...talkingAtTheOffice,
      dial('home-1', 'home'),
      { kind: 'hold-done', call: 'office-1' },
      {
        kind: 'refused',
        call: 'home-1',
        final: { status: 486, phrase: 'Busy Here', reasonText: null },
      },
    );
    expect(effects.at(-1)).toEqual({ kind: 'unhold', call: 'office-1' });
  });

  it('are neither joined nor connected by a transfer: no PBX knows the call of the other', () => {
    const { list } = after(
      ...talkingAtTheOffice,
      dial('home-1', 'home'),
      { kind: 'hold-done', call: 'office-1' },
      answered('home-1'),
    );
    expect(mayJoin(list, 'home-1', 'office-1')).toBe(false);
    for (const input of [
      { kind: 'join', call: 'home-1', other: 'office-1' },
      { kind: 'transfer', call: 'home-1', target: { kind: 'attended', other: 'office-1' } },
    ] as const) {
      const step = stepCalls(list, input, startOfTest);
      expect(step).toEqual({ list, effects: [] });
    }
  });
});
