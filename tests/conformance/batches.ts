import { parseMessage } from '../../shared/sip/message/parse-message.ts';
import { mergeKey, serverKey } from '../../shared/sip/transaction/transaction-key.ts';

/**
 * Splits messages into groups in which no two are one transaction or merged requests to a server: many torture messages share branch and
 * Call-ID, and the second of two such is rightly taken for a retransmission.
 */
export function withoutRepeats<T extends { readonly bytes: Uint8Array }>(
  messages: readonly T[],
): T[][] {
  const groups: { readonly members: T[]; readonly keys: Set<string> }[] = [];
  for (const message of messages) {
    const keys = keysOf(message.bytes);
    let group = groups.find((one) => keys.every((key) => !one.keys.has(key)));
    if (group === undefined) groups.push((group = { members: [], keys: new Set() }));
    group.members.push(message);
    for (const key of keys) group.keys.add(key);
  }
  return groups.map(({ members }) => members);
}

function keysOf(bytes: Uint8Array): readonly string[] {
  const outcome = parseMessage(bytes, { framing: 'datagram' });
  if (outcome.kind !== 'message' || outcome.message.kind !== 'request') return [];
  const { message } = outcome;
  return [serverKey(message, message.method), mergeKey(message) ?? ''].filter((key) => key !== '');
}
