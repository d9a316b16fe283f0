import { isRinging, isTalking, type Call, type CallEnd } from '../../../shared/phone/call.ts';
import type { NoticeContent } from './notice.ts';

/** Which call the panel shows large: the one chosen while it lives, a new outgoing one, the one I talk to, the newest. */
export function showWhich(
  after: readonly Call[],
  shown: string | null,
  before: readonly Call[],
): string | null {
  const known = new Set(before.map((call) => call.id));
  const started = after.find((call) => !known.has(call.id) && call.direction === 'outgoing');
  if (started !== undefined) return started.id;
  const becameTalking = after.find(
    (call) =>
      isTalking(call.state) &&
      // Whoever joins a conference does not take the place of the one who is shown.
      call.company === 'alone' &&
      !before.some((old) => old.id === call.id && isTalking(old.state)),
  );
  if (becameTalking !== undefined) return becameTalking.id;
  if (after.some((call) => call.id === shown && call.state.kind !== 'ended')) return shown;
  const candidates = after.filter((call) => call.state.kind !== 'ended');
  const talking = candidates.find((call) => isTalking(call.state));
  const ringing = candidates.find((call) => isRinging(call.state));
  const next =
    talking ??
    candidates.find((call) => call.state.kind === 'held') ??
    ringing ??
    candidates.at(-1);
  return next?.id ?? after.find((call) => call.id === shown)?.id ?? after.at(-1)?.id ?? null;
}

/** What the user is told of a call that ended; nothing when they ended it themselves or it says so elsewhere. */
export function noticeOfEnd(call: Call, why: CallEnd): NoticeContent | null {
  switch (why.kind) {
    case 'parked':
      return { kind: 'parked', receipt: why.receipt, party: call.party };
    case 'transferred':
      return { kind: 'transferred', party: call.party };
    case 'failed':
    case 'connection-lost':
    case 'hold-failed':
    case 'missed':
    case 'answered-elsewhere':
      return { kind: 'call-over', end: why, party: call.party };
    case 'hung-up':
    case 'cancelled':
    case 'declined':
    case 'retrieve-failed':
      return null;
  }
}
