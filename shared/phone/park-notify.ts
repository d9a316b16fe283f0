import { parseGoneText } from '../domain/gone-text.ts';
import { epochMs, type EpochMs } from '../domain/ids.ts';
import type { DialogEntry, DialogInfo, ParkedCallElement } from '../sip/events/dialog-info.ts';
import { parseUri, userOf } from '../sip/message/uri.ts';
import { networkName, networkNote, networkNumber, networkPhrase } from './network-text.ts';
import type {
  CardEnd,
  ParkNotify,
  ParkReport,
  PartyText,
  ReportedState,
  ReportedTimes,
} from './park-report.ts';

/**
 * What a dialog-info document says of parked calls. Without `p:parked-call` (another server) the standard parts have to do. All
 * that is shown of it passes here: see `network-text.ts` for what is left out and how long it may be.
 */
export function parkNotifyFrom(info: DialogInfo): ParkNotify {
  return {
    version: info.version,
    scope: info.state,
    reports: info.dialogs.map((dialog) => reportFrom(dialog)),
  };
}

function reportFrom(dialog: DialogEntry): ParkReport {
  const park = dialog.parkedCall;
  return {
    id: dialog.id,
    retrieveTarget: targetFrom(dialog.local?.target?.uri ?? dialog.local?.identity?.uri),
    caller: partyFrom(dialog.remote?.identity),
    slot: park === undefined ? null : networkNumber(park.slot) || null,
    group: networkName(park?.group),
    parker:
      park?.parker === undefined
        ? null
        : { extension: networkNumber(park.parker), name: networkName(park.parkerName) },
    note: networkNote(park?.note),
    recallTo: recallTo(park?.recallTo),
    recallGroup: networkName(park?.recallGroup),
    alertsParker: park?.alertParker === true,
    times: timesFrom(park),
    state: stateFrom(dialog),
  };
}

/** Longer than any address that a person or a server means. */
const LONGEST_TARGET = 1_000;

/** Dialled as it is or not at all: an address that was changed is another one. */
function targetFrom(uri: string | undefined): string | null {
  return uri === undefined || uri.length > LONGEST_TARGET || /[\p{Cc}\p{Z}]/u.test(uri)
    ? null
    : uri;
}

function partyFrom(
  identity: { readonly display?: string | undefined; readonly uri: string } | undefined,
): PartyText | null {
  if (identity === undefined) return null;
  const uri = parseUri(identity.uri);
  const number = (uri === undefined ? undefined : userOf(uri)) ?? identity.uri;
  return { name: networkName(identity.display), number: networkNumber(number) };
}

function recallTo(text: string | undefined): ParkReport['recallTo'] {
  switch (text) {
    case 'parker':
    case 'parker-then-ring-group':
    case 'ring-group':
      return text;
    default:
      return null;
  }
}

function timesFrom(park: ParkedCallElement | undefined): ReportedTimes {
  return { now: time(park?.now), parkedAt: time(park?.parkedAt), recallAt: time(park?.recallAt) };
}

function time(value: number | undefined): EpochMs | null {
  return value === undefined || !Number.isFinite(value) ? null : epochMs(value);
}

function stateFrom(dialog: DialogEntry): ReportedState {
  if (dialog.state.kind === 'terminated') return { kind: 'ended', how: endFrom(dialog) };
  switch (dialog.parkedCall?.state) {
    case 'recalling':
    case 'retrieving':
      return { kind: dialog.parkedCall.state };
    default:
      return { kind: 'parked' };
  }
}

/** Our server's own words first, since they hold a name; else the state; else RFC 4235's event. */
function endFrom({ parkedCall: park, state, remote }: DialogEntry): CardEnd {
  const told = park?.endedReason === undefined ? null : goneFrom(park.endedReason);
  if (told !== null) return told.kind === 'forwarded' ? forwardedBy(park) : told;
  switch (park?.state) {
    case 'retrieved':
      return { kind: 'retrieved', by: networkName(park.endedBy) };
    case 'returned':
      return { kind: 'returned', to: networkName(park.endedBy ?? park.parkerName ?? park.parker) };
    case 'abandoned':
      return { kind: 'caller-gone' };
    case 'forwarded':
      return forwardedBy(park);
    case 'lost':
      return { kind: 'lost' };
    default:
      break;
  }
  if (state.kind !== 'terminated') return { kind: 'unknown' };
  if (state.event === 'replaced') return { kind: 'retrieved', by: null };
  return state.event === 'remote-bye' && remote !== undefined
    ? { kind: 'caller-gone' }
    : { kind: 'unknown' };
}

/** The ring group it was to go to is the one it went to. */
const forwardedBy = (park: ParkedCallElement | undefined): CardEnd => ({
  kind: 'forwarded',
  to: networkName(park?.recallGroup),
});

const goneFrom = (reason: string) => parseGoneText(networkPhrase(reason));
