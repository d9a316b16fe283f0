import type { CommandOutcome, PhoneCommand } from '../../../shared/bridge/phone-command.ts';
import { liveCalls } from '../../../shared/phone/call-list.ts';
import type { Call } from '../../../shared/phone/call.ts';
import { waitingCards } from '../../../shared/phone/park-board.ts';
import type { Phone } from './phone.ts';

type Failed = Extract<CommandOutcome, { readonly kind: 'failed' }>;

const failed = (reason: Failed['reason'], message: string): CommandOutcome => ({
  kind: 'failed',
  reason,
  message,
});

/** Carries out a command from the command line as a press on the screen would, and says what became of it. */
export function runCommand(phone: Phone, command: PhoneCommand): Promise<CommandOutcome> {
  if (phone.state.getState().line.kind !== 'registered') {
    return Promise.resolve(failed('offline', 'The phone is not connected.'));
  }
  switch (command.kind) {
    case 'call':
      return Promise.resolve(call(phone, command.target));
    case 'park':
      return park(phone, command);
    case 'retrieve':
      return retrieve(phone, command.slot);
    case 'list':
    case 'status':
      return Promise.resolve(failed('bad-request', 'Not for the page.'));
  }
}

/** A program that hands over a number may not make a feature code of it; `park` and `retrieve` are there for that. */
function call(phone: Phone, target: string): CommandOutcome {
  if (/^\s*(?:sips?:)?[*#]/i.test(target)) {
    return failed('refused', 'Codes are not dialled from outside: use park or retrieve.');
  }
  phone.dial(target);
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
  phone: Phone,
  request: { readonly slot: string | null; readonly note: string | null },
): Promise<CommandOutcome> {
  const { calls, codes } = phone.state.getState();
  const all = liveCalls(calls);
  const active = all.find(({ state }) => state.kind === 'active');
  if (active === undefined) {
    return Promise.resolve(failed('no-call', 'There is no call that could be parked.'));
  }
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

function retrieve(phone: Phone, slot: string | null): Promise<CommandOutcome> {
  const { board } = phone.state.getState();
  if (board.sync.kind !== 'live') {
    return Promise.resolve(failed('offline', 'What is parked is not known.'));
  }
  if (board.retrieving !== null) {
    return Promise.resolve(failed('busy', 'A call is being retrieved already.'));
  }
  const card = waitingCards(board).find((each) => slot === null || each.slot === slot);
  if (card === undefined) {
    return Promise.resolve(failed('nothing-parked', 'Nothing is parked there.'));
  }
  let problem: string | null = null;
  const events = phone.events.listen((event) => {
    if (event.kind !== 'board' || event.effect.kind !== 'say') return;
    if (event.effect.id === card.id) problem = event.effect.problem.kind;
  });
  phone.retrieve(card.id, true);
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
