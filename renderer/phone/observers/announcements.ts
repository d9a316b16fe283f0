import type { Disposable } from '../../../shared/domain/disposable.ts';
import type { Call } from '../../../shared/phone/call.ts';
import { concerns, type Card } from '../../../shared/phone/park-card.ts';
import type { CardEnd } from '../../../shared/phone/park-report.ts';
import { noticeWords } from '../features/calls/call-words.ts';
import {
  callerNumber,
  callerTitle,
  endWords,
  nameOf,
  parkerWords,
  slotWords,
} from '../features/park/card-words.ts';
import type { PhoneEvent } from '../model/phone-event.ts';
import type { PhoneState } from '../model/phone-state.ts';
import type { Session } from '../model/session.ts';
import type { Switchboard } from '../model/switchboard.ts';
import { partyTitle } from '../number.ts';
import type { Say } from '../text.tsx';

interface AnnouncementDeps {
  readonly say: Say;
  /** Has words read out once; they are made only when somebody listens. */
  announce(words: () => string): void;
}

/** Tells those who hear the page what those who see it see happen: each thing once, however many accounts are told of it. */
export function watchAnnouncements(switchboard: Switchboard, deps: AnnouncementDeps): Disposable {
  const { say, announce } = deps;
  return switchboard.events.listen(({ session, event }) => {
    const words = wordsOf(event, { switchboard, session, say });
    if (words === null) return;
    announce(() =>
      session.mark === null
        ? words()
        : say('accounts.of', { account: session.mark, words: words() }),
    );
  });
}

interface Scene {
  readonly switchboard: Switchboard;
  readonly session: Session;
  readonly say: Say;
}

function wordsOf(event: PhoneEvent, scene: Scene): (() => string) | null {
  const { session, switchboard, say } = scene;
  switch (event.kind) {
    case 'notice':
      return () => noticeWords(event.what, say, nameOf(session.phone.state.getState()));
    case 'call-came':
      // What comes silently is not to disturb anybody's ear either.
      return event.call.recall === null && switchboard.isQuiet(event.call.account)
        ? null
        : () => incomingWords(event.call, say);
    case 'call-ended':
      return isHungUpByThem(event.call) ? () => hungUpWords(event.call, say) : null;
    case 'board':
      return boardWords(event, scene);
    case 'auto-answered':
    case 'digit':
      return null;
  }
}

function boardWords(
  { effect }: Extract<PhoneEvent, { kind: 'board' }>,
  { switchboard, session, say }: Scene,
): (() => string) | null {
  const state = session.phone.state.getState();
  if (effect.kind === 'alert') {
    const told = elsewhere(switchboard, session, effect.card.id).some(
      ({ card, me }) => card.state.kind !== 'ended' && concerns(card, me),
    );
    return told ? null : () => parkedWords(effect.card, state.board.me, say);
  }
  if (effect.kind !== 'announce-ended') return null;
  const others = elsewhere(switchboard, session, effect.id);
  const told = others.some(({ card }) => card.state.kind === 'ended');
  return told || endedByMe(effect.how, state) ? null : () => endedWords(effect, state, say);
}

/** The same parked call on the lists of other accounts of this PBX. */
function elsewhere(
  { sessions }: Switchboard,
  own: Session,
  parkId: string,
): readonly { readonly card: Card; readonly me: string }[] {
  const { webSocketUrl, domain } = own.account;
  return sessions
    .filter((each) => each !== own)
    .filter(({ account }) => account.webSocketUrl === webSocketUrl && account.domain === domain)
    .flatMap(({ phone }) => {
      const { cards, me } = phone.state.getState().board;
      const card = cards.find(({ id }) => id === parkId);
      return card === undefined ? [] : [{ card, me }];
    });
}

function incomingWords({ party, recall }: Call, say: Say): string {
  const who = partyTitle(party, say('party.anonymous'));
  return recall === null
    ? say('call.incomingFrom', { who })
    : say('notify.recall', { who, slot: recall.slot ?? '' });
}

const isHungUpByThem = ({ state }: Call): boolean =>
  state.kind === 'ended' && state.why.kind === 'hung-up' && state.why.by === 'them';

function hungUpWords({ party }: Call, say: Say): string {
  const who = partyTitle(party, say('party.anonymous'));
  return say('call.over', { who, why: say('end.byThem') });
}

function parkedWords(card: Card, me: string, say: Say): string {
  const parts = [
    callerTitle(card, say),
    callerNumber(card),
    slotWords(card, say),
    parkerWords(card, me, say),
  ];
  return say('announce.parked', { what: parts.filter((part) => part !== '').join(', ') });
}

function endedByMe(how: CardEnd, state: PhoneState): boolean {
  const { me } = state.board;
  return (
    how.kind === 'retrieved' &&
    how.by !== null &&
    (how.by === me || how.by === state.displayName || how.by === nameOf(state)(me))
  );
}

function endedWords(
  { id, how }: { readonly id: string; readonly how: CardEnd },
  state: PhoneState,
  say: Say,
): string {
  const card = state.board.cards.find((each) => each.id === id);
  const who = card === undefined ? say('party.hidden') : callerTitle(card, say);
  return say('announce.ended', { who, how: endWords(how, say, nameOf(state)) });
}
