import { assertNever } from '../../domain/assert-never.ts';
import { formatFeatureCode, type FeatureCodes } from '../../domain/feature-code.ts';
import { goneText } from '../../domain/gone-text.ts';
import type { EpochMs } from '../../domain/ids.ts';
import type { RecallDestination } from '../../domain/recall-policy.ts';
import type { ListEntry } from '../../domain/park-list.ts';
import {
  isEnded,
  parkedAtOf,
  publishedState,
  recallAtOf,
  type Ended,
  type ParkedCall,
  type ParkParty,
} from '../../domain/park-state.ts';
import type {
  DialogEntry,
  DialogState,
  ParkedCallElement,
  TerminationEvent,
} from '../../sip/events/dialog-info.ts';
import { publishedDialog } from '../park/published-dialog.ts';
import { formatUri, makeUri } from '../../sip/message/uri.ts';

export interface EntryContext {
  /** Host of the URIs in the body: the one that was subscribed to. */
  readonly host: string;
  readonly codes: FeatureCodes;
  /** What a live parked call is called towards this device. */
  readonly dialogState: 'confirmed' | 'early';
  readonly now: EpochMs;
  /** A name for a call towards those who may not know its ParkId. */
  readonly alias: (call: ParkedCall) => string;
  /** What the call's group is called now; undefined for a call of no group. */
  readonly groupName: (call: ParkedCall) => string | undefined;
  /** Where it goes when nobody takes it. */
  readonly recallTarget: (call: ParkedCall) => {
    readonly to: RecallDestination['kind'];
    readonly ringGroup?: string;
  };
  /** Whether whoever parked a call is alerted of it too. */
  readonly alertParker: boolean;
}

/** One parked call as a `dialog` element (WIRE.md §5), as much of it as the watcher may see. */
export function parkedCallEntry(entry: ListEntry, context: EntryContext): DialogEntry {
  switch (entry.kind) {
    case 'full':
      return fullEntry(entry.call, context);
    case 'slot-only':
      return slotOnlyEntry(entry.call, context);
    default:
      return assertNever(entry);
  }
}

function fullEntry(call: ParkedCall, context: EntryContext): DialogEntry {
  const { parkId, caller } = call.facts;
  const parkedAt = parkedAtOf(call.state);
  return {
    id: parkId,
    ...publishedDialog(parkId),
    direction: 'recipient',
    state: dialogState(call, context),
    ...(parkedAt === null ? {} : { duration: (context.now - parkedAt) / 1000 }),
    local: localParty(call, context, [['park-id', parkId]]),
    remote: { identity: { display: caller.displayName ?? undefined, uri: caller.uri } },
    parkedCall: fullElement(call, context),
  };
}

/** Slot and state, and nothing that tells who is parked, by whom, since when. */
function slotOnlyEntry(call: ParkedCall, context: EntryContext): DialogEntry {
  const { slot } = call.facts;
  return {
    id: context.alias(call),
    direction: 'recipient',
    state: dialogState(call, context),
    local: localParty(call, context, []),
    parkedCall: { slot, state: publishedState(call.state) },
  };
}

function localParty(
  call: ParkedCall,
  { host, codes }: EntryContext,
  params: readonly (readonly [string, string])[],
): NonNullable<DialogEntry['local']> {
  const { slot } = call.facts;
  const user = formatFeatureCode({ kind: 'retrieve-extension', extension: slot }, codes);
  return {
    identity: { display: `Parked on ${slot}`, uri: formatUri(makeUri({ user, host })) },
    target: {
      uri: formatUri(makeUri({ user, host, params })),
      // The far end of this dialog is not rendering: the caller is on hold (RFC 4235 §4.1.6.1).
      params: new Map([['+sip.rendering', 'no']]),
    },
  };
}

function fullElement(call: ParkedCall, context: EntryContext): ParkedCallElement {
  const { slot, parker, note } = call.facts;
  const { to, ringGroup } = context.recallTarget(call);
  const parkedAt = parkedAtOf(call.state);
  const recallAt = recallAtOf(call.state);
  return {
    slot,
    group: context.groupName(call),
    parker: parker.extension,
    parkerName: parker.displayName,
    parkedAt: parkedAt ?? undefined,
    recallAt: recallAt ?? undefined,
    recallTo: to,
    recallGroup: ringGroup,
    alertParker: context.alertParker ? true : undefined,
    now: context.now,
    state: publishedState(call.state),
    note: note ?? undefined,
    ...(isEnded(call.state) ? endOf(call.state, call) : {}),
  };
}

function dialogState({ state }: ParkedCall, context: EntryContext): DialogState {
  if (!isEnded(state)) return { kind: context.dialogState };
  return { kind: 'terminated', event: eventOf(state) };
}

function eventOf(end: Ended): TerminationEvent {
  switch (end.kind) {
    case 'retrieved':
    case 'returned':
    case 'forwarded':
      return 'replaced';
    case 'abandoned':
      return 'remote-bye';
    case 'failed':
    case 'lost':
      return 'timeout';
    default:
      return assertNever(end);
  }
}

function endOf(
  end: Ended,
  { facts }: ParkedCall,
): Pick<ParkedCallElement, 'endedBy' | 'endedReason'> {
  switch (end.kind) {
    case 'retrieved':
      return {
        endedBy: end.by.extension,
        endedReason: goneText({ kind: 'retrieved', by: nameOf(end.by) }),
      };
    case 'returned':
      return {
        endedBy: facts.parker.extension,
        endedReason: goneText({ kind: 'returned', to: nameOf(facts.parker) }),
      };
    case 'abandoned':
      return { endedReason: goneText({ kind: 'caller-gone' }) };
    case 'forwarded':
      return { endedReason: goneText({ kind: 'forwarded' }) };
    case 'failed':
    case 'lost':
      return { endedReason: goneText({ kind: 'lost' }) };
    default:
      return assertNever(end);
  }
}

const nameOf = ({ displayName, extension }: ParkParty): string => displayName || extension;
