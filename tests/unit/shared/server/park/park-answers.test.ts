import { describe, expect, it } from 'vitest';
import {
  epochMs,
  makeParkId,
  tenantId,
  userId,
  type Extension,
} from '../../../../../shared/domain/ids.ts';
import type { EndedPark } from '../../../../../shared/domain/ended-parks.ts';
import type { Ended, ParkParty } from '../../../../../shared/domain/park-state.ts';
import { refusalOfClaim, refusalOfPark } from '../../../../../shared/server/park/park-answers.ts';

const party = (extension: string): ParkParty => ({
  userId: userId(`u${extension}`),
  extension: extension as Extension,
  displayName: '',
  deviceId: 'd',
});

const ended = (end: Ended): EndedPark => ({
  parkId: makeParkId(new Uint8Array(16)),
  tenantId: tenantId('t'),
  slot: '102' as Extension,
  group: null,
  parker: party('101'),
  end,
});

const at = epochMs(0);

describe('the answers of WIRE.md §8', () => {
  it.each([
    ['already-being-parked', 491],
    ['slot-full', 486],
    ['tenant-full', 503],
  ] as const)('%s is %i', (refusal, status) => {
    expect(refusalOfPark(refusal).status).toBe(status);
  });

  it('a full tenant says when to try again', () => {
    expect(refusalOfPark('tenant-full').headers).toEqual([['Retry-After', '30']]);
  });

  it.each([
    [{ kind: 'nothing-parked' }, 404, 'No call parked'],
    [{ kind: 'not-permitted' }, 403, 'Not permitted'],
    [{ kind: 'taken', by: party('103') }, 410, 'Retrieved by 103'],
    [
      { kind: 'ended', how: ended({ kind: 'retrieved', at, by: party('103') }) },
      410,
      'Retrieved by 103',
    ],
    [{ kind: 'ended', how: ended({ kind: 'returned', at }) }, 410, 'Went back to 101'],
    [{ kind: 'ended', how: ended({ kind: 'abandoned', at }) }, 410, 'Caller hung up'],
    [{ kind: 'ended', how: ended({ kind: 'lost', at }) }, 410, 'Server was restarted'],
  ] as const)('%o is %i %s', (refusal, status, text) => {
    expect(refusalOfClaim(refusal)).toMatchObject({ status, text });
  });
});
