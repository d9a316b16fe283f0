import type { PageRestart } from '../../../../shared/bridge/contract.ts';
import { assertNever } from '../../../../shared/domain/assert-never.ts';
import type {
  Call,
  CallEnd,
  CallNotice,
  CallProblem,
  ParkProblem,
} from '../../../../shared/phone/call.ts';
import { deviceWords } from '../settings/device-words.ts';
import { forwardingFailureWords, isForwarding } from '../settings/forwarding-words.ts';
import type { NoticeContent } from '../../model/notice.ts';
import { partyTitle } from '../../number.ts';
import type { Say } from '../../text.tsx';
import { verdictWords } from './quality-words.ts';
import { retrieveProblemWords, type NameOf } from '../park/card-words.ts';

/** What a call is doing, in a word or two. */
export function callStateWords(call: Call, say: Say, name: NameOf): string {
  const { state } = call;
  switch (state.kind) {
    case 'incoming':
      return call.recall === null
        ? say('call.incoming')
        : say('call.recall', { slot: call.recall.slot ?? '' });
    case 'waiting':
      return say('call.waiting');
    case 'dialing':
      return call.purpose.kind === 'retrieve' ? say('call.retrieving') : say('call.dialing');
    case 'ringing':
      return say('call.ringing');
    case 'answering':
      return say('call.answering');
    case 'active':
      return say(call.company === 'conference' ? 'conference.talking' : 'call.talking');
    case 'holding':
    case 'held':
      return say('call.held');
    case 'resuming':
      return say('call.resuming');
    case 'parking':
      return say('park.parking');
    case 'transferring':
      return say('call.transferring');
    case 'ended':
      return callEndWords(state.why, say, name);
    default:
      return assertNever(state);
  }
}

export function callEndWords(end: CallEnd, say: Say, name: NameOf): string {
  switch (end.kind) {
    case 'hung-up':
      return say(end.by === 'me' ? 'end.byMe' : 'end.byThem');
    case 'cancelled':
      return say('end.cancelled');
    case 'missed':
      return say('end.missed');
    case 'answered-elsewhere':
      return say('end.elsewhere');
    case 'declined':
      return say('end.declined');
    case 'parked':
      return parkedWords(end.receipt.slot, end.receipt.retrieveCode, say);
    case 'transferred':
      return say('end.transferred');
    case 'retrieve-failed':
      return retrieveProblemWords(end.problem, say, name);
    case 'hold-failed':
      return say('end.holdFailed');
    case 'connection-lost':
      return say('end.connectionLost');
    case 'failed':
      return callProblemWords(end.problem, say);
    default:
      return assertNever(end);
  }
}

export function callProblemWords(problem: CallProblem, say: Say): string {
  switch (problem.kind) {
    case 'not-found':
      return say('problem.notFound');
    case 'incomplete-number':
      return say('problem.incomplete');
    case 'busy':
      return say('problem.busy');
    case 'no-answer':
      return say('problem.noAnswer');
    case 'unavailable':
      return say('problem.unavailable');
    case 'rejected':
      return say('problem.rejected');
    case 'not-permitted':
      return say('problem.notPermitted');
    case 'media':
      return say('problem.media');
    case 'server':
      return say('problem.server');
    case 'other':
      return problem.status === 0
        ? say('problem.noConnection')
        : say('problem.other', {
            text: problem.text === '' ? String(problem.status) : problem.text,
          });
    default:
      return assertNever(problem);
  }
}

export function parkProblemWords(problem: ParkProblem, say: Say): string {
  switch (problem.kind) {
    case 'unknown-extension':
      return say('park.problem.unknownExtension');
    case 'incomplete-number':
      return say('park.problem.incomplete');
    case 'not-permitted':
      return problem.text === null
        ? say('park.problem.notPermitted')
        : say('park.problem.notPermittedText', { text: problem.text });
    case 'slot-full':
      return say('park.problem.slotFull');
    case 'nobody-available':
      return say('park.problem.nobody');
    case 'already-being-parked':
      return say('park.problem.already');
    case 'caller-gone':
      return say('park.problem.callerGone');
    case 'server-busy':
      return say('park.problem.serverBusy');
    case 'no-connection':
      return say('park.problem.noConnection');
    case 'other':
      return say('problem.other', {
        text: problem.text === '' ? String(problem.status) : problem.text,
      });
    default:
      return assertNever(problem);
  }
}

export function callNoticeWords(notice: CallNotice, say: Say): string {
  switch (notice.kind) {
    case 'park-failed':
      return say('park.failed', { why: parkProblemWords(notice.problem, say) });
    case 'transfer-failed':
      return say('transfer.failed', { why: parkProblemWords(notice.problem, say) });
    case 'no-word':
      return say(notice.of === 'park' ? 'park.noWord' : 'transfer.noWord');
    case 'hold-failed':
      return say('end.holdFailed');
    case 'resume-failed':
      return say('call.resumeFailed');
    default:
      return assertNever(notice);
  }
}

export function parkedWords(slot: string | null, code: string | null, say: Say): string {
  if (slot === null) return say('park.done');
  return code === null ? say('park.doneOn', { slot }) : say('park.doneCode', { slot, code });
}

/** Without a word from the shell, as in a browser, nobody knows who was talking. */
function restartWords(restart: PageRestart | null, say: Say): string {
  const what = say(restart?.why === 'unresponsive' ? 'restarted.hung' : 'restarted.crashed');
  const [first] = restart?.calls ?? [];
  if (restart === null || first === undefined) return what;
  const who = partyTitle(first, say('party.anonymous'));
  return `${what} ${say('restarted.calls', { count: restart.calls.length, who })}`;
}

/** What a notice says; the same words are read out. */
export function noticeWords(what: NoticeContent, say: Say, name: NameOf): string {
  switch (what.kind) {
    case 'parked':
      return parkedWords(what.receipt.slot, what.receipt.retrieveCode, say);
    case 'transferred':
      return say('transfer.done', { who: partyTitle(what.party, say('party.anonymous')) });
    case 'retrieve-failed': {
      const why = retrieveProblemWords(what.problem, say, name);
      return what.party === null
        ? why
        : say('retrieve.failedFor', { who: partyTitle(what.party, say('party.anonymous')), why });
    }
    case 'call-over':
      return say('call.over', {
        who: partyTitle(what.party, say('party.anonymous')),
        why: callEndWords(what.end, say, name),
      });
    case 'call-trouble':
      return callNoticeWords(what.notice, say);
    case 'sounded-poor':
      return say('quality.ended', {
        who: partyTitle(what.party, say('party.anonymous')),
        verdict: verdictWords(what.quality, say),
      });
    case 'device-changed':
      return deviceWords(what, say);
    case 'forwarding-saved':
      return say(isForwarding(what.forwarding) ? 'forward.saved' : 'forward.off');
    case 'forwarding-failed':
      return forwardingFailureWords(what.reason, say);
    case 'restarted':
      return restartWords(what.restart, say);
    case 'graphics-restarted':
      return say('graphics.restarted');
    case 'park-hint':
      return say('park.hint');
    case 'demo-ringing':
      return say('demo.ringing');
    case 'demo-failed':
      return say(what.reason === 'busy' ? 'demo.busy' : 'demo.failed');
    case 'snoozed':
      return say('park.snoozed');
    case 'snooze-failed':
      return say(what.reason === 'not-found' ? 'park.snoozeGone' : 'park.snoozeFailed');
    case 'not-dialled':
      return say(what.why === 'offline' ? 'dial.offline' : 'dial.empty');
    case 'copied':
      return say('common.copied', { text: what.text });
    default:
      return assertNever(what);
  }
}
