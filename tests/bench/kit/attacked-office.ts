/** An office at work, quiet or beside a registration scanner and an INVITE flood, which are processes of their own. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SipPhone } from '../../fakes/sip-phone.ts';
import type { AttackOrder } from './attacker-child.ts';
import { extensionsFrom, signIn, type UdpServer } from './park-trio.ts';

const PROGRAM = fileURLToPath(new URL('./attacker-child.ts', import.meta.url));
export const PHONES = 100;
const PAUSE_MS = 20;
/** All of 127.0.0.0/8 is this machine, and only 127.0.0.1 is exempt from being counted. */
export const ATTACKS = [
  { kind: 'scan', address: '127.0.0.86', perSecond: 500 },
  { kind: 'flood', address: '127.0.0.87', perSecond: 2_000 },
] as const;

export class AttackedOffice {
  readonly #server: UdpServer;
  readonly #phones: readonly SipPhone[];

  static async open(server: UdpServer): Promise<AttackedOffice> {
    const extensions = extensionsFrom(1_000, PHONES);
    await server.addUsers(extensions);
    const phones: SipPhone[] = [];
    for (const extension of extensions) phones.push(await signIn(server, extension));
    return new AttackedOffice(server, phones);
  }

  private constructor(server: UdpServer, phones: readonly SipPhone[]) {
    this.#server = server;
    this.#phones = phones;
  }

  /** Some park, all the others refresh now and then. @returns ms that each park took */
  async quiet(parks: number): Promise<number[]> {
    const times: number[] = [];
    for (let n = 0; n < parks; n += 1) {
      const [caller, parker] = [this.#phone(2 * n), this.#phone(2 * n + 1)];
      times.push(await park(caller, parker));
      await this.#phone(7 * n).register();
      await pause(PAUSE_MS);
    }
    return times;
  }

  /** The same beside the attacks. */
  async attacked(parks: number): Promise<number[]> {
    const attacks: ChildProcess[] = [];
    for (const each of ATTACKS) {
      attacks.push(await begin({ ...each, serverPort: this.#server.udpPort }));
    }
    try {
      await pause(1_000);
      return await this.quiet(parks);
    } finally {
      for (const each of attacks) await end(each);
      await pause(500);
    }
  }

  async close(): Promise<void> {
    for (const phone of this.#phones) await phone.close();
  }

  #phone(number: number): SipPhone {
    const phone = this.#phones[number % PHONES];
    if (phone === undefined) throw new Error('a phone is missing');
    return phone;
  }
}

async function begin(order: AttackOrder): Promise<ChildProcess> {
  const child = fork(PROGRAM, { execArgv: ['--disable-warning=ExperimentalWarning'] });
  await once(child, 'spawn');
  child.send(order);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  child.disconnect();
  if (child.exitCode === null) await once(child, 'exit');
}

/** One park by REFER, then the caller gives up. @returns ms from REFER to the NOTIFY that says it is done */
async function park(caller: SipPhone, parker: SipPhone): Promise<number> {
  const dialled = caller.dial(parker.account.user);
  const atParker = (await parker.nextCall()).answer();
  const atCaller = await dialled.answered();
  let done = 0;
  atParker.answerWith = (request) => {
    const over = request.headers.get('Subscription-State')?.startsWith('terminated') === true;
    if (over && done === 0) done = performance.now();
    return 200;
  };
  const began = performance.now();
  const { status } = await atParker.refer('*68');
  const result = await atParker.referResult();
  if (status !== 202 || result.status !== 200) throw new Error(`park: ${status} ${result.status}`);
  await atParker.hangUp();
  await atCaller.hangUp();
  caller.calls.length = 0;
  parker.calls.length = 0;
  return done - began;
}
