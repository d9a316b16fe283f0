import type {
  DesktopLabels,
  ParkedSummary,
  PhoneAlert,
  PhoneLook,
  PhoneSnapshot,
} from '../../../shared/bridge/snapshot.ts';
import { parseParkId } from '../../../shared/domain/ids.ts';
import { liveCalls } from '../../../shared/phone/call-list.ts';
import { isTalking, type Call } from '../../../shared/phone/call.ts';
import type { ParkView } from '../../../shared/phone/merged-parks.ts';
import type { LineState } from '../../sip/phone-line.ts';
import { lineWords } from '../features/shell/line-words.ts';
import type { Say } from '../text.tsx';
import type { PhoneState } from './phone-state.ts';
import type { Session } from './session.ts';
import type { Switchboard } from './switchboard.ts';

interface SnapshotInput {
  readonly sequence: number;
  readonly say: Say;
  readonly alerts: readonly PhoneAlert[];
  readonly look: PhoneLook;
}

/** What the tray and the small windows may know. Cards of another PBX, which have no ParkId of ours, are left out. */
export function snapshotOf(switchboard: Switchboard, more: SnapshotInput): PhoneSnapshot {
  const { sequence, say, alerts, look } = more;
  const view = switchboard.parks.getState();
  const calls = liveCalls(switchboard.floor.calls);
  const states = switchboard.sessions.map(({ phone }) => phone.state.getState());
  const known = view.mood === 'parked' || view.mood === 'empty';
  const parked = parkedOf(view, known);
  const talking = calls.find((call) => isTalking(call.state));
  return {
    sequence,
    accountKey: states[0]?.account.key ?? null,
    extension: states[0]?.account.extension ?? null,
    registration: registrationOf(states),
    parkList: known ? 'live' : 'unknown',
    waiting: known ? view.waitingNow : 0,
    parked: parked.slice(0, 1000),
    calls: calls.slice(0, 50).map(callSummary),
    muted: talking?.microphone === 'muted',
    alerts: alerts.slice(0, 100),
    look,
    labels: labelsOf(switchboard, { parked: known ? view.waitingNow : null, say }),
  };
}

/** Where anything is known, what is not known now stays out of the count. */
function parkedOf({ cards }: ParkView, known: boolean): readonly ParkedSummary[] {
  const seen = new Set<string>();
  return cards.flatMap(({ card, frozen }): ParkedSummary[] => {
    const parkId = parseParkId(card.id);
    if (parkId === null || card.state.kind === 'ended' || (known && frozen)) return [];
    // Another PBX gave the same id: one press cannot mean both.
    if (seen.has(parkId)) return [];
    seen.add(parkId);
    return [
      {
        parkId,
        callerName: cut(card.caller?.name ?? ''),
        callerNumber: cut(card.caller?.number ?? ''),
        slot: cut(card.slot ?? '', 64),
        parkedAt: card.waitingSince,
        state: card.state.kind,
      },
    ];
  });
}

const REGISTRATION = {
  stopped: 'signed-out',
  connecting: 'connecting',
  registering: 'connecting',
  registered: 'registered',
  offline: 'offline',
  refused: 'refused',
} as const satisfies Record<LineState['kind'], PhoneSnapshot['registration']>;
const WORST_FIRST = ['refused', 'offline', 'connecting', 'signed-out', 'registered'] as const;

/** What is worst with any account: whoever looks at the tray wants to know that a call may not reach them. */
function registrationOf(states: readonly PhoneState[]): PhoneSnapshot['registration'] {
  const all = new Set(states.map(({ line }) => REGISTRATION[line.kind]));
  return WORST_FIRST.find((each) => all.has(each)) ?? 'signed-out';
}

function callSummary(call: Call): PhoneSnapshot['calls'][number] {
  return {
    callId: call.id,
    direction: call.direction,
    name: cut(call.party.name ?? ''),
    number: cut(call.party.number),
    state: summaryState(call),
    recallSlot: call.recall === null ? null : cut(call.recall.slot ?? '', 64),
  };
}

function summaryState({ state }: Call): PhoneSnapshot['calls'][number]['state'] {
  switch (state.kind) {
    case 'incoming':
      return 'ringing';
    case 'waiting':
    case 'dialing':
    case 'ringing':
    case 'answering':
      return 'calling';
    case 'held':
    case 'holding':
    case 'resuming':
      return 'held';
    case 'active':
      return 'talking';
    case 'parking':
    case 'transferring':
    case 'ended':
      return 'ending';
  }
}

/** Each account's line, and the one count. */
function statusWords(
  { sessions, state }: Switchboard,
  { parked, say }: { readonly parked: number | null; readonly say: Say },
): string {
  const { marks } = state.getState();
  const of = ({ account, phone }: Session) => {
    const line = lineWords(phone.state.getState().line, say);
    return { extension: marks.get(account.key)?.text ?? account.extension, line };
  };
  const [only, ...others] = sessions.map(of);
  const { extension = '', line = '' } = only ?? {};
  const lines = [line, ...others.map((each) => `${each.extension} · ${each.line}`)].join(' · ');
  return parked === null
    ? say('desktop.statusUnknown', { extension, line: lines })
    : say('desktop.status', { extension, line: lines, parked });
}

function labelsOf(
  switchboard: Switchboard,
  more: { readonly parked: number | null; readonly say: Say },
): DesktopLabels {
  const { say } = more;
  return {
    show: say('desktop.show'),
    quit: say('desktop.quit'),
    answer: say('call.answer'),
    hangUp: say('call.hangUp'),
    mute: say('call.mute'),
    unmute: say('call.unmute'),
    retrieveOldest: say('desktop.retrieveOldest'),
    nothingParked: say('park.empty'),
    status: cut(statusWords(switchboard, more)),
    hiddenToTray: say('desktop.hidden'),
    decline: say('call.decline'),
    retrieve: say('park.retrieve'),
    hide: say('desktop.hideAlert'),
    alerts: say('desktop.alerts'),
    windowDown: say('desktop.windowDown'),
    crashedOften: say('desktop.crashedOften'),
    startAgain: say('desktop.startAgain'),
  };
}

function cut(text: string, limit = 200): string {
  return text.length > limit ? text.slice(0, limit) : text;
}
