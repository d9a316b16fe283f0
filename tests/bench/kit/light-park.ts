import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { LightPhone, type LightCall } from './light-phone.ts';
import { extensionsFrom } from './park-trio.ts';
import type { ServerProcess } from './server-process.ts';
import { bodyOf, headerOf } from './wire-text.ts';

/** What watchers were told of one call. */
interface Told {
  readonly parked: number;
  readonly over: number;
}

const CALLER = '201';
const PARKER = '202';
const OWNER = '203';
const FIRST_WATCHER = 3_000;

/**
 * A caller, a parker, a retriever and any number of watchers of the retriever's slot, as light phones in this process: park
 * cycles one after the other, each complete before the next begins, NOTIFYs included.
 */
export class LightPark {
  readonly #server: ServerProcess;
  readonly #rtp: Socket;
  readonly #caller: LightPhone;
  readonly #parker: LightPhone;
  readonly #owner: LightPhone;
  readonly #watchers: LightPhone[] = [];
  /** Both in ms, `performance.now()`. */
  #lastShownAt = 0;
  #referredAt = 0;
  #told: Told = { parked: 0, over: 0 };
  #look: () => void = () => undefined;
  #parkerCall: LightCall | undefined;
  #referDone = false;
  #callerBye = false;

  static async signedIn(server: ServerProcess): Promise<LightPark> {
    await server.addUsers([CALLER, PARKER, OWNER]);
    // Takes the music and drops it: nothing reads it, and nothing bounces.
    const rtp = createSocket('udp4').bind(0, '127.0.0.1');
    await once(rtp, 'listening');
    const open = (user: string): Promise<LightPhone> => openPhone(server, user, rtp);
    return new LightPark({ server, rtp }, [
      await open(CALLER),
      await open(PARKER),
      await open(OWNER),
    ]);
  }

  private constructor(
    { server, rtp }: { readonly server: ServerProcess; readonly rtp: Socket },
    [caller, parker, owner]: readonly [LightPhone, LightPhone, LightPhone],
  ) {
    this.#server = server;
    this.#rtp = rtp;
    this.#caller = caller;
    this.#parker = parker;
    this.#owner = owner;
    parker.onRequest = (request, method) => this.#atParker(request, method);
    caller.onRequest = (_, method) => {
      if (method === 'BYE') this.#callerBye = true;
      this.#look();
    };
  }

  get watchers(): number {
    return this.#watchers.length;
  }

  /** Signs further phones in that watch the retriever's slot. */
  async watchWith(count: number): Promise<void> {
    const names = extensionsFrom(FIRST_WATCHER + this.watchers, count - this.watchers);
    await this.#server.addUsers(names);
    for (const name of names) {
      const phone = await openPhone(this.#server, name, this.#rtp);
      phone.onRequest = (request, method, at) => this.#atWatcher(request, method, at);
      this.#watchers.push(phone);
      await phone.subscribe(`*88${OWNER}`);
    }
  }

  /** Call, answer, REFER to `*68<ext>`, NOTIFY to every watcher, retrieve, hang up, NOTIFY to every watcher. */
  async cycle(): Promise<void> {
    await this.park();
    await this.retrieve();
  }

  /**
   * Parks a new call on the retriever's extension; done when every watcher was shown it.
   * @param idleMs how long the two talk before the REFER, in ms
   */
  async park(idleMs = 0): Promise<void> {
    this.#told = { parked: 0, over: 0 };
    this.#parkerCall = undefined;
    this.#referDone = false;
    this.#callerBye = false;
    await this.#caller.call(PARKER);
    const call = await this.#until('a call at the parker', () => this.#parkerCall);
    if (idleMs > 0) await pause(idleMs);
    const refer = [`Refer-To: <sip:*68${OWNER}@127.0.0.1>`, `Referred-By: <sip:${PARKER}@pbx>`];
    await this.#parker.within(call, 'REFER', refer);
    this.#referredAt = this.#parker.provenAt;
    await this.#until('the result of the REFER', () => this.#referDone);
    await this.#parker.within(call, 'BYE');
    await this.#until('every watcher to be shown the call', () => this.#all('parked'));
  }

  /** From when the REFER that was accepted went out to when the last watcher read that the call is parked, in ms. */
  get lastShownAfterMs(): number {
    return this.#lastShownAt - this.#referredAt;
  }

  /** The retriever takes the call back and hangs up; done when every watcher knows that it is gone. */
  async retrieve(): Promise<void> {
    const taken = await this.#owner.call('*88');
    await this.#until('every watcher to be told the end', () => this.#all('over'));
    await this.#owner.within(taken, 'BYE');
    await this.#until('BYE for the caller', () => this.#callerBye);
  }

  async close(): Promise<void> {
    const phones = [this.#caller, this.#parker, this.#owner, ...this.#watchers];
    for (const phone of phones) await phone.close();
    this.#rtp.close();
  }

  #all(what: keyof Told): boolean {
    return this.#told[what] >= this.watchers;
  }

  #atParker(request: string, method: string): void {
    if (method === 'INVITE') this.#parkerCall = this.#parker.answered(request);
    if (method === 'NOTIFY' && headerOf(request, 'Subscription-State').startsWith('terminated')) {
      if (!bodyOf(request).startsWith('SIP/2.0 200')) throw new Error(`parking: ${request}`);
      this.#referDone = true;
    }
    this.#look();
  }

  #atWatcher(request: string, method: string, at: number): void {
    if (method !== 'NOTIFY') return;
    const body = bodyOf(request);
    const { parked, over } = this.#told;
    if (body.includes(' state="parked"')) {
      this.#lastShownAt = Math.max(this.#lastShownAt, at);
      this.#told = { parked: parked + 1, over };
    } else if (body.includes('>terminated</state>')) {
      this.#told = { parked, over: over + 1 };
    } else return;
    this.#look();
  }

  /** Looks again whenever something came in. */
  #until<T>(what: string, read: () => T | undefined | false): Promise<T> {
    const now = read();
    if (now !== undefined && now !== false) return Promise.resolve(now);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`not within 10 s: ${what}`)), 10_000);
      this.#look = () => {
        const value = read();
        if (value === undefined || value === false) return;
        clearTimeout(late);
        this.#look = () => undefined;
        resolve(value);
      };
    });
  }
}

async function openPhone(server: ServerProcess, user: string, rtp: Socket): Promise<LightPhone> {
  const phone = await LightPhone.open({
    user,
    password: `secret-${user}`,
    serverPort: server.udpPort,
    rtpPort: rtp.address().port,
  });
  await phone.register();
  return phone;
}
