import { MessageFramer } from '../../shared/sip/message/message-framer.ts';
import { Border } from '../../shared/sip/transport/border.ts';
import { SipPair } from '../fakes/sip-pair.ts';

/** Longer than every timer of RFC 3261 §17. */
const ALL_TIMERS_MS = 100_000;

/** What went wrong in an endpoint that was sent these messages one after the other, in virtual time; undefined: nothing. */
export function judgeEndpoint(
  messages: readonly Uint8Array[],
  transport: 'udp' | 'tcp',
): string | undefined {
  const errors: unknown[] = [];
  const observer = { callbackFailed: (error: unknown) => void errors.push(error) };
  const pair = new SipPair(transport, { bob: { observer }, unreadable: 'lose' });
  pair.bob.onRequest((transaction) => {
    pair.received.push(transaction);
    transaction.reply(transaction.request.method === 'INVITE' ? 180 : 200);
  });
  const border = new Border({ receiver: pair.bob, observer });
  try {
    for (const bytes of messages) {
      if (transport === 'udp') border.takeDatagram(bytes, pair.back);
      else {
        for (const outcome of new MessageFramer().push(bytes)) {
          if (outcome.kind !== 'ping') border.take(outcome, pair.back);
        }
      }
      pair.clock.advance(bytes.length);
    }
    for (const transaction of pair.received) transaction.reply(486);
    pair.clock.advance(ALL_TIMERS_MS);
  } catch (error) {
    errors.push(error);
  }
  const [first] = errors;
  if (first !== undefined) return first instanceof Error ? (first.stack ?? '') : String(first);
  if (pair.bob.liveTransactions > 0) return `${pair.bob.liveTransactions} transactions left over`;
  return pair.clock.pending > 0 ? `${pair.clock.pending} timers left over` : undefined;
}
