import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

const RACES = 100;

describe(`${RACES} races for parked calls`, () => {
  let exchange: Exchange;
  let bob: SipPhone;
  let racers: SipPhone[];
  let clients: SipPhone[];

  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102', '103', '104', '105']);
    bob = await exchange.signedIn('101');
    racers = [await exchange.signedIn('102'), await exchange.signedIn('103')];
    clients = [await exchange.signedIn('104'), await exchange.signedIn('105')];
  });
  afterEach(() => exchange.close());

  async function park(client: SipPhone): Promise<PhoneCall> {
    const { caller, callee } = await exchange.connect(client, bob);
    await callee.refer('*68102');
    await callee.referResult();
    await callee.hangUp();
    return caller;
  }

  it('with one call: never two winners, never none, and the loser learns who took it', async () => {
    const [client] = clients;
    if (client === undefined) throw new Error('no client');
    for (let race = 0; race < RACES; race += 1) {
      const atClient = await park(client);
      const codes = race % 2 === 0 ? ['*88', '*88102'] : ['*88102', '*88102'];
      const tries = racers.map((racer, index) => racer.dial(codes[index] ?? '*88102'));
      const answers = await Promise.all(tries.map((each) => each.finished()));
      const won = answers.flatMap(({ status }, index) => (status === 200 ? [racers[index]] : []));
      expect(won).toHaveLength(1);
      const lost = answers.find(({ status }) => status !== 200);
      expect(lost?.status).toBe(410);
      const winner = won[0]?.account.user;
      expect(lost?.headers.get('Reason')).toBe(`SIP;cause=410;text="Retrieved by ${winner}"`);
      await until('they talk', () => exchange.hears(atClient) === winner);
      await atClient.hangUp();
      await until('all is quiet', () => exchange.server.calls.activeCalls === 0);
    }
  }, 120_000);

  it('with two calls: both are taken, each by one, and nobody is left out', async () => {
    for (let race = 0; race < RACES; race += 1) {
      const parked: PhoneCall[] = [];
      for (const client of clients) parked.push(await park(client));
      const tries = racers.map((racer) => racer.dial('*88102'));
      const answers = await Promise.all(tries.map((each) => each.finished()));
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const ids = answers.map((answer) => answer.headers.get('X-Park-Id'));
      expect(new Set(ids).size).toBe(2);
      await until('both talk', () => {
        const heard = parked.map((call) => exchange.hears(call));
        return heard.toSorted().join() === '102,103';
      });
      for (const call of parked) await call.hangUp();
      await until('all is quiet', () => exchange.server.calls.activeCalls === 0);
    }
  }, 120_000);
});
