import {
  epochMs,
  makeParkId,
  tenantId,
  userId,
  type EpochMs,
  type Extension,
  type ParkId,
  parseExtension,
} from '../../shared/domain/ids.ts';
import type { ParkFacts, ParkParty } from '../../shared/domain/park-state.ts';
import { defaultRecallSettings } from '../../shared/domain/recall-policy.ts';

export const startOfTest: EpochMs = epochMs(Date.UTC(2026, 0, 5, 9, 0, 0));
export const testTenant = tenantId('default');

export function extension(text: string): Extension {
  const parsed = parseExtension(text);
  if (!parsed.ok) throw new Error(`Not an extension: ${text}`);
  return parsed.value;
}

/** Park ids that a test can tell apart: the number is in the first bytes. */
export function parkIdOf(number: number): ParkId {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(0, number);
  return makeParkId(bytes);
}

export function party(text: string, displayName = `User ${text}`): ParkParty {
  return {
    userId: userId(`user-${text}`),
    extension: extension(text),
    displayName,
    deviceId: `device-of-${text}`,
  };
}

/** Bob (101) parks the client on Alice's extension (102), unless told otherwise. */
export function parkFacts(changes: Partial<ParkFacts> = {}): ParkFacts {
  return {
    parkId: parkIdOf(1),
    tenantId: testTenant,
    slot: extension('102'),
    group: null,
    parker: party('101', 'Bob'),
    caller: { displayName: 'Client', uri: 'sip:003386002678@pbx.test' },
    callerLeg: 'leg-of-client',
    note: null,
    recall: defaultRecallSettings,
    askedAt: startOfTest,
    ...changes,
  };
}
