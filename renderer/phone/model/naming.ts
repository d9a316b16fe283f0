import type { CallList } from '../../../shared/phone/call.ts';
import { named, type NameBook } from '../../../shared/phone/names.ts';
import type { Board, BoardEffect } from '../../../shared/phone/park-board.ts';
import type { Card } from '../../../shared/phone/park-card.ts';

/** Calls with the names that this phone knows; the same list where nothing changes. */
export function namedCalls(list: CallList, names: NameBook): CallList {
  const calls = list.calls.map((call) => {
    const party = named(call.party, names);
    return party === call.party ? call : { ...call, party };
  });
  return calls.every((call, index) => call === list.calls[index]) ? list : { ...list, calls };
}

/** Parked calls with the names that this phone knows; the same board where nothing changes. */
export function namedBoard(board: Board, names: NameBook): Board {
  const cards = board.cards.map((card) => namedCard(card, names));
  return cards.every((card, index) => card === board.cards[index]) ? board : { ...board, cards };
}

export function namedEffect(effect: BoardEffect, names: NameBook): BoardEffect {
  return effect.kind === 'alert' ? { ...effect, card: namedCard(effect.card, names) } : effect;
}

function namedCard(card: Card, names: NameBook): Card {
  if (card.caller === null) return card;
  const caller = named(card.caller, names);
  return caller === card.caller ? card : { ...card, caller };
}
