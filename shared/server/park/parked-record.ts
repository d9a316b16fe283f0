import {
  deadlineOf,
  parkedAtOf,
  publishedState,
  recallAtOf,
  type ParkedCall,
} from '../../domain/park-state.ts';
import type { RingGroupId } from '../../domain/ids.ts';
import { formatNameAddr } from '../../sip/message/name-addr.ts';
import { formatUri } from '../../sip/message/uri.ts';
import type { Leg } from '../calls/leg.ts';
import type { ParkedCallView } from '../ports/call-control.ts';
import type { GroupDirectory } from '../ports/directory.ts';
import type { CallerIdentity, JournalStep, JournalSubject } from '../ports/journal.ts';
import type { Json, ParkedCallRecord } from '../ports/parked-call-store.ts';
import type { ParkJournalEntry } from '../../domain/park-effect.ts';

/** What every journal line and record says of a parked call. */
export function subjectOf(call: ParkedCall, caller: CallerIdentity): JournalSubject {
  const { tenantId, parkId, slot, parker, group, note } = call.facts;
  return {
    tenantId,
    parkId,
    slot,
    parker: parker.extension,
    caller,
    ...(group === null ? {} : { groupId: group.id }),
    ...(note === null ? {} : { note }),
  };
}

/** A live parked call as people see it; undefined once it is over. */
export function viewOf(call: ParkedCall, caller: CallerIdentity): ParkedCallView | undefined {
  const state = publishedState(call.state);
  switch (state) {
    case 'parking':
    case 'parked':
    case 'recalling':
    case 'retrieving': {
      const recallAt = recallAtOf(call.state);
      return {
        ...subjectOf(call, caller),
        state,
        parkedAt: parkedAtOf(call.state) ?? call.facts.askedAt,
        ...(recallAt === null ? {} : { recallAt }),
      };
    }
    default:
      return undefined;
  }
}

/** A live parked call with its caller's leg, as it is stored; undefined once it is over. */
export function recordOf(call: ParkedCall, leg: Leg): ParkedCallRecord | undefined {
  const view = viewOf(call, leg.identity);
  if (view === undefined) return undefined;
  const deadline = deadlineOf(call.state);
  return {
    ...(deadline === null ? {} : { recallAt: deadline }),
    ...view,
    version: call.version,
    parkerUserId: call.facts.parker.userId,
    parkerDeviceId: call.facts.parker.deviceId,
    dialog: dialogRecord(leg),
    leg: legRecord(leg),
  };
}

/** The SIP dialog of a leg as plain data: what a process that takes the call over needs to go on in it. */
function dialogRecord({ dialog }: Leg): Json {
  return {
    callId: dialog.id.callId,
    localTag: dialog.id.localTag,
    remoteTag: dialog.id.remoteTag,
    role: dialog.role,
    remoteTarget: formatUri(dialog.remoteTarget),
    routeSet: dialog.routeSet.map(formatNameAddr),
    localSequence: dialog.localSequence,
    remoteSequence: dialog.remoteSequence ?? null,
  };
}

function legRecord({ media }: Leg): Json {
  if (media.closed) return null;
  // Through JSON, so that what is stored is exactly what can be read back.
  const plain: unknown = JSON.parse(JSON.stringify(media.record()));
  return isJson(plain) ? plain : null;
}

function isJson(value: unknown): value is Json {
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return true;
  return typeof value === 'object' && Object.values(value).every(isJson);
}

function nameOf(directory: GroupDirectory, { facts }: ParkedCall, id: RingGroupId): string {
  return directory.ringGroup(facts.tenantId, id)?.name ?? id;
}

/** The journal's word for what the state machine reports; undefined for what the journal does not keep. */
export function journalStep(
  entry: ParkJournalEntry,
  call: ParkedCall,
  directory: GroupDirectory,
): JournalStep | undefined {
  switch (entry.kind) {
    case 'parked':
    case 'abandoned':
    case 'lost':
      return { kind: entry.kind };
    case 'recall-started':
      return { kind: 'recalled', attempt: entry.attempt };
    case 'recall-ended':
      return { kind: 'recall-unanswered', attempt: entry.attempt, reason: entry.outcome };
    case 'retrieve-failed':
      return undefined;
    case 'snoozed':
      return { kind: 'snoozed', by: entry.by.extension };
    case 'moved':
      return { kind: 'moved', to: entry.to };
    case 'retrieved':
      return { kind: 'retrieved', by: entry.by.extension };
    case 'returned':
      return { kind: 'returned', to: call.facts.parker.extension };
    case 'forwarded':
      return { kind: 'forwarded', to: nameOf(directory, call, entry.ringGroupId) };
    case 'failed':
      return { kind: 'failed', reason: entry.reason };
  }
}
