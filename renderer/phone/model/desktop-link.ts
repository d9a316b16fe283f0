import type { DesktopBridge, DesktopEvent, QuitReason } from '../../../shared/bridge/contract.ts';
import type { ShortcutBindings } from '../../../shared/bridge/shortcut.ts';
import type { PhoneLook } from '../../../shared/bridge/snapshot.ts';
import { desktopEventSchema } from '../../../shared/bridge/schemas.ts';
import { DisposableStore, onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import { liveCalls } from '../../../shared/phone/call-list.ts';
import { mayBeCode } from '../../../shared/phone/foreign-number.ts';
import { answer, hangUp, toggleMute } from './press-at-hand.ts';
import { chooseLanguage, languageInfo } from '../intl.ts';
import { watchNotifications, type NotificationDesk } from '../observers/notifier.ts';
import { shareDesk } from '../observers/shared-desk.ts';
import { AlertList } from './alert-list.ts';
import { atServer } from './certificate-problem.ts';
import { runCommand } from './command-runner.ts';
import { snapshotOf } from './desktop-snapshot.ts';
import type { Say } from '../text.tsx';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';
import type { Switchboard } from './switchboard.ts';

export interface DesktopLinkActions {
  say(): Say;
  prefill(target: string): void;
  askBeforeQuit(why: QuitReason): void;
  quit(): Promise<void>;
}

/**
 * Snapshots are counted over the page's life, not a switchboard's: who signs out and in again gets a new switchboard in the same
 * page, and main takes nothing that is numbered below what it has seen of this page.
 */
let lastSequence = 0;

/** Follows the desktop's wishes (tray, notifications, shortcuts, power) and shows it a snapshot of all accounts after each change. */
export function linkDesktop(
  switchboard: Switchboard,
  bridge: DesktopBridge,
  actions: DesktopLinkActions,
): Disposable {
  const linked = new DisposableStore();
  linked.add(showSnapshots(switchboard, bridge, actions));
  linked.add(followWishes(switchboard, bridge, actions));
  void bridge.setShortcuts(shortcutBindings(switchboard.machine.current));
  return linked;
}

function showSnapshots(
  switchboard: Switchboard,
  bridge: DesktopBridge,
  actions: DesktopLinkActions,
): Disposable {
  const watching = new DisposableStore();
  const schedule = oncePerTurn(() => {
    lastSequence += 1;
    void bridge.publish(
      snapshotOf(switchboard, {
        sequence: lastSequence,
        say: actions.say(),
        alerts: alerts.list,
        look: lookOf(switchboard.machine.current),
      }),
    );
    void bridge.setBusy(liveCalls(switchboard.floor.calls).length > 0);
  });
  const alerts = new AlertList(schedule);
  const deskOf = shareDesk(alerts);
  watching.add(switchboard.machine.onChange(schedule));
  watching.add(onDispose(switchboard.floor.state.subscribe(schedule)));
  watching.add(onDispose(switchboard.parks.subscribe(schedule)));
  watching.add(
    forEachSession(switchboard, (session) => {
      const own = new DisposableStore();
      own.add(onDispose(session.phone.state.subscribe(schedule)));
      own.add(watchAlerts(session, deskOf(), actions));
      schedule();
      return own;
    }),
  );
  schedule();
  return watching;
}

/** Runs soon, and once for all who ask in one turn. */
function oncePerTurn(run: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      run();
    });
  };
}

function followWishes(
  switchboard: Switchboard,
  bridge: DesktopBridge,
  actions: DesktopLinkActions,
): Disposable {
  return onDispose(
    bridge.onEvent((event) => {
      const parsed = desktopEventSchema.safeParse(event);
      if (!parsed.success) return;
      if (parsed.data.kind === 'command') void carryOut(switchboard, bridge, parsed.data);
      else {
        obey(switchboard, parsed.data, actions);
        showQuestion(switchboard, bridge, parsed.data);
      }
    }),
  );
}

function watchAlerts(
  session: Session,
  desk: NotificationDesk,
  actions: DesktopLinkActions,
): Disposable {
  return watchNotifications(session.phone, {
    desk,
    say: actions.say,
    mark: () => session.mark,
    enabled: () => session.settings.current.smallWindow,
    doNotDisturb: () => session.settings.current.doNotDisturb,
    detail: () => session.notificationDetail,
    onLocked: (run) => session.onLocked(run),
  });
}

/** Runs once for each account that is signed in, now or later; what it gives is disposed when the account leaves. */
function forEachSession(
  switchboard: Switchboard,
  begin: (session: Session) => Disposable,
): Disposable {
  const begun = new Map<Session, Disposable>();
  const look = () => {
    const { sessions } = switchboard;
    for (const [session, own] of begun)
      if (!sessions.includes(session)) {
        begun.delete(session);
        own.dispose();
      }
    for (const session of sessions) if (!begun.has(session)) begun.set(session, begin(session));
  };
  look();
  const stop = switchboard.state.subscribe(look);
  return onDispose(() => {
    stop();
    for (const own of begun.values()) own.dispose();
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

function obey(switchboard: Switchboard, event: DesktopEvent, actions: DesktopLinkActions): void {
  const { floor, sessions } = switchboard;
  switch (event.kind) {
    case 'retrieve':
      return switchboard.retrieveByParkId(event.parkId);
    case 'retrieve-oldest':
      return switchboard.retrieveOldest();
    case 'answer':
      return event.callId === null
        ? answer(switchboard)
        : floor.press({ kind: 'answer', call: event.callId });
    case 'decline':
      return event.callId === null
        ? hangUp(switchboard)
        : floor.press({ kind: 'hang-up', call: event.callId });
    case 'hang-up':
      return hangUp(switchboard);
    case 'toggle-mute':
      return toggleMute(switchboard);
    case 'show':
      return document.getElementById('park-heading')?.focus();
    case 'prefill':
      return prefill(switchboard, event.target, actions);
    // The app's, signed in or not.
    case 'sign-in-link':
      return;
    case 'server-distrusted':
      return atServer(sessions, event.server).forEach(({ phone }) =>
        phone.line.reconnect('its certificate is trusted no longer'),
      );
    case 'resumed':
      return sessions.forEach(({ phone }) => phone.line.nudge('the machine woke up'));
    case 'network-online':
      return sessions.forEach(({ phone }) => phone.line.nudge('the network came back'));
    case 'screen-locked':
      return sessions.forEach((session) => session.setScreenLocked(event.locked));
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

/** A retrieve that first asks whether to hold the other call does so in the window, which whoever pressed elsewhere may not see. */
function showQuestion(
  { sessions }: Switchboard,
  bridge: DesktopBridge,
  { kind }: DesktopEvent,
): void {
  if (kind !== 'retrieve' && kind !== 'retrieve-oldest') return;
  if (sessions.some(({ phone }) => phone.state.getState().askingFor !== null))
    void bridge.showWindow();
}

/** Main keeps back what is a code everywhere; which numbers are codes of this PBX is known here. */
function prefill({ first }: Switchboard, target: string, actions: DesktopLinkActions): void {
  if (first !== null && !mayBeCode(target, first.phone.state.getState())) actions.prefill(target);
}

async function carryOut(
  switchboard: Switchboard,
  bridge: DesktopBridge,
  { id, command }: Extract<DesktopEvent, { readonly kind: 'command' }>,
): Promise<void> {
  const outcome = await runCommand(switchboard, command);
  await bridge.answerCommand({ id, outcome });
}

function lookOf({ language, theme }: Settings): PhoneLook {
  const chosen = language === 'system' ? chooseLanguage(navigator.languages) : language;
  const { locale, direction } = languageInfo(chosen);
  return { language: locale, direction, theme };
}
