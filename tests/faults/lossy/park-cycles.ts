import type { PhoneCall } from '../../fakes/phone-call.ts';
import { connectUdp } from '../../fakes/phone-connections.ts';
import { until, type SipPhone } from '../../fakes/sip-phone.ts';
import { Exchange } from '../../interop/kit/exchange.ts';
import { portOf } from '../../interop/kit/park-server.ts';
import { BadWeather, type Weather, type WeatherReport } from './bad-weather.ts';

/** 64*T1 and a little: after that a transaction has an outcome, whatever the network did. */
const PATIENCE_MS = 40_000;
/** How long what ends by itself may take to end, when a BYE and all its answers get lost. */
const SETTLE_MS = 70_000;

export interface CyclesReport {
  /** What went wrong, cycle by cycle. */
  readonly failures: readonly string[];
  /** How often each call was parked, retrieved or otherwise ended, by ParkId. */
  readonly lives: ReadonlyMap<string, readonly string[]>;
  /** Lines of the journal in all. */
  readonly journalLines: number;
  readonly leftOver: { readonly calls: number; readonly parked: number; readonly legs: number };
  readonly weather: WeatherReport;
}

interface Trio {
  readonly caller: SipPhone;
  readonly parker: SipPhone;
  readonly taker: SipPhone;
}

export interface CyclesOptions {
  readonly cycles: number;
  /** Trios of phones at work at the same time. */
  readonly trios: number;
  readonly weather: Weather;
}

/** Trios of phones call, park, retrieve and hang up, over and over, over a network that loses, doubles and reorders. */
export async function parkCycles({ cycles, trios, weather }: CyclesOptions): Promise<CyclesReport> {
  const numbers = Array.from({ length: trios }, (_, index) => index);
  const exchange = await Exchange.start(
    numbers.flatMap((n) => [1_000 + n, 2_000 + n, 3_000 + n].map(String)),
  );
  const ways: BadWeather[] = [];
  const failures: string[] = [];
  const parkIds: string[] = [];
  let left = cycles;
  const phone = async (extension: number): Promise<SipPhone> => {
    const seed = weather.seed * 10_000 + extension;
    const way = await BadWeather.open(portOf(exchange.server, 'udp'), { ...weather, seed });
    ways.push(way);
    const joined = exchange.joined(String(extension), await connectUdp(way.port));
    await joined.register();
    return joined;
  };
  const work = async (n: number): Promise<void> => {
    const [caller, parker, taker] = await Promise.all(
      [1_000, 2_000, 3_000].map((at) => phone(at + n)),
    );
    if (!caller || !parker || !taker) throw new Error('a phone is missing');
    while (left-- > 0) {
      await cycle(exchange, { caller, parker, taker }).then(
        (parkId) => parkIds.push(parkId),
        (error: unknown) => failures.push(error instanceof Error ? error.message : String(error)),
      );
    }
  };
  await Promise.all(numbers.map(work));
  const end = await settled(exchange, parkIds);
  await exchange.close();
  for (const way of ways) way.close();
  return { failures, ...end, weather: sumOf(ways) };
}

async function established(from: SipPhone, target: string): Promise<PhoneCall> {
  const dialled = from.dial(target);
  const final = await dialled.finished(PATIENCE_MS);
  if (dialled.call === undefined) throw new Error(`${target}: ${final.status} ${final.reason}`);
  return dialled.call;
}

/** One life of a call; the ParkId it had. */
async function cycle(exchange: Exchange, { caller, parker, taker }: Trio): Promise<string> {
  const calling = established(caller, parker.account.user);
  const atParker = (await parker.nextCall(PATIENCE_MS)).answer();
  const atCaller = await calling;
  const accepted = await atParker.refer(`*68${taker.account.user}`);
  if (accepted.status !== 202) throw new Error(`REFER: ${accepted.status}`);
  const result = await atParker.referResult(PATIENCE_MS);
  const parkId = /^X-Park-Id: (\S+)\r$/m.exec(result.text)?.[1];
  if (result.status !== 200 || parkId === undefined) throw new Error(`park: ${result.text}`);
  await atParker.byeReceived(PATIENCE_MS);
  const atTaker = await established(taker, '*88');
  const taken = atTaker.introduction.headers.get('X-Park-Id');
  if (taken !== parkId) throw new Error(`parked ${parkId}, but took ${taken}`);
  const talk = () =>
    exchange.hears(atTaker) === caller.account.user &&
    exchange.hears(atCaller) === taker.account.user;
  await until('they talk', talk, PATIENCE_MS);
  await atTaker.hangUp();
  await atCaller.byeReceived(PATIENCE_MS);
  return parkId;
}

async function settled(exchange: Exchange, parkIds: readonly string[]) {
  const { server, tenant, media } = exchange;
  const counts = () => ({
    calls: server.calls.activeCalls,
    parked: server.calls.parkedCalls(tenant.id).length,
    legs: media.legs.filter((leg) => !leg.closed).length,
  });
  const quiet = () => Object.values(counts()).every((count) => count === 0);
  await until('everything has ended', quiet, SETTLE_MS).catch(() => undefined);
  const lives = new Map(parkIds.map((parkId): [string, string[]] => [parkId, []]));
  const journal = server.journal.history({ tenantId: tenant.id, limit: 1_000 });
  for (const { parkId, step } of journal) {
    const life = lives.get(parkId) ?? [];
    lives.set(parkId, [step.kind, ...life]);
  }
  return { lives, journalLines: journal.length, leftOver: counts() };
}

function sumOf(ways: readonly BadWeather[]): WeatherReport {
  const sum = { carried: 0, lost: 0, doubled: 0, overtaken: 0 };
  for (const { report } of ways) {
    sum.carried += report.carried;
    sum.lost += report.lost;
    sum.doubled += report.doubled;
    sum.overtaken += report.overtaken;
  }
  return sum;
}
