import type {
  DesktopBridge,
  DesktopEvent,
  QuitReason,
  ShortcutBindings,
} from '../../../shared/bridge/contract.ts';
import type {
  DesktopLabels,
  PhoneAlert,
  PhoneLook,
  PhoneSnapshot,
} from '../../../shared/bridge/snapshot.ts';
import { desktopEventSchema } from '../../../shared/bridge/schemas.ts';
import { parseParkId } from '../../../shared/domain/ids.ts';
import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import { liveCalls } from '../../../shared/phone/call-list.ts';
import { isTalking, type Call } from '../../../shared/phone/call.ts';
import { waitingCards } from '../../../shared/phone/park-board.ts';
import { answer, hangUp, toggleMute } from '../features/help/phone-keys.ts';
import { chooseLanguage, languageInfo } from '../intl.ts';
import { watchNotifications } from '../observers/notifier.ts';
import { AlertList } from './alert-list.ts';
import { runCommand } from './command-runner.ts';
import { lineWords } from '../features/shell/line-words.ts';
import type { Say } from '../text.tsx';
import type { PhoneState } from './phone-state.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';

export interface DesktopLinkActions {
  say(): Say;
  prefill(target: string): void;
  askBeforeQuit(why: QuitReason): void;
  quit(): Promise<void>;
}

/** Follows the desktop's wishes (tray, notifications, shortcuts, power) and shows it a snapshot after each change. */
export function linkDesktop(
  session: Session,
  bridge: DesktopBridge,
  actions: DesktopLinkActions,
): Disposable {
  let sequence = 0;
  let scheduled = false;
  const publish = () => {
    scheduled = false;
    sequence += 1;
    const state = session.phone.state.getState();
    void bridge.publish(
      snapshotOf(state, {
        sequence,
        say: actions.say(),
        alerts: alerts.list,
        look: lookOf(session.settings.current),
      }),
    );
    void bridge.setBusy(liveCalls(state.calls).length > 0);
  };
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(publish);
  };
  const alerts = new AlertList(schedule);
  const watching = watchNotifications(session.phone, {
    desk: alerts,
    say: actions.say,
    enabled: () => session.settings.current.smallWindow,
    doNotDisturb: () => session.settings.current.doNotDisturb,
    detail: () => session.notificationDetail,
  });
  const unsubscribe = session.phone.state.subscribe(schedule);
  const settings = session.settings.onChange(schedule);
  const stop = bridge.onEvent((event) => {
    const parsed = desktopEventSchema.safeParse(event);
    if (!parsed.success) return;
    if (parsed.data.kind === 'command') void carryOut(session, bridge, parsed.data);
    else obey(session, parsed.data, actions);
  });
  void bridge.setShortcuts(shortcutBindings(session.settings.current));
  schedule();
  return onDispose(() => {
    unsubscribe();
    settings.dispose();
    watching.dispose();
    stop();
  });
}

export function shortcutBindings(settings: Settings): ShortcutBindings {
  return {
    answer: settings.shortcutAnswer,
    'hang-up': settings.shortcutHangUp,
    'toggle-mute': settings.shortcutMute,
    'retrieve-oldest': settings.shortcutRetrieve,
  };
}

function obey(session: Session, event: DesktopEvent, actions: DesktopLinkActions): void {
  const { phone } = session;
  switch (event.kind) {
    case 'retrieve':
      return phone.retrieve(event.parkId);
    case 'retrieve-oldest':
      return phone.retrieveOldest();
    case 'answer':
      return event.callId === null
        ? answer(phone)
        : phone.call({ kind: 'answer', call: event.callId });
    case 'decline':
      return event.callId === null
        ? hangUp(phone)
        : phone.call({ kind: 'hang-up', call: event.callId });
    case 'hang-up':
      return hangUp(phone);
    case 'toggle-mute':
      return toggleMute(phone);
    case 'show':
      return document.getElementById('park-heading')?.focus();
    case 'prefill':
      return actions.prefill(event.target);
    // The app's, signed in or not.
    case 'sign-in-link':
      return;
    case 'server-distrusted':
      if (isAt(event.server, session.account.webSocketUrl))
        phone.line.reconnect('its certificate is trusted no longer');
      return;
    case 'resumed':
      return phone.line.nudge('the machine woke up');
    case 'network-online':
      return phone.line.nudge('the network came back');
    case 'screen-locked':
      return session.setScreenLocked(event.locked);
    case 'quit-requested':
      return actions.askBeforeQuit(event.why);
    case 'quitting':
      return void actions.quit();
    case 'network-offline':
    case 'shortcut-pressed':
    case 'command':
    case 'update':
    case 'graphics-restarted':
      return;
  }
}

/** Whether a WebSocket is at `host:port`. */
function isAt(server: string, webSocketUrl: string): boolean {
  const { hostname, port } = new URL(webSocketUrl);
  return server === `${hostname}:${port === '' ? '443' : port}`;
}

async function carryOut(
  session: Session,
  bridge: DesktopBridge,
  { id, command }: Extract<DesktopEvent, { readonly kind: 'command' }>,
): Promise<void> {
  const outcome = await runCommand(session.phone, command);
  await bridge.answerCommand({ id, outcome });
}

interface SnapshotInput {
  readonly sequence: number;
  readonly say: Say;
  readonly alerts: readonly PhoneAlert[];
  readonly look: PhoneLook;
}

function lookOf({ language, theme }: Settings): PhoneLook {
  const chosen = language === 'system' ? chooseLanguage(navigator.languages) : language;
  const { locale, direction } = languageInfo(chosen);
  return { language: locale, direction, theme };
}

/** What the tray and the small windows may know. Cards of another PBX, which have no ParkId of ours, are left out. */
export function snapshotOf(state: PhoneState, more: SnapshotInput): PhoneSnapshot {
  const { sequence, say, alerts, look } = more;
  const parked = waitingCards(state.board).flatMap((card) => {
    const parkId = parseParkId(card.id);
    if (parkId === null || card.state.kind === 'ended') return [];
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
  const live = state.board.sync.kind === 'live';
  const talking = liveCalls(state.calls).find((call) => isTalking(call.state));
  return {
    sequence,
    accountKey: state.account.key,
    extension: state.account.extension,
    registration: registrationOf(state),
    parkList: live ? 'live' : 'unknown',
    parked: parked.slice(0, 1000),
    calls: liveCalls(state.calls).slice(0, 50).map(callSummary),
    muted: talking?.microphone === 'muted',
    alerts: alerts.slice(0, 100),
    look,
    labels: labelsOf(state, live ? parked.length : null, say),
  };
}

function registrationOf({ line }: PhoneState): PhoneSnapshot['registration'] {
  switch (line.kind) {
    case 'registered':
    case 'offline':
    case 'refused':
      return line.kind;
    case 'connecting':
    case 'registering':
      return 'connecting';
    case 'stopped':
      return 'signed-out';
  }
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

function labelsOf(state: PhoneState, parked: number | null, say: Say): DesktopLabels {
  const { extension } = state.account;
  const line = lineWords(state.line, say);
  return {
    show: say('desktop.show'),
    quit: say('desktop.quit'),
    answer: say('call.answer'),
    hangUp: say('call.hangUp'),
    mute: say('call.mute'),
    unmute: say('call.unmute'),
    retrieveOldest: say('desktop.retrieveOldest'),
    nothingParked: say('park.empty'),
    status: cut(
      parked === null
        ? say('desktop.statusUnknown', { extension, line })
        : say('desktop.status', { extension, line, parked }),
    ),
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
