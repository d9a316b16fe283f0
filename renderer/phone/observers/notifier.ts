import type { DesktopBridge } from '../../../shared/bridge/contract.ts';
import { DisposableStore, onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import {
  notificationChanges,
  type NotificationDetail,
  type ParkNotification,
} from '../../../shared/phone/alerts.ts';
import type { Call } from '../../../shared/phone/call.ts';
import type { Phone } from '../model/phone.ts';
import { parseParkId } from '../../../shared/domain/ids.ts';
import { partyTitle } from '../number.ts';
import type { Say } from '../text.tsx';

/** Where notifications are shown: the desktop's, or the browser's while the page is not looked at. */
export interface NotificationDesk {
  showParked(notification: {
    readonly parkId: string;
    readonly title: string;
    readonly body: string;
    readonly retrieveLabel: string;
  }): void;
  withdrawParked(parkId: string): void;
  showIncoming(notification: {
    readonly callId: string;
    readonly title: string;
    readonly body: string;
    /** A parked call that comes back to its parker. */
    readonly recall: boolean;
    readonly answerLabel: string;
    readonly declineLabel: string;
  }): void;
  withdrawIncoming(callId: string): void;
}

interface NotifierDeps {
  readonly desk: NotificationDesk;
  say(): Say;
  /** The account's name, where several are signed in. */
  mark(): string | null;
  enabled(): boolean;
  doNotDisturb(): boolean;
  detail(): NotificationDetail;
  /** The screen has been locked: what stands there may say too much now. */
  onLocked(run: () => void): Disposable;
}

/** One notification per parked call that is my concern and per incoming call; each goes when its call goes. */
export function watchNotifications(phone: Phone, deps: NotifierDeps): Disposable {
  const watching = new DisposableStore();
  watching.add(watchParked(phone, deps));
  watching.add(watchIncoming(phone, deps));
  return watching;
}

function watchParked(phone: Phone, deps: NotifierDeps): Disposable {
  const { desk } = deps;
  const alerted = new Set<string>();
  const shown = new Map<string, ParkNotification>();
  const look = () => {
    const { cards } = phone.state.getState().board;
    const present = new Set(cards.map(({ id }) => id));
    for (const id of alerted) if (!present.has(id)) alerted.delete(id);
    const doNotDisturb = deps.doNotDisturb() || !deps.enabled();
    const scene = { shown, alerted, cards, doNotDisturb, detail: deps.detail() };
    for (const change of notificationChanges(scene)) {
      if (change.kind === 'withdraw') {
        shown.delete(change.id);
        desk.withdrawParked(change.id);
      } else {
        shown.set(change.notification.id, change.notification);
        desk.showParked(parkedWords(change.notification, deps.say(), deps.mark()));
      }
    }
  };
  const watching = new DisposableStore();
  watching.add(onDispose(() => shown.forEach((_, id) => desk.withdrawParked(id))));
  watching.add(watchAlerts(phone, alerted, look));
  watching.add(deps.onLocked(look));
  watching.add(
    onDispose(
      phone.state.subscribe((state, before) => {
        if (state.board !== before.board) look();
      }),
    ),
  );
  return watching;
}

/** Notes the cards that are alerted, and looks once for all that one NOTIFY brought. */
function watchAlerts(phone: Phone, alerted: Set<string>, look: () => void): Disposable {
  let waiting: 'no' | 'yes' | 'over' = 'no';
  const events = phone.events.listen((event) => {
    if (event.kind !== 'board' || event.effect.kind !== 'alert') return;
    alerted.add(event.effect.card.id);
    if (waiting !== 'no') return;
    waiting = 'yes';
    queueMicrotask(() => {
      if (waiting === 'over') return;
      waiting = 'no';
      look();
    });
  });
  return onDispose(() => {
    waiting = 'over';
    events.dispose();
  });
}

function watchIncoming(phone: Phone, deps: NotifierDeps): Disposable {
  const { desk } = deps;
  let ringing = new Set<string>();
  // A recall is my own caller coming back: it rings whatever is not to disturb (WIRE §9), and is shown when it rings.
  const isWanted = (call: Call) => deps.enabled() && (call.recall !== null || !deps.doNotDisturb());
  const words = (call: Call) =>
    incomingWords(call, { say: deps.say(), mark: deps.mark(), detail: deps.detail() });
  const look = () => {
    const { calls } = phone.state.getState().calls;
    const incoming = calls.filter(({ state }) => state.kind === 'incoming');
    const now = new Set(incoming.map(({ id }) => id));
    for (const id of ringing) if (!now.has(id)) desk.withdrawIncoming(id);
    for (const call of incoming)
      if (!ringing.has(call.id) && isWanted(call)) desk.showIncoming(words(call));
    ringing = now;
  };
  const unsubscribe = phone.state.subscribe((state, before) => {
    if (state.calls !== before.calls) look();
  });
  return onDispose(() => {
    unsubscribe();
    for (const id of ringing) desk.withdrawIncoming(id);
  });
}

function parkedWords({ id, caller, slot, note }: ParkNotification, say: Say, mark: string | null) {
  const where = slot === null ? say('notify.parked.somewhere') : say('notify.parked.on', { slot });
  const who = caller === null ? '' : partyTitle(caller, say('party.anonymous'));
  const number = caller !== null && caller.name !== null ? caller.number : '';
  const lines = [mark ?? '', number, note ?? ''].filter((line) => line !== '');
  return {
    parkId: id,
    title: who === '' ? where : say('notify.parked.title', { who, where }),
    body: lines.join('\n'),
    retrieveLabel: say('park.retrieve'),
  };
}

interface IncomingScene {
  readonly say: Say;
  readonly mark: string | null;
  readonly detail: NotificationDetail;
}

function incomingWords(call: Call, { say, mark, detail }: IncomingScene) {
  const { id, party, recall } = call;
  const number = detail === 'hidden' || party.name === null ? '' : party.number;
  return {
    callId: id,
    title: detail === 'hidden' ? hiddenTitle(call, say) : incomingTitle(call, say),
    body: [mark ?? '', number].filter((line) => line !== '').join('\n'),
    recall: recall !== null,
    answerLabel: say('call.answer'),
    declineLabel: say('call.decline'),
  };
}

function incomingTitle({ party, recall }: Call, say: Say): string {
  const who = partyTitle(party, say('party.anonymous'));
  return recall === null
    ? say('notify.incoming', { who })
    : say('notify.recall', { who, slot: recall.slot ?? '' });
}

/** That it rings, not who it is. */
const hiddenTitle = ({ recall }: Call, say: Say): string =>
  recall === null ? say('call.incoming') : say('call.recall', { slot: recall.slot ?? '' });

/** What main takes: longer words are cut, and calls of another PBX, which have no ParkId of ours, are left to the list. */
export function desktopDesk(bridge: DesktopBridge): NotificationDesk {
  return {
    showParked: ({ parkId, title, body, retrieveLabel }) => {
      const id = parseParkId(parkId);
      if (id === null) return;
      void bridge.showParked({
        parkId: id,
        title: cut(title, 200),
        body: cut(body, 500),
        retrieveLabel,
      });
    },
    withdrawParked: (parkId) => {
      const id = parseParkId(parkId);
      if (id !== null) void bridge.withdrawParked(id);
    },
    showIncoming: ({ callId, title, body, answerLabel, declineLabel }) =>
      void bridge.showIncoming({
        callId,
        title: cut(title, 200),
        body: cut(body, 500),
        answerLabel,
        declineLabel,
      }),
    withdrawIncoming: (callId) => void bridge.withdrawIncoming(callId),
  };
}

const cut = (text: string, limit: number): string => text.slice(0, limit);

interface BrowserDeskActions {
  retrieve(parkId: string): void;
  show(): void;
}

/** The browser's notifications, only when allowed and while the page is not in view; a click takes the call. */
export function browserDesk(actions: BrowserDeskActions): NotificationDesk {
  const open = new Map<string, Notification>();
  const close = (key: string) => {
    open.get(key)?.close();
    open.delete(key);
  };
  const show = (key: string, title: string, body: string, onClick: () => void) => {
    // The permission comes from another process and takes its time: asked last.
    if (!document.hidden || !('Notification' in window) || Notification.permission !== 'granted')
      return;
    close(key);
    const notification = new Notification(title, { body, tag: key });
    notification.onclick = () => {
      window.focus();
      close(key);
      onClick();
    };
    open.set(key, notification);
  };
  return {
    showParked: ({ parkId, title, body }) =>
      show(`park:${parkId}`, title, body, () => actions.retrieve(parkId)),
    withdrawParked: (parkId) => close(`park:${parkId}`),
    showIncoming: ({ callId, title, body }) =>
      show(`call:${callId}`, title, body, () => actions.show()),
    withdrawIncoming: (callId) => close(`call:${callId}`),
  };
}
