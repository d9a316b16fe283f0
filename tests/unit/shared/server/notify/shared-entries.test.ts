import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../../../shared/domain/ids.ts';
import { beginPark } from '../../../../../shared/domain/parked-call.ts';
import type { ListEntry } from '../../../../../shared/domain/park-list.ts';
import { SharedEntries } from '../../../../../shared/server/notify/shared-entries.ts';
import type { DialogEntry } from '../../../../../shared/sip/events/dialog-info.ts';
import { parkFacts } from '../../../../fakes/parked-calls.ts';

const CALL = beginPark(parkFacts()).call;
const FULL: ListEntry = { kind: 'full', call: CALL, marks: [] };
const VIEW = { host: 'pbx.test', dialogState: 'confirmed' } as const;

/** Entries that are told apart by when, and as which, they were made. */
function entries() {
  const clock = { time: 1_000, now: () => epochMs(clock.time) };
  const shared = new SharedEntries(clock);
  let made = 0;
  const make = (now: number): DialogEntry => ({
    id: `${++made} at ${now}`,
    state: { kind: 'confirmed' },
  });
  return { clock, shared, make };
}

describe('entries that several watchers share', () => {
  it('are the very same for the same view in the same turn', () => {
    const { shared, make } = entries();
    expect(shared.entry({ ...FULL }, VIEW, make)).toBe(shared.entry(FULL, { ...VIEW }, make));
  });

  it('differ by call, by how much is shown, by host and by dialog state', () => {
    const { shared, make } = entries();
    const ids = [
      shared.entry(FULL, VIEW, make),
      shared.entry({ ...FULL, call: { ...CALL } }, VIEW, make),
      shared.entry({ kind: 'slot-only', call: CALL }, VIEW, make),
      shared.entry(FULL, { ...VIEW, host: 'other.test' }, make),
      shared.entry(FULL, { ...VIEW, dialogState: 'early' }, make),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are made anew when time has passed, even within a turn', () => {
    const { clock, shared, make } = entries();
    shared.entry(FULL, VIEW, make);
    clock.time += 1;
    expect(shared.entry(FULL, VIEW, make).id).toBe('2 at 1001');
  });

  it('are made anew in the next turn, and when what they say has changed', async () => {
    const { shared, make } = entries();
    shared.entry(FULL, VIEW, make);
    shared.forget();
    expect(shared.entry(FULL, VIEW, make).id).toBe('2 at 1000');
    await Promise.resolve();
    await Promise.resolve();
    expect(shared.entry(FULL, VIEW, make).id).toBe('3 at 1000');
  });
});
