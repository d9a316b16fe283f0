import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../../shared/server/log.ts';
import type { ParkServer } from '../../shared/server/park-server.ts';
import { FakeMediaEngine } from '../fakes/fake-media-engine.ts';
import { connectUdp } from '../fakes/phone-connections.ts';
import { SipPhone } from '../fakes/sip-phone.ts';
import { Attacker } from '../interop/kit/attacker.ts';
import { eventually } from '../interop/kit/eventually.ts';
import {
  addUsers,
  loopbackConfig,
  portOf,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from '../interop/kit/park-server.ts';

const PHONES = 100;
const [SCANNER, FLOODER] = ['127.0.0.76', '127.0.0.77'];
/** Behind one translator with ordinary phones. */
const NEIGHBOUR = '127.0.0.1';
/** Attack and parks go on beside each other for so many parks by each parker. */
const ROUNDS = 2;
const WINDOW_MS = 2_000;

let dataDir: string;
let server: ParkServer;
let blocks: { reason?: string; source?: string; what?: string }[];
let open: { close(): unknown }[];

beforeEach(async () => {
  dataDir = temporaryDirectory();
  [blocks, open] = [[], []];
  const media = new FakeMediaEngine();
  media.connectAtOnce = true;
  const loggers = (module: string) =>
    module === 'defence'
      ? { ...silentLogger, warn: (fields: object) => void blocks.push(fields) }
      : silentLogger;
  // Nobody is exempt here, and time passes quickly: everything else is as a server has it that nobody configured.
  const defence = { exemptAddresses: [], failureWindowMs: WINDOW_MS };
  const config = { ...loopbackConfig(dataDir), defence };
  server = await startServer(config, { media, loggers });
});
afterEach(async () => {
  for (const each of open) await each.close();
  await server.close({ graceMs: 0 });
  removeDirectory(dataDir);
});

async function office(): Promise<readonly SipPhone[]> {
  const extensions = Array.from({ length: PHONES }, (_, n) => String(1_000 + n));
  addUsers(server, ...extensions);
  const phones: SipPhone[] = [];
  for (const user of extensions) {
    const connection = await connectUdp(portOf(server, 'udp'));
    const phone = new SipPhone({ user, password: `secret-${user}` }, connection);
    open.push(phone);
    await phone.register();
    phones.push(phone);
  }
  return phones;
}

async function attacker(address: string): Promise<Attacker> {
  const made = await Attacker.at(address, portOf(server, 'udp'));
  open.push(made);
  return made;
}

/** One caller, one parker, one retriever; throws when anything is refused. */
async function parkOnce(caller: SipPhone, parker: SipPhone, taker: SipPhone): Promise<void> {
  const dialled = caller.dial(parker.account.user);
  const atParker = (await parker.nextCall()).answer();
  const atCaller = await dialled.answered();
  expect((await atParker.refer(`*68${taker.account.user}`)).status).toBe(202);
  expect((await atParker.referResult()).status).toBe(200);
  await (await taker.call('*88')).hangUp();
  await atCaller.byeReceived();
  for (const phone of [caller, parker, taker]) phone.calls.length = 0;
}

async function ordinaryDay(phones: readonly SipPhone[]): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let n = 0; n + 3 <= phones.length; n += 3) {
      const [caller, parker, taker] = phones.slice(n, n + 3);
      if (caller && parker && taker) await parkOnce(caller, parker, taker);
      expect((await phones[(n + round) % phones.length]?.register())?.status).toBe(200);
    }
  }
}

/** Sends in small heaps until told to stop; gives how many datagrams that were. */
function attack(send: (turn: number) => void): { stop(): Promise<number> } {
  let going = true;
  const run = (async () => {
    let sent = 0;
    for (; going; await pause(10)) for (let n = 0; n < 10; n += 1) send(sent++);
    return sent;
  })();
  return {
    stop: () => {
      going = false;
      return run;
    },
  };
}

it(`${PHONES} ordinary phones are never refused beside a scanner, a flood and a neighbour who does both, and each block is written down once`, async () => {
  const phones = await office();
  const [scanner, flooder, neighbour] = [
    await attacker(SCANNER),
    await attacker(FLOODER),
    await attacker(NEIGHBOUR),
  ];
  const extensionOf = (turn: number) => String(1_000 + (turn % PHONES));
  const attacks = [
    attack((turn) => scanner.guess(extensionOf(turn), `guess-${turn}`)),
    attack((turn) => flooder.send('INVITE', extensionOf(turn))),
    attack((turn) =>
      turn % 2 === 0
        ? neighbour.send('INVITE', extensionOf(turn))
        : neighbour.guess(extensionOf(turn), `guess-${turn}`),
    ),
  ];
  await ordinaryDay(phones);
  const sent = await Promise.all(attacks.map((each) => each.stop()));
  expect(Math.min(...sent)).toBeGreaterThan(500);

  expect(server.registrar.size).toBe(PHONES);
  for (const each of [scanner, flooder, neighbour]) {
    expect(each.replies.some((reply) => /^SIP\/2\.0 [12]\d\d (?!Trying)/.test(reply))).toBe(false);
  }
  const blocked = (reason: string, source: string) =>
    blocks.filter((each) => each.reason === reason && each.source === source);
  expect(blocked('unknown-rate', FLOODER)).toHaveLength(1);
  expect(blocked('failed-authentication', SCANNER).length).toBeGreaterThan(0);
  expect(blocked('failed-authentication', NEIGHBOUR).length).toBeGreaterThan(0);

  // Forgotten in time: who comes from there afterwards is heard, and told to sign in.
  await pause(WINDOW_MS);
  for (const address of [SCANNER, FLOODER]) {
    const honest = await attacker(address);
    honest.send('REGISTER', '1000');
    await eventually(() => honest.replies.length > 0);
    expect(honest.replies[0]).toMatch(/^SIP\/2\.0 401 /);
  }
}, 60_000);
