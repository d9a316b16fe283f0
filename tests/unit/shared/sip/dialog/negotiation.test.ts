import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  negotiate,
  type NegotiationInput,
  type NegotiationState,
  type OfferCarrier,
} from '../../../../../shared/sip/dialog/negotiation.ts';
import { walkMachine } from '../../../../fakes/walk-machine.ts';

const chance = { ownsCallId: true, roll: 0.5 };
const step = (state: NegotiationState, input: NegotiationInput) => {
  const { state: next, effects } = negotiate(state, input, chance);
  return { state: next, actions: effects };
};

describe('every state × every input of offer and answer (RFC 3261 §14, RFC 3311 §5)', () => {
  const states: Record<string, NegotiationState> = {
    stable: { kind: 'stable' },
    ours: { kind: 'ours-open', carrier: 'INVITE', again: undefined },
    'ours, again': { kind: 'ours-open', carrier: 'INVITE', again: 'UPDATE' },
    theirs: { kind: 'theirs-open', carrier: 'INVITE', again: undefined },
    'theirs, again': { kind: 'theirs-open', carrier: 'INVITE', again: 'UPDATE' },
    waiting: { kind: 'backing-off', again: 'INVITE' },
    ended: { kind: 'ended' },
  };
  const inputs: Record<string, NegotiationInput> = {
    want: { kind: 'want-offer', carrier: 'INVITE' },
    'ok to ours': { kind: 'our-offer-done', status: 200 },
    'no to ours': { kind: 'our-offer-done', status: 488 },
    'glare to ours': { kind: 'our-offer-done', status: 491 },
    'their INVITE': { kind: 'their-request', carrier: 'INVITE', hasOffer: false },
    'their UPDATE': { kind: 'their-request', carrier: 'UPDATE', hasOffer: true },
    'their bare UPDATE': { kind: 'their-request', carrier: 'UPDATE', hasOffer: false },
    'their INVITE done': { kind: 'their-request-done', carrier: 'INVITE' },
    'their UPDATE done': { kind: 'their-request-done', carrier: 'UPDATE' },
    'back-off over': { kind: 'back-off-over' },
    end: { kind: 'end' },
  };
  const takes = 'theirs-open: process-request';
  const bare = (state: string) => `${state}: process-request`;
  const ours = (state: string, then: string) => ({
    [`${state} × want`]: 'ours-open',
    [`${state} × ok to ours`]: then,
    [`${state} × no to ours`]: then,
    [`${state} × glare to ours`]: 'backing-off: arm-back-off 3050',
    [`${state} × their INVITE`]: 'ours-open: refuse-request 491',
    [`${state} × their UPDATE`]: 'ours-open: refuse-request 491',
    [`${state} × their bare UPDATE`]: bare('ours-open'),
    [`${state} × end`]: 'ended',
  });
  const theirs = (state: string, then: string) => ({
    [`${state} × want`]: 'theirs-open',
    [`${state} × their INVITE`]: 'theirs-open: refuse-request 500 5',
    [`${state} × their UPDATE`]: 'theirs-open: refuse-request 500 5',
    [`${state} × their bare UPDATE`]: bare('theirs-open'),
    [`${state} × their INVITE done`]: then,
    [`${state} × end`]: 'ended',
  });

  it('does what the table says', () => {
    const expected = {
      'stable × want': 'ours-open: send-offer INVITE',
      'stable × their INVITE': takes,
      'stable × their UPDATE': takes,
      'stable × their bare UPDATE': bare('stable'),
      'stable × end': 'ended',
      ...ours('ours', 'stable'),
      ...ours('ours, again', 'ours-open: send-offer UPDATE'),
      ...theirs('theirs', 'stable'),
      ...theirs('theirs, again', 'ours-open: send-offer UPDATE'),
      'waiting × want': 'backing-off',
      'waiting × their INVITE': takes,
      'waiting × their UPDATE': takes,
      'waiting × their bare UPDATE': bare('backing-off'),
      'waiting × back-off over': 'ours-open: send-offer INVITE',
      'waiting × end': 'ended',
      'ended × end': 'ended',
    };
    expect(walkMachine(step, { states, inputs, expected })).toEqual({});
  });
});

describe('after glare', () => {
  const delay = (ownsCallId: boolean, roll: number) => {
    const state: NegotiationState = { kind: 'ours-open', carrier: 'INVITE', again: undefined };
    const done: NegotiationInput = { kind: 'our-offer-done', status: 491 };
    const [effect] = negotiate(state, done, { ownsCallId, roll }).effects;
    return effect?.kind === 'arm-back-off' ? effect.delayMs : undefined;
  };

  it('whoever made the Call-ID waits 2.1 to 4 s, the other 0 to 2 s, in steps of 10 ms', () => {
    expect([delay(true, 0), delay(true, 0.999_999)]).toEqual([2_100, 4_000]);
    expect([delay(false, 0), delay(false, 0.999_999)]).toEqual([0, 2_000]);
    expect((delay(true, 0.123) ?? 1) % 10).toBe(0);
  });

  it('an offer of theirs in the meantime is answered first, then ours goes out', () => {
    let state: NegotiationState = { kind: 'backing-off', again: 'INVITE' };
    const sent: string[] = [];
    for (const input of [
      { kind: 'their-request', carrier: 'INVITE', hasOffer: true },
      { kind: 'back-off-over' },
      { kind: 'their-request-done', carrier: 'INVITE' },
    ] as const) {
      const next = negotiate(state, input, chance);
      state = next.state;
      sent.push(...next.effects.map(({ kind }) => kind));
    }
    expect(sent).toEqual(['process-request', 'send-offer']);
  });
});

describe('whatever happens', () => {
  const carrier = fc.constantFrom<OfferCarrier>('INVITE', 'UPDATE');
  const anyInput: fc.Arbitrary<NegotiationInput> = fc.oneof(
    carrier.map((c) => ({ kind: 'want-offer', carrier: c }) as const),
    fc
      .constantFrom(200, 488, 491, 408)
      .map((status) => ({ kind: 'our-offer-done', status }) as const),
    fc
      .tuple(carrier, fc.boolean())
      .map(([c, hasOffer]) => ({ kind: 'their-request', carrier: c, hasOffer }) as const),
    carrier.map((c) => ({ kind: 'their-request-done', carrier: c }) as const),
    fc.constant({ kind: 'back-off-over' } as const),
  );

  it('ours is never sent while ours or theirs is open, and theirs never taken while one is', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 40 }), (inputs) => {
        let state: NegotiationState = { kind: 'stable' };
        for (const input of inputs) {
          const before = state;
          const next = negotiate(before, input, chance);
          state = next.state;
          const closes =
            (before.kind === 'ours-open' && input.kind === 'our-offer-done') ||
            (before.kind === 'theirs-open' && input.kind === 'their-request-done');
          const open = (before.kind === 'ours-open' || before.kind === 'theirs-open') && !closes;
          for (const effect of next.effects) {
            if (effect.kind === 'send-offer') expect(open).toBe(false);
            const opensTheirs = effect.kind === 'process-request' && input.kind === 'their-request';
            if (opensTheirs && (input.hasOffer || input.carrier === 'INVITE'))
              expect(open).toBe(false);
          }
        }
      }),
    );
  });

  it('a wish is never lost: it is sent, or waits in the state', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 40 }), (inputs) => {
        let state: NegotiationState = { kind: 'stable' };
        for (const input of inputs) state = negotiate(state, input, chance).state;
        const wished = negotiate(state, { kind: 'want-offer', carrier: 'INVITE' }, chance);
        const sent = wished.effects.some(({ kind }) => kind === 'send-offer');
        const kept = 'again' in wished.state && wished.state.again === 'INVITE';
        expect(sent || kept).toBe(true);
      }),
    );
  });
});
