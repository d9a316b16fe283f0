import type { HeaderBlock } from './header-block.ts';
import type { Readings } from './readings.ts';
import type { TypedHeaders } from './typed-headers.ts';

/**
 * What makes a message unusable (RFC 3261 §8.1.1, RFC 4475), in words for a reason phrase; undefined when nothing does.
 * `method` is the request's, undefined for a response.
 */
export function findProblem(
  block: HeaderBlock,
  typed: TypedHeaders,
  method: string | undefined,
): string | undefined {
  const plain = isComplete(block.readings);
  return (
    (block.repeated && `Repeated ${block.repeated.name}`) ??
    (plain ? undefined : (unreadableCore(typed) ?? unreadableLists(typed))) ??
    unreadableHops(block) ??
    (method !== undefined && typed.cseq?.method !== method
      ? 'CSeq names another method'
      : undefined)
  );
}

/** Whether all was plain, as it nearly always is, so that nobody need be asked for it one by one. */
function isComplete(readings: Readings): boolean {
  const { vias, from, to, callId, cseq, contacts, routes, recordRoutes } = readings;
  if (vias === undefined || vias.length === 0 || from === undefined || to === undefined)
    return false;
  if (callId === undefined || cseq === undefined) return false;
  return contacts !== undefined && routes !== undefined && recordRoutes !== undefined;
}

function unreadableCore(typed: TypedHeaders): string | undefined {
  const { vias } = typed;
  if (vias === undefined || vias.length === 0) return 'Missing or malformed Via';
  if (typed.from === undefined) return 'Missing or malformed From';
  if (typed.to === undefined) return 'Missing or malformed To';
  if (typed.callId === undefined) return 'Missing or malformed Call-ID';
  return typed.cseq === undefined ? 'Missing or malformed CSeq' : undefined;
}

function unreadableLists(typed: TypedHeaders): string | undefined {
  if (typed.contacts === undefined) return 'Malformed Contact';
  if (typed.routes === undefined) return 'Malformed Route';
  return typed.recordRoutes === undefined ? 'Malformed Record-Route' : undefined;
}

function unreadableHops({ maxForwards }: HeaderBlock): string | undefined {
  if (maxForwards === undefined) return undefined;
  return maxForwards.decimal(Number.MAX_VALUE) === undefined ? 'Malformed Max-Forwards' : undefined;
}
