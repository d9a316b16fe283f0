import type { CommandOutcome, PhoneCommand } from '../../../shared/bridge/phone-command.ts';
import type { Call } from '../../../shared/phone/call.ts';
import { mayBeCode } from '../../../shared/phone/foreign-number.ts';
import { oldestWaiting } from '../../../shared/phone/merged-parks.ts';
import type { Card } from '../../../shared/phone/park-card.ts';
import { callsAtHand } from './press-at-hand.ts';
import type { Phone } from './phone.ts';
import type { Switchboard } from './switchboard.ts';
import { callToPark } from './which-call.ts';

type Failed = Extract<CommandOutcome, { readonly kind: 'failed' }>;

const failed = (reason: Failed['reason'], message: string): CommandOutcome => ({
  kind: 'failed',
  reason,
  message,
});

/** Carries out a command from the command line as a press on the screen would, and says what became of it. */
export function runCommand(
  switchboard: Switchboard,
  command: PhoneCommand,
): Promise<CommandOutcome> {
  const connected = switchboard.sessions.filter(
    ({ phone }) => phone.state.getState().line.kind === 'registered',
  );
  if (connected.length === 0) {
    return Promise.resolve(failed('offline', 'The phone is not connected.'));
  }
  switch (command.kind) {
    case 'call':
      return Promise.resolve(call(switchboard, command.target));
    case 'park':
      return park(switchboard, command);
    case 'retrieve':
      return retrieve(switchboard, command.slot);
    case 'list':
    case 'status':
      return Promise.resolve(failed('bad-request', 'Not for the page.'));
  }
}

/** A program that hands over a number may not make a feature code of it; `park` and `retrieve` are there for that. */
function call({ first }: Switchboard, target: string): CommandOutcome {
  const state = first?.phone.state.getState();
  if (first === null || state?.line.kind !== 'registered') {
    return failed('offline', 'The account that dials is not connected.');
  }
  if (mayBeCode(target, state)) {
    return failed('refused', 'Codes are not dialled from outside: use park or retrieve.');
  }
  first.phone.dial(target);
  return { kind: 'done', what: 'calling', target: target.trim() };
}

/** The main process gives up after twenty seconds; nothing is watched for longer. */
const LIMIT_MS = 20_000;
const NO_WORD = failed('no-word', 'The phone did not say in time what became of it.');

/** Looks at the phone after each change until `look` has an answer. The main process knows how long to wait. */
function settle(phone: Phone, look: () => CommandOutcome | null): Promise<CommandOutcome> {
  const startedAt = phone.now;
  return new Promise((resolve) => {
    const check = (): void => {
      const outcome = look() ?? (phone.now - startedAt > LIMIT_MS ? NO_WORD : null);
      if (outcome === null) return;
      stop();
      resolve(outcome);
    };
    const unsubscribe = phone.state.subscribe(check);
    const events = phone.events.listen(check);
    const stop = (): void => {
      unsubscribe();
      events.dispose();
    };
    check();
  });
}

const callOf = (phone: Phone, id: string): Call | undefined =>
  phone.state.getState().calls.calls.find((each) => each.id === id);

function park(
  switchboard: Switchboard,
  request: { readonly slot: string | null; readonly note: string | null },
): Promise<CommandOutcome> {
  const active = callToPark(callsAtHand(switchboard));
  const phone = active === null ? undefined : switchboard.find(active.account)?.phone;
  if (active === null || phone === undefined) {
    return Promise.resolve(failed('no-call', 'There is no call that could be parked.'));
  }
  const { codes } = phone.state.getState();
  phone.park(active.id, { code: `${codes.park}${request.slot ?? ''}`, note: request.note });
  return settle(phone, () => parkOutcome(callOf(phone, active.id), active));
}

function parkOutcome(now: Call | undefined, before: Call): CommandOutcome | null {
  if (now === undefined) return failed('refused', 'The call is over.');
  if (now.state.kind === 'ended') {
    return now.state.why.kind === 'parked'
      ? { kind: 'done', what: 'parked', slot: now.state.why.receipt.slot }
      : failed('refused', 'The call ended before it was parked.');
  }
  if (now.notice === null || now.notice === before.notice) return null;
  return now.notice.kind === 'no-word'
    ? failed('no-word', 'The server did not say whether the call is parked.')
    : failed('refused', 'The call could not be parked; it goes on.');
}

/** Of all accounts; the one that waits longest where several have a call parked in that slot. */
function retrieve(switchboard: Switchboard, slot: string | null): Promise<CommandOutcome> {
  const { cards, mood, retrieving } = switchboard.parks.getState();
  if (retrieving !== null) {
    return Promise.resolve(failed('busy', 'A call is being retrieved already.'));
  }
  const there = cards.filter(
    ({ card, frozen }) => !frozen && (slot === null || card.slot === slot),
  );
  const placed = oldestWaiting({ cards: there });
  const session = placed === null ? null : switchboard.find(placed.account);
  if (placed === null || session === null) {
    return Promise.resolve(
      mood === 'unknown' || mood === 'unsupported'
        ? failed('offline', 'What is parked is not known.')
        : failed('nothing-parked', 'Nothing is parked there.'),
    );
  }
  return retrieveCard(session.phone, placed.card, () => switchboard.retrieve(placed.key, true));
}

function retrieveCard(phone: Phone, card: Card, press: () => void): Promise<CommandOutcome> {
  let problem: string | null = null;
  const events = phone.events.listen((event) => {
    if (event.kind !== 'board' || event.effect.kind !== 'say') return;
    if (event.effect.id === card.id) problem = event.effect.problem.kind;
  });
  press();
  const settled = settle(phone, () => {
    const own = phone.state
      .getState()
      .calls.calls.find(({ purpose }) => purpose.kind === 'retrieve' && purpose.cardId === card.id);
    if (own !== undefined && own.answeredAt !== null) {
      return { kind: 'done', what: 'retrieved', slot: card.slot ?? '' };
    }
    return problem === null ? null : failed('refused', `It could not be retrieved: ${problem}.`);
  });
  return settled.finally(() => events.dispose());
}
