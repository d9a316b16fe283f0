import { assertNever } from '../domain/assert-never.ts';
import type { EpochMs } from '../domain/ids.ts';
import {
  isTalking,
  type Call,
  type CallEnd,
  type CallId,
  type CallList,
  type CallNotice,
  type CallState,
  type ParkReceipt,
} from './call.ts';
import { areTogether, withoutEmptyConference } from './call-conference.ts';
import {
  becomeActive,
  change,
  end,
  enter,
  findCall,
  hold,
  newCall,
  resume,
  settle,
  andThen,
  unchanged,
  type CallStep,
} from './call-flow.ts';
import type { CallInput, NetworkInput } from './call-input.ts';
import { callProblem, parkProblem } from './call-problem.ts';
import { retrieveProblem } from './retrieve-problem.ts';

export function isFromNetwork(input: CallInput): input is NetworkInput {
  switch (input.kind) {
    case 'dial':
    case 'answer':
    case 'hang-up':
    case 'hold':
    case 'resume':
    case 'mute':
    case 'unmute':
    case 'join':
    case 'split':
    case 'transfer':
    case 'digit':
    case 'dismiss-notice':
    case 'forget':
      return false;
    default:
      return true;
  }
}

/** What the network's word makes of the phone's calls. */
export function stepNetwork(list: CallList, input: NetworkInput, now: EpochMs): CallStep {
  if (input.kind === 'came-in') return cameIn(list, input, now);
  const call = findCall(list, input.call);
  if (call === undefined || call.state.kind === 'ended') return unchanged(list);
  switch (input.kind) {
    case 'rings':
      return call.state.kind === 'dialing'
        ? unchanged(enter(list, call.id, { kind: 'ringing' }))
        : unchanged(list);
    case 'answered':
      return answered(list, call, input, now);
    case 'party-changed':
      return unchanged(change(list, call.id, { party: input.party }));
    case 'refused':
      return refused(list, call, input, now);
    case 'gone':
      return end(list, call.id, goneBecause(call, input.why), now);
    case 'hold-done':
    case 'hold-failed':
      return call.state.kind === 'holding'
        ? holdEnded(list, call, input.kind === 'hold-done', now)
        : unchanged(list);
    case 'resume-done':
    case 'resume-failed':
      return call.state.kind === 'resuming'
        ? resumeEnded(list, call, input.kind === 'resume-done', now)
        : unchanged(list);
    case 'refer-accepted':
      return isReferring(call.state)
        ? unchanged(enter(list, call.id, { ...call.state, phase: 'accepted' }))
        : unchanged(list);
    case 'refer-failed':
      return referFailed(list, call, input);
    case 'refer-succeeded':
      return referSucceeded(list, call, input, now);
    case 'refer-overdue':
      return referOverdue(list, call, input.refer);
    default:
      return assertNever(input);
  }
}

function cameIn(
  list: CallList,
  input: Extract<NetworkInput, { kind: 'came-in' }>,
  now: EpochMs,
): CallStep {
  const { call: id, account = '', party, recall, autoAnswerAfterMs = null } = input;
  if (findCall(list, id) !== undefined) return unchanged(list);
  const call: Call = { ...newCall(id, now), account, party, recall, autoAnswerAfterMs };
  return unchanged({ calls: [...list.calls, call] });
}

function answered(
  list: CallList,
  call: Call,
  input: Extract<NetworkInput, { kind: 'answered' }>,
  now: EpochMs,
): CallStep {
  const { kind } = call.state;
  if (kind !== 'dialing' && kind !== 'ringing' && kind !== 'answering') return unchanged(list);
  const named = change(list, call.id, { party: input.party ?? call.party });
  return andThen(becomeActive(named, call.id, now), settle);
}

function refused(
  list: CallList,
  call: Call,
  { final }: Extract<NetworkInput, { kind: 'refused' }>,
  now: EpochMs,
): CallStep {
  if (call.answeredAt !== null) return unchanged(list);
  if (call.purpose.kind !== 'retrieve') {
    return end(list, call.id, { kind: 'failed', problem: callProblem(final) }, now);
  }
  const problem = retrieveProblem({ kind: 'response', ...final });
  return end(list, call.id, { kind: 'retrieve-failed', problem }, now);
}

function goneBecause(
  { direction, answeredAt, purpose }: Call,
  why: Extract<NetworkInput, { kind: 'gone' }>['why'],
): CallEnd {
  switch (why) {
    case 'answered-elsewhere':
      return { kind: 'answered-elsewhere' };
    case 'connection-lost':
      return { kind: 'connection-lost' };
    case 'media':
      return purpose.kind === 'retrieve' && answeredAt === null
        ? { kind: 'retrieve-failed', problem: { kind: 'media' } }
        : { kind: 'failed', problem: { kind: 'media' } };
    case 'bye':
    case 'cancel':
      if (answeredAt !== null) return { kind: 'hung-up', by: 'them' };
      return direction === 'incoming' ? { kind: 'missed' } : { kind: 'cancelled' };
    default:
      return assertNever(why);
  }
}

function holdEnded(list: CallList, call: Call, done: boolean, now: EpochMs): CallStep {
  const resumes = call.state.kind === 'holding' && call.state.next === 'resume';
  if (done) {
    return resumes ? resume(list, call.id) : settle(enter(list, call.id, { kind: 'held' }));
  }
  const talking = list.calls.some(({ state }) => state.kind === 'active');
  if (talking) return holdOnOurSide(list, call.id);
  const notice: CallNotice | null = resumes ? null : { kind: 'hold-failed' };
  const kept = change(list, call.id, { state: { kind: 'active' }, notice });
  const waiting = kept.calls.filter(
    ({ state }) => state.kind === 'waiting' && state.holding === call.id,
  );
  return waiting.reduce<CallStep>(
    (step, each) => andThen(step, (next) => notHeldFor(next, each, now)),
    unchanged(kept),
  );
}

/** The user already talks to somebody else, so this call stays on hold on our side: unheard, and not hearing. */
function holdOnOurSide(list: CallList, id: CallId): CallStep {
  const held = change(list, id, {
    state: { kind: 'held' },
    notice: { kind: 'hold-failed' },
    silenced: true,
  });
  const effects = [{ kind: 'set-microphone', call: id, to: 'muted' } as const];
  return andThen({ list: held, effects }, settle);
}

/** The talking call could not be put on hold, and it is never dropped: what waited for that goes back to what it was. */
function notHeldFor(list: CallList, call: Call, now: EpochMs): CallStep {
  if (call.state.kind !== 'waiting') return unchanged(list);
  const free = change(list, call.id, { heldForThis: null });
  switch (call.state.wanted) {
    case 'answer':
      return unchanged(enter(free, call.id, { kind: 'incoming' }));
    case 'resume':
      return unchanged(enter(free, call.id, { kind: 'held' }));
    case 'dial': {
      const why: CallEnd =
        call.purpose.kind === 'retrieve'
          ? { kind: 'retrieve-failed', problem: { kind: 'hold-failed' } }
          : { kind: 'hold-failed' };
      return end(free, call.id, why, now);
    }
  }
}

function resumeEnded(list: CallList, call: Call, done: boolean, now: EpochMs): CallStep {
  if (done) return andThen(becomeActive(list, call.id, now), settle);
  const notice: CallNotice = { kind: 'resume-failed' };
  const held = change(list, call.id, { state: { kind: 'held' }, notice, company: 'alone' });
  return settle(withoutEmptyConference(held));
}

function referFailed(
  list: CallList,
  call: Call,
  { final }: Extract<NetworkInput, { kind: 'refer-failed' }>,
): CallStep {
  if (!isReferring(call.state)) return unchanged(list);
  const problem = parkProblem(final);
  const kind = call.state.kind === 'parking' ? 'park-failed' : 'transfer-failed';
  return keep(change(list, call.id, { notice: { kind, problem } }), call);
}

function referOverdue(list: CallList, call: Call, refer: number): CallStep {
  if (!isReferring(call.state) || call.state.refer !== refer) return unchanged(list);
  const of = call.state.kind === 'parking' ? 'park' : 'transfer';
  const kept = keep(change(list, call.id, { notice: { kind: 'no-word', of } }), call);
  return { ...kept, effects: [...kept.effects, { kind: 'resubscribe' }] };
}

/**
 * The park or transfer came to nothing: the two go on talking, unless the user talks to somebody else by now. Whom the user had
 * put on hold stays there: nobody's microphone opens unasked.
 */
function keep(list: CallList, call: Call): CallStep {
  if (!isReferring(call.state)) return unchanged(list);
  const { before } = call.state;
  const elsewhere = list.calls.some(
    (each) => each.id !== call.id && isTalking(each.state) && !areTogether(call, each),
  );
  if (before === 'held') return unchanged(enter(list, call.id, { kind: 'held' }));
  return elsewhere ? hold(list, call.id) : unchanged(enter(list, call.id, { kind: 'active' }));
}

/** Success may come after we stopped waiting for it: the call has left all the same, and the BYE is ours to send. */
function referSucceeded(
  list: CallList,
  call: Call,
  { receipt }: Extract<NetworkInput, { kind: 'refer-succeeded' }>,
  now: EpochMs,
): CallStep {
  if (call.refers === 0) return unchanged(list);
  const over = end(list, call.id, leftWith(call, receipt), now);
  return { ...over, effects: [{ kind: 'end', call: call.id }, ...over.effects] };
}

/** Another PBX parks as well, but does not say where. */
function leftWith(call: Call, receipt: ParkReceipt | null): CallEnd {
  if (receipt !== null) return { kind: 'parked', receipt };
  if (call.state.kind !== 'parking') return { kind: 'transferred' };
  return { kind: 'parked', receipt: { parkId: null, slot: null, retrieveCode: null } };
}

function isReferring(
  state: CallState,
): state is Extract<CallState, { kind: 'parking' | 'transferring' }> {
  return state.kind === 'parking' || state.kind === 'transferring';
}
