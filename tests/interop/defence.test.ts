import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerConfigInput } from '../../shared/config/server-config.ts';
import { silentLogger } from '../../shared/server/log.ts';
import type { ParkServer } from '../../shared/server/park-server.ts';
import { FakeMediaEngine } from '../fakes/fake-media-engine.ts';
import { connectUdp } from '../fakes/phone-connections.ts';
import { SipPhone } from '../fakes/sip-phone.ts';
import { Attacker } from './kit/attacker.ts';
import { eventually } from './kit/eventually.ts';
import {
  addUsers,
  loopbackConfig,
  portOf,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from './kit/park-server.ts';
import { WirePhone } from './kit/wire-phone.ts';

/** All of 127.0.0.0/8 is this machine: attackers get addresses of their own. */
const SCANNER = '127.0.0.66';
const FLOODER = '127.0.0.67';
const STRANGER = '127.0.0.68';
const PHONES = ['101', '102', '103', '104', '105'];

let dataDir: string;
let server: ParkServer;
let lines: { reason?: string; source?: string }[];
let open: { close(): unknown }[];

beforeEach(() => {
  dataDir = temporaryDirectory();
  lines = [];
  open = [];
});

afterEach(async () => {
  for (const each of open) await each.close();
  await server.close({ graceMs: 0 });
  removeDirectory(dataDir);
});

async function start(more: Partial<ServerConfigInput> = {}): Promise<void> {
  const media = new FakeMediaEngine();
  media.connectAtOnce = true;
  const loggers = (module: string) =>
    module === 'defence'
      ? { ...silentLogger, warn: (fields: object) => void lines.push(fields) }
      : silentLogger;
  server = await startServer({ ...loopbackConfig(dataDir), ...more }, { media, loggers });
  addUsers(server, ...PHONES);
}

async function phone(extension: string): Promise<SipPhone> {
  const connection = await connectUdp(portOf(server, 'udp'));
  const made = new SipPhone({ user: extension, password: `secret-${extension}` }, connection);
  open.push(made);
  return made;
}

async function signedIn(extension: string): Promise<SipPhone> {
  const made = await phone(extension);
  await made.register();
  return made;
}

async function attackerAt(address: string): Promise<Attacker> {
  const attacker = await Attacker.at(address, portOf(server, 'udp'));
  open.push(attacker);
  return attacker;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${server.httpUrl}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? 0);
}

/** Ordinary phones go on with their day: they refresh, call one another, park and retrieve. Longest wait in ms. */
async function ordinaryDay(phones: readonly SipPhone[], rounds: number): Promise<number> {
  let longest = 0;
  const timed = async (work: () => Promise<unknown>): Promise<void> => {
    const began = performance.now();
    await work();
    longest = Math.max(longest, performance.now() - began);
  };
  const [bob, alice, ...others] = phones;
  if (bob === undefined || alice === undefined) throw new Error('two phones at least');
  for (let round = 0; round < rounds; round += 1) {
    for (const each of others) await timed(() => each.register());
    await timed(async () => {
      const dialled = alice.dial(bob.account.user);
      const atBob = (await bob.nextCall()).answer();
      const call = await dialled.answered();
      await atBob.refer('*68');
      await atBob.referResult();
      await (await bob.call('*88')).hangUp();
      await call.byeReceived();
    });
    await pause(20);
  }
  return longest;
}

describe('beside an attack, ordinary phones notice nothing', () => {
  it('of a registration scanner', { timeout: 60_000 }, async () => {
    await start();
    const phones: SipPhone[] = [];
    for (const extension of PHONES) phones.push(await signedIn(extension));
    const scanner = await attackerAt(SCANNER);
    let scanning = true;
    const scan = (async () => {
      for (let round = 0; scanning; round += 1) {
        for (let turn = 0; turn < 40; turn += 1)
          scanner.guess(String(100 + (turn % 10)), `guess-${round}`);
        await pause(10);
      }
    })();
    expect(await ordinaryDay(phones, 20)).toBeLessThan(2000);
    scanning = false;
    await scan;
    expect(scanner.replies.some((reply) => reply.startsWith('SIP/2.0 200'))).toBe(false);
    const failures = await metric('parkline_authentications_total{outcome="wrong"}');
    expect(failures).toBeLessThanOrEqual(100);
    expect(await metric('parkline_blocks_total{reason="failed-authentication"}')).toBeGreaterThan(
      0,
    );
    expect(lines.map(({ source }) => source)).toContain(SCANNER);
    expect((await phones[0]?.register())?.status).toBe(200);
  });

  it('of an INVITE flood, which is let go when it has passed', { timeout: 60_000 }, async () => {
    await start({ defence: { unknownPerSecond: 20, unknownBurst: 100 } });
    const phones: SipPhone[] = [];
    for (const extension of PHONES) phones.push(await signedIn(extension));
    const flooder = await attackerAt(FLOODER);
    let flooding = true;
    const began = performance.now();
    const flood = (async () => {
      while (flooding) {
        for (let turn = 0; turn < 100; turn += 1) flooder.send('INVITE', '101');
        await pause(10);
      }
    })();
    expect(await ordinaryDay(phones, 20)).toBeLessThan(2000);
    flooding = false;
    await flood;
    const seconds = (performance.now() - began) / 1000;
    const heard = new Set(flooder.replies.map((reply) => /^Call-ID: (.*)$/im.exec(reply)?.[1]));
    expect(heard.size).toBeLessThanOrEqual(100 + 20 * (seconds + 1));
    expect(flooder.octetsBack).toBeLessThanOrEqual(3 * flooder.octetsSent);
    expect(await metric('parkline_sip_transactions')).toBeLessThan(3000);
    expect(await metric('parkline_blocks_total{reason="unknown-rate"}')).toBe(1);
    expect(lines).toContainEqual({ reason: 'unknown-rate', source: FLOODER });
    await pause(1000);
    const honest = await attackerAt(FLOODER);
    honest.send('OPTIONS', '101');
    await eventually(() => honest.replies.length === 1);
  });

  it('of either at their own address', { timeout: 60_000 }, async () => {
    await start({
      defence: { exemptAddresses: [], unknownPerSecond: 5, unknownBurst: 20, familiarFactor: 1 },
    });
    const phones: SipPhone[] = [];
    for (const extension of PHONES) phones.push(await signedIn(extension));
    const neighbour = await attackerAt('127.0.0.1');
    for (let turn = 0; turn < 5000; turn += 1) {
      neighbour.send(turn % 2 === 0 ? 'INVITE' : 'REGISTER', '109');
      if (turn % 100 === 0) await pause(5);
    }
    expect(await metric('parkline_blocks_total{reason="unknown-rate"}')).toBe(1);
    expect(await ordinaryDay(phones, 3)).toBeLessThan(2000);
  });
});

describe('an address that is only claimed', () => {
  it('gets at most three octets for each that came from it', async () => {
    await start();
    const [victim, neighbour] = [await attackerAt(STRANGER), await attackerAt('127.0.0.1')];
    for (const sender of [victim, neighbour]) sender.send('INVITE', '101');
    // 401 to an INVITE is repeated until its ACK: after 0.5 s, 1.5 s and 3.5 s.
    await pause(4000);
    expect(victim.replies[0]).toMatch(/^SIP\/2\.0 401 /);
    expect(victim.octetsBack).toBeLessThanOrEqual(3 * victim.octetsSent);
    expect(victim.replies.length).toBeLessThan(neighbour.replies.length);
    expect(await metric('parkline_blocks_total{reason="reply-budget"}')).toBe(1);
  });

  it('whatever it asks for, readable or not', async () => {
    await start();
    const asked = [
      'OPTIONS',
      'REGISTER',
      'INVITE',
      'SUBSCRIBE',
      'MESSAGE',
      'CANCEL',
      'PUBLISH',
      ' ',
    ];
    const victims = await Promise.all(asked.map((_, n) => attackerAt(`127.0.0.${100 + n}`)));
    for (const [n, victim] of victims.entries()) {
      for (let turn = 0; turn < 3; turn += 1) victim.send(asked[n] ?? '', '101');
      victim.send('REGISTER', '101', 'Content-Length: many');
    }
    // Long enough for what is repeated: after 0.5 s, 1.5 s and 3.5 s.
    await pause(4000);
    for (const victim of victims) {
      expect(victim.octetsBack).toBeLessThanOrEqual(3 * victim.octetsSent);
    }
    expect(victims.filter(({ octetsBack }) => octetsBack > 0).length).toBeGreaterThan(4);
  });
});

describe('beyond its limits the server says so, and', () => {
  const retryAfter = (response: { headers: { get(name: string): string | undefined } }) =>
    Number(response.headers.get('Retry-After'));

  it('takes no new call, while parked ones can still be taken', async () => {
    await start({ limits: { calls: 1 } });
    const [bob, alice, carol] = [
      await signedIn('101'),
      await signedIn('102'),
      await signedIn('103'),
    ];
    const dialled = alice.dial('101');
    const atBob = (await bob.nextCall()).answer();
    await dialled.answered();
    const refused = await carol.dial('102').finished();
    expect(refused.status).toBe(503);
    expect(retryAfter(refused)).toBeGreaterThan(0);
    await atBob.refer('*68');
    await atBob.referResult();
    await (await bob.call('*88')).hangUp();
    expect(await metric('parkline_refusals_total{reason="calls"}')).toBe(1);
  });

  it('takes no more subscriptions of one user than are allowed', async () => {
    await start({ limits: { subscriptionsPerUser: 2 } });
    const bob = await signedIn('101');
    await bob.subscribe('*88');
    await bob.subscribe('102');
    const third = await bob.subscribe('103');
    expect(third.response?.status).toBe(503);
    const alice = await signedIn('102');
    expect((await alice.subscribe('*88')).response?.status).toBe(200);
  });

  it('signs no more devices of one user in than are allowed', async () => {
    await start({ limits: { bindingsPerUser: 1 } });
    const [first, second] = [
      await WirePhone.udp(portOf(server, 'udp')),
      await WirePhone.udp(portOf(server, 'udp')),
    ];
    open.push(first, second);
    const login = { extension: '101', password: 'secret-101' };
    expect((await first.register(login)).status).toBe(200);
    expect((await second.register(login)).status).toBe(403);
    expect((await first.register(login)).status).toBe(200);
    expect(await metric('parkline_refusals_total{reason="bindings"}')).toBe(1);
  });

  it('has no more requests under way than are allowed, and no memory of those beyond', async () => {
    await start({ limits: { transactions: 100 } });
    const neighbour = await attackerAt('127.0.0.1');
    for (let turn = 0; turn < 400; turn += 1) {
      neighbour.send('INVITE', '101');
      if (turn % 50 === 49) await pause(20);
    }
    await eventually(() => neighbour.replies.some((reply) => reply.startsWith('SIP/2.0 503')));
    const refused = neighbour.replies.find((reply) => reply.startsWith('SIP/2.0 503'));
    expect(refused).toMatch(/^Retry-After: \d+/m);
    expect(await metric('parkline_sip_transactions')).toBeLessThanOrEqual(100);
  });

  it('begins nothing new when memory is short', async () => {
    await start({ limits: { memoryMib: 128 } });
    // The test's own process is larger than that.
    expect(process.memoryUsage.rss()).toBeGreaterThan(128 * 1_048_576);
    const stranger = await WirePhone.udp(portOf(server, 'udp'));
    open.push(stranger);
    const refused = await stranger.register({ extension: '101', password: 'secret-101' });
    expect(refused.status).toBe(503);
    expect(Number(refused.get('Retry-After'))).toBeGreaterThan(0);
    expect(lines).toContainEqual({ reason: 'memory', source: 'server', limitMib: 128 });
  });

  it('turns strangers away on connections with 503, and lets the signed-in go on', async () => {
    await start({
      defence: { exemptAddresses: [], unknownPerSecond: 1, unknownBurst: 3, familiarFactor: 1 },
    });
    const url = `ws://127.0.0.1:${portOf(server, 'ws')}`;
    const [app, stranger] = [await WirePhone.webSocket(url), await WirePhone.webSocket(url)];
    open.push(app, stranger);
    const login = { extension: '101', password: 'secret-101' };
    expect((await app.register(login)).status).toBe(200);
    const answers = [];
    for (let turn = 0; turn < 8; turn += 1)
      answers.push((await stranger.register({ extension: '102' })).status);
    expect(answers).toContain(401);
    expect(answers).toContain(503);
    expect((await app.register(login)).status).toBe(200);
  });

  it('closes a connection that says more than one phone has to say', async () => {
    await start({ limits: { connectionMessagesPerSecond: 50 } });
    const { answers, closed } = await ask(300);
    expect(await closed()).toBe(true);
    expect(answers()).toBeLessThanOrEqual(110);
  });

  it('lets a proxy that carries many phones say more, where it is configured so', async () => {
    await start({ limits: { connectionMessagesPerSecond: 5_000 } });
    const { answers, closed } = await ask(1_500);
    await eventually(() => answers() === 1_500);
    expect(await closed(0)).toBe(false);
  });

  /** OPTIONS, all in one breath over one TCP connection. */
  async function ask(count: number) {
    const socket = connect(portOf(server, 'tcp'), '127.0.0.1');
    open.push({ close: () => socket.destroy() });
    let heard = '';
    socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
    socket.on('error', () => undefined);
    const gone = once(socket, 'close').then(() => true);
    socket.write(Array.from({ length: count }, (_, n) => optionsOverTcp(n)).join(''));
    return {
      answers: () => heard.split('SIP/2.0 200 ').length - 1,
      closed: (withinMs = 5_000) => Promise.race([gone, pause(withinMs, false)]),
    };
  }
});

const optionsOverTcp = (n: number): string =>
  [
    'OPTIONS sip:127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK-${n}`,
    'Max-Forwards: 70',
    'From: <sip:proxy@127.0.0.1>;tag=1',
    'To: <sip:127.0.0.1>',
    `Call-ID: many-${n}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
