import type { IncomingCall } from '../fakes/incoming-call.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import type { SipPhone } from '../fakes/sip-phone.ts';
import type { Chance } from '../fuzz/chance.ts';
import { ANY_WAY, DESK_WAY, signIn, signOutAll, type Way } from './phones.ts';
import type { SoakPorts } from './soak-server.ts';

/** How long anything may take that is not meant to fail, in ms: the machine may be busy. */
export const PATIENCE_MS = 20_000;

/** Four people who have nothing to do with anybody else, so that many such can be busy at once. */
export interface Cast {
  readonly caller: SipPhone;
  readonly parker: SipPhone;
  readonly taker: SipPhone;
  readonly watcher: SipPhone;
}

export interface Stage {
  readonly ports: SoakPorts;
  readonly chance: Chance;
}

/** Something that people do with telephones. `leaves`: it ends with phones that have vanished. */
export interface Scene {
  readonly name: string;
  readonly leaves?: true;
  play(cast: Cast, stage: Stage): Promise<void>;
}

/** Signs four extensions in, each by a transport of chance. */
export async function gather(
  { ports, chance }: Stage,
  [caller, parker, taker, watcher]: readonly [string, string, string, string],
): Promise<Cast> {
  const someone = (extension: string, ways: readonly [Way, ...Way[]]) =>
    signIn(ports, extension, chance.pick(ways));
  return {
    caller: await someone(caller, ANY_WAY),
    parker: await someone(parker, DESK_WAY),
    taker: await someone(taker, ANY_WAY),
    watcher: await someone(watcher, ANY_WAY),
  };
}

export const everybody = ({ caller, parker, taker, watcher }: Cast): readonly SipPhone[] => [
  caller,
  parker,
  taker,
  watcher,
];

/** Signs everybody out and hangs their phones up. */
export async function dismiss(cast: Cast): Promise<void> {
  for (const phone of everybody(cast)) {
    await signOutAll(phone);
    await phone.close();
  }
}

/** What ended is forgotten by the phones: they would look through it for every request. */
export function forget(cast: Cast): void {
  for (const phone of everybody(cast)) {
    phone.calls.length = 0;
    phone.subscriptions.length = 0;
    phone.incoming.length = 0;
  }
}

export interface Pair {
  readonly atCaller: PhoneCall;
  readonly atParker: PhoneCall;
}

/** The caller calls the parker, who answers. */
export async function talk({ caller, parker }: Cast): Promise<Pair> {
  const dialled = caller.dial(parker.account.user);
  const atParker = (await plainCall(parker)).answer();
  await dialled.finished(PATIENCE_MS);
  return { atCaller: await dialled.answered(), atParker };
}

/** The next call that is no recall of somebody's who was parked and has vanished. */
export function plainCall(phone: SipPhone): Promise<IncomingCall> {
  return chosenCall(phone, (parkId) => parkId === undefined);
}

/** The recall of one parked call. */
export function recallOf(phone: SipPhone, { parkId }: Parked): Promise<IncomingCall> {
  return chosenCall(phone, (other) => other === parkId);
}

async function chosenCall(
  phone: SipPhone,
  isWanted: (parkId: string | undefined) => boolean,
): Promise<IncomingCall> {
  for (;;) {
    const call = await phone.nextCall(PATIENCE_MS);
    if (isWanted(call.request.headers.get('X-Park-Id'))) return call;
    call.refuse(480);
  }
}

export interface Parked {
  readonly atCaller: PhoneCall;
  readonly parkId: string;
  /** What takes this very call: others may wait on that extension whose callers have vanished. */
  readonly code: string;
}

/** … and then waits on the taker's extension. */
export async function park(cast: Cast): Promise<Parked> {
  const { atCaller, atParker } = await talk(cast);
  const { status } = await atParker.refer(`*68${cast.taker.account.user}`);
  if (status !== 202) throw new Error(`REFER: ${status}`);
  const result = await atParker.referResult(PATIENCE_MS);
  if (result.status !== 200) throw new Error(`park: ${result.status}`);
  if (!atParker.ended) await atParker.hangUp();
  const parkId = /^X-Park-Id: (\S+)/m.exec(result.text)?.[1] ?? '';
  return { atCaller, parkId, code: `*88${cast.taker.account.user};park-id=${parkId}` };
}

/** Dials and fails unless it is answered. */
export async function answered(phone: SipPhone, target: string): Promise<PhoneCall> {
  const dialled = phone.dial(target);
  const final = await dialled.finished(PATIENCE_MS);
  if (dialled.call === undefined) throw new Error(`${target}: ${final.status} ${final.reason}`);
  return dialled.call;
}
