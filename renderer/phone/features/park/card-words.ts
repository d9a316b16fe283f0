import { assertNever } from '../../../../shared/domain/assert-never.ts';
import { scopeOf, type Card } from '../../../../shared/phone/park-card.ts';
import type { CardEnd } from '../../../../shared/phone/park-report.ts';
import type { RetrieveProblem } from '../../../../shared/phone/retrieve-problem.ts';
import { partyTitle, showNumber } from '../../number.ts';
import type { Say } from '../../text.tsx';
import type { PhoneState } from '../../model/phone-state.ts';

/** A colleague's name for an extension, where the directory knows it. */
export type NameOf = (extension: string) => string;

export function nameOf(state: Pick<PhoneState, 'server'>): NameOf {
  const { server } = state;
  if (server.kind !== 'ready') return (extension) => extension;
  const names = new Map(server.directory.map((entry) => [entry.extension, entry.displayName]));
  return (extension) => names.get(extension) || extension;
}

export function callerTitle(card: Card, say: Say): string {
  return card.caller === null
    ? say('party.hidden')
    : partyTitle(card.caller, say('party.anonymous'));
}

/** The number below a name; '' when the title is the number already. */
export function callerNumber(card: Card): string {
  return card.caller === null || card.caller.name === null ? '' : showNumber(card.caller.number);
}

export function slotWords(card: Card, say: Say): string {
  if (card.slot === null) return say('park.slot.unknown');
  return card.group === null
    ? say('park.slot', { slot: card.slot })
    : say('park.slot.group', { slot: card.slot, group: card.group });
}

/** `''`: nothing is known of it. */
export function scopeWords(card: Card, me: string, say: Say): string {
  const scope = scopeOf(card, me);
  switch (scope) {
    case 'own':
      return say('park.scope.own');
    case 'group':
      return say('park.scope.group');
    case 'parked-by-me':
      return say('park.scope.byMe');
    case 'unsaid':
      return '';
    default:
      return assertNever(scope);
  }
}

export function parkerWords(card: Card, me: string, say: Say): string {
  if (card.parker === null) return '';
  if (card.parker.extension === me) return say('park.by.me');
  return say('park.by', { who: card.parker.name ?? card.parker.extension });
}

/** To whom the call goes when nobody takes it, and in how long. */
export function recallWords(card: Card, left: string, say: Say): string {
  const { parker, recallGroup: group } = card;
  const who = parker?.name ?? parker?.extension ?? '';
  switch (card.recallTo) {
    case 'ring-group':
      return group === null
        ? say('park.recall.group', { left })
        : say('park.recall.groupNamed', { group, left });
    case 'parker-then-ring-group':
      return group === null
        ? say('park.recall.parker', { who, left })
        : say('park.recall.parkerThenGroup', { who, group, left });
    case 'parker':
    case null:
      return say('park.recall.parker', { who, left });
    default:
      return assertNever(card.recallTo);
  }
}

/** "Retrieved by Carol", "Caller hung up", "Went back to Bob". */
export function endWords(how: CardEnd, say: Say, name: NameOf): string {
  switch (how.kind) {
    case 'retrieved':
      return how.by === null
        ? say('park.ended.retrieved')
        : say('park.ended.retrievedBy', { who: name(how.by) });
    case 'returned':
      return how.to === null
        ? say('park.ended.returned')
        : say('park.ended.returnedTo', { who: name(how.to) });
    case 'caller-gone':
      return say('park.ended.callerGone');
    case 'forwarded':
      return how.to === null
        ? say('park.ended.forwarded')
        : say('park.ended.forwardedTo', { group: how.to });
    case 'lost':
      return say('park.ended.lost');
    case 'unknown':
      return say('park.ended.unknown');
    default:
      return assertNever(how);
  }
}

export function retrieveProblemWords(problem: RetrieveProblem, say: Say, name: NameOf): string {
  switch (problem.kind) {
    case 'gone':
      return endWords(problem.how, say, name);
    case 'nothing-parked':
      return say('retrieve.nothing');
    case 'not-permitted':
      return say('retrieve.notPermitted');
    case 'media':
      return say('retrieve.media');
    case 'hold-failed':
      return say('retrieve.holdFailed');
    case 'server-stopping':
      return say('retrieve.serverStopping');
    case 'no-connection':
      return say('retrieve.noConnection');
    case 'not-retrievable':
      return say('retrieve.notRetrievable');
    case 'cancelled':
      return say('retrieve.cancelled');
    case 'refused':
      return say('retrieve.refused', {
        text: problem.text === '' ? String(problem.status) : problem.text,
      });
    default:
      return assertNever(problem);
  }
}

/** All that a card says, as one sentence for those who hear it. */
export function cardLabel(
  card: Card,
  context: {
    readonly me: string;
    readonly say: Say;
    readonly name: NameOf;
    /** The account's name, where several are signed in. */
    readonly account: string | null;
  },
): string {
  const { me, say, name, account } = context;
  const parts = [
    account ?? '',
    callerTitle(card, say),
    callerNumber(card),
    slotWords(card, say),
    parkerWords(card, me, say),
  ];
  if (card.state.kind === 'recalling') parts.push(say('park.recalling'));
  if (card.state.kind === 'retrieving') parts.push(say('park.retrieving'));
  if (card.state.kind === 'ended') parts.push(endWords(card.state.how, say, name));
  if (card.note !== null) parts.push(say('park.note', { note: card.note }));
  return parts.filter((part) => part !== '').join(', ');
}
