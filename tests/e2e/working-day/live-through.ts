import { expect } from '@playwright/test';
import { Cable } from '../kit/cable.ts';
import { CLIENT, Outside, SECOND_CLIENT } from '../kit/client.ts';
import { TestServer } from '../kit/test-server.ts';
import { DayPhone } from './day-phone.ts';
import { footprintOf, type Footprint } from './footprint.ts';

export interface DayOptions {
  /** How long it lasts, the start and the measuring included, min. */
  readonly minutes: number;
  readonly say: (line: string) => void;
}

/** What became of the day. */
export interface DayReport {
  readonly calls: number;
  readonly parks: number;
  readonly sleeps: number;
  readonly networkChanges: number;
  /** From the network to the registration, each time, ms. */
  readonly backAfterMs: readonly number[];
  readonly before: Footprint;
  readonly after: Footprint;
  readonly complaints: readonly string[];
}

/** Rounds before the first measurement: code is compiled, caches are filled. */
const WARM_UP_SHARE = 0.4;
const FEWEST_WARM_UP_ROUNDS = 4;
/** Measuring, twice, and closing. */
const APART_MS = 15_000;
/** Rounds of a long day: the rest of it the phone waits, as phones do. */
const MOST_ROUNDS = 52;
const AWAY_MS = 1_500;

/**
 * A day of calls, parks, sleep and network changes with the packed app, a real server and real callers. After every round the list
 * shows what is parked and nothing else.
 */
export async function liveThroughDay({ minutes, say }: DayOptions): Promise<DayReport> {
  const startedAt = Date.now();
  const endsAt = startedAt + minutes * 60_000 - APART_MS;
  const day = await Day.open(say);
  try {
    const warmAt = Date.now() + (endsAt - Date.now()) * WARM_UP_SHARE;
    await day.rounds({ until: warmAt, least: FEWEST_WARM_UP_ROUNDS, most: MOST_ROUNDS * 0.4 });
    const before = await footprintOf(day.phone.app, day.phone.page);
    say(`warm after ${day.count.rounds} rounds: ${JSON.stringify(before)}`);
    await day.rounds({ until: endsAt, least: 2, most: MOST_ROUNDS * 0.6 });
    const after = await footprintOf(day.phone.app, day.phone.page);
    say(`after ${day.count.rounds} rounds: ${JSON.stringify(after)}`);
    const { backAfterMs, count } = day;
    say(`${JSON.stringify(count)}, back after ${backAfterMs.join(', ')} ms`);
    return { ...count, backAfterMs, before, after, complaints: [...day.phone.complaints] };
  } finally {
    await day.close();
  }
}

class Day {
  readonly phone: DayPhone;
  readonly backAfterMs: number[] = [];
  readonly count = { rounds: 0, calls: 0, parks: 0, sleeps: 0, networkChanges: 0 };
  readonly #server: TestServer;
  readonly #outside: Outside;
  readonly #say: DayOptions['say'];

  private constructor(parts: {
    readonly server: TestServer;
    readonly outside: Outside;
    readonly phone: DayPhone;
    readonly say: DayOptions['say'];
  }) {
    this.#say = parts.say;
    this.#server = parts.server;
    this.#outside = parts.outside;
    this.phone = parts.phone;
  }

  static async open(say: DayOptions['say']): Promise<Day> {
    // Everything of the phone's goes over the cable, its HTTP, too.
    const end = { port: 0 };
    const cable = await Cable.to(end);
    const server = await TestServer.start({ publicUrl: cable.origin });
    end.port = server.httpPort;
    const outside = await Outside.open();
    return new Day({ server, outside, phone: await DayPhone.signedIn(server, cable), say });
  }

  /** Evenly spread over the time there is, at most `most`. */
  async rounds(of: { readonly until: number; readonly least: number; readonly most: number }) {
    const { until, least, most } = of;
    const beganAt = Date.now();
    const paceMs = Math.max(0, until - beganAt) / Math.max(1, Math.floor(most));
    for (let round = 0; round < least || (Date.now() < until && round < most); round += 1) {
      await this.#round();
      const nextAt = Math.min(beganAt + (round + 1) * paceMs, until);
      if (nextAt > Date.now()) await this.phone.page.waitForTimeout(nextAt - Date.now());
    }
  }

  async close(): Promise<void> {
    await this.phone.close();
    await this.#outside.close();
    await this.#server.dispose();
  }

  async #round(): Promise<void> {
    const { phone, count } = this;
    await this.#callThatIsEndedHere();
    await this.#callThatIsParkedAndRetrieved();
    await this.#missedCall();
    await this.#callThatEndsWhileNobodyKnows(count.rounds % 2 === 0 ? 'sleep' : 'network');
    await phone.showsNothingParked();
    expect(this.#server.parkedCalls).toHaveLength(0);
    await phone.isIdle();
    await this.#outside.hangUpAll();
    count.rounds += 1;
    this.#say(`round ${count.rounds}: back after ${this.backAfterMs.at(-1) ?? 0} ms`);
  }

  async #talks() {
    const { phone } = this;
    const client = await this.#outside.call(this.#server, '102');
    this.count.calls += 1;
    await phone.rings(CLIENT);
    await phone.answer();
    await client.answered();
    return client;
  }

  async #callThatIsEndedHere(): Promise<void> {
    const client = await this.#talks();
    await this.phone.hangUp();
    await client.hasEnded();
  }

  async #park(): Promise<void> {
    const { phone } = this;
    await phone.park();
    await phone.isIdle();
    await expect(phone.card(CLIENT)).toHaveAttribute('data-state', 'parked');
    this.count.parks += 1;
  }

  async #callThatIsParkedAndRetrieved(): Promise<void> {
    const { phone } = this;
    const client = await this.#talks();
    await this.#park();
    await phone.retrieve(CLIENT);
    await phone.talksTo(CLIENT);
    client.hangUp();
    await phone.isIdle();
    await phone.showsNothingParked();
  }

  async #missedCall(): Promise<void> {
    const client = await this.#outside.call(this.#server, '102', { identity: SECOND_CLIENT });
    this.count.calls += 1;
    await this.phone.rings(SECOND_CLIENT);
    client.hangUp();
    await this.phone.isIdle();
  }

  /** A parked caller hangs up while the phone is away: its card must not outlive that. */
  async #callThatEndsWhileNobodyKnows(away: 'sleep' | 'network'): Promise<void> {
    const { phone, count } = this;
    const client = await this.#talks();
    await this.#park();
    if (away === 'sleep') await phone.sleep();
    else await phone.leaveNetwork();
    client.hangUp();
    await client.hasEnded();
    await phone.page.waitForTimeout(AWAY_MS);
    this.backAfterMs.push(away === 'sleep' ? await phone.wake() : await phone.joinNetwork());
    if (away === 'sleep') count.sleeps += 1;
    else count.networkChanges += 1;
  }
}
