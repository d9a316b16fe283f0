import { isTalking, type Call, type CallId, type CallList } from './call.ts';

/** So many others can be in a conference: it is a three-way one, mixed on this machine. */
export const MOST_IN_CONFERENCE = 2;

/** Calls whose parties hear one another through this phone, or will again when they come off hold. */
export function conferenceOf(list: CallList): readonly Call[] {
  return list.calls.filter(
    ({ company, state }) => company === 'conference' && state.kind !== 'ended',
  );
}

/** Whether two calls belong to one conference: neither is put on hold for the other. */
export function areTogether(a: Call | undefined, b: Call | undefined): boolean {
  return a?.company === 'conference' && b?.company === 'conference';
}

/** The calls that go on hold and come back together with this one, itself among them. */
export function companyOf(list: CallList, call: Call): readonly Call[] {
  return call.company === 'conference' ? conferenceOf(list) : [call];
}

/**
 * The calls whose sound is to be mixed now: those of the conference that can be heard, if there are two at least.
 * A call that is being parked or transferred is mixed until it has left.
 */
export function mixOf(list: CallList): readonly CallId[] {
  const heard = conferenceOf(list).filter(
    ({ state }) => isTalking(state) && state.kind !== 'resuming' && state.kind !== 'holding',
  );
  return heard.length < 2 ? [] : heard.map(({ id }) => id);
}

/** Whether two calls are the same PBX's: only then can it connect the one with the other. */
export function sameAccount(a: Call, b: Call): boolean {
  return a.account === b.account;
}

/** Whether these two calls can be made one conversation: of one account, one is heard or both wait on hold, and there is room. */
export function mayJoin(list: CallList, id: CallId, other: CallId): boolean {
  const pair = list.calls.filter((call) => call.id === id || call.id === other);
  if (pair.some((call) => pair.some((each) => !sameAccount(call, each)))) return false;
  const steady = pair.every(({ state }) => state.kind === 'active' || state.kind === 'held');
  return pair.length === 2 && steady && conferenceOf(list).length === 0;
}

/** Whoever is left alone in a conference is in an ordinary call again. */
export function withoutEmptyConference(list: CallList): CallList {
  const members = conferenceOf(list);
  if (members.length >= 2) return list;
  if (list.calls.every(({ company }) => company === 'alone')) return list;
  return { calls: list.calls.map((call) => ({ ...call, company: 'alone' })) };
}
