import { describe, expect, it } from 'vitest';
import {
  aggregateBranches,
  wasRefused,
  type BranchEnd,
} from '../../../../../shared/server/calls/fork-outcome.ts';

const said = (status: number): BranchEnd => ({ kind: 'response', status, reason: '' });
const timeout: BranchEnd = { kind: 'timeout' };
const unreachable: BranchEnd = { kind: 'unreachable' };
const nowhere: BranchEnd = { kind: 'nowhere' };

describe('what a caller is told when nobody answered', () => {
  it.each<[string, BranchEnd[], number]>([
    ['nothing to ring', [], 480],
    ['a decline outranks all', [said(486), said(603), timeout], 603],
    ['any 6xx is a decline', [said(604)], 603],
    ['busy outranks no answer', [timeout, said(486)], 486],
    ['600 Busy Everywhere is a decline of the person', [said(600)], 603],
    ['nobody came', [timeout], 480],
    ['a device’s own fault', [said(500)], 480],
    ['no common audio anywhere', [said(488), said(488)], 488],
    ['no common audio on one device only', [said(488), timeout], 480],
    ['no device could be reached', [unreachable], 480],
    ['sent on to nobody', [nowhere, nowhere], 404],
    ['sent on to nobody by one device only', [nowhere, timeout], 480],
    ['busy outranks that too', [nowhere, said(486)], 486],
  ])('%s', (_what, ends, status) => {
    expect(aggregateBranches(ends).status).toBe(status);
  });
});

describe('whether a recall was refused', () => {
  it('is a question of the last device', () => {
    expect(wasRefused([timeout, said(486)])).toBe(true);
    expect(wasRefused([said(603)])).toBe(true);
    expect(wasRefused([said(486), timeout])).toBe(false);
    expect(wasRefused([said(480)])).toBe(false);
    expect(wasRefused([])).toBe(false);
    expect(wasRefused([said(486), nowhere])).toBe(false);
  });
});
