import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { LightPhone } from './light-phone.ts';
import { extensionsFrom } from './park-trio.ts';
import type { ServerProcess } from './server-process.ts';
import { bodyOf, headerOf } from './wire-text.ts';

const CALLER = '2000';
const FIRST_MEMBER = 3_000;
const LONGEST_WAIT_MS = 10_000;

/** When one park reached whom; ms since the REFER that was accepted went out. */
export interface GroupAlert {
  /** The parker read that the call is parked. */
  readonly parkerTold: number;
  /** The first and the last device of the group read of the call. */
  readonly first: number;
  readonly last: number;
}

/** A Call Park group whose members all watch their list on every device; the first of them parks to it, again and again. */
export class WatchedGroup {
  readonly #rtp: Socket;
  readonly #caller: LightPhone;
  readonly #parker: LightPhone;
  readonly #devices: readonly LightPhone[];
  readonly #shownAt: number[] = [];
  #overCount = 0;
  #parkerToldAt: number | undefined;
  #look: () => void = () => undefined;

  /** @param size how many members, and how many devices each has besides the parker's own phone */
  static async signedIn(
    server: ServerProcess,
    size: { readonly members: number; readonly devices: number },
  ): Promise<WatchedGroup> {
    const members = extensionsFrom(FIRST_MEMBER, size.members);
    const [parker = ''] = members;
    await server.addUsers([CALLER, ...members]);
    await server.addParkGroup(members);
    // Takes the music and drops it: nothing reads it, and nothing bounces.
    const rtp = createSocket('udp4').bind(0, '127.0.0.1');
    await once(rtp, 'listening');
    const open = (user: string): Promise<LightPhone> => openPhone(server, user, rtp);
    const caller = await open(CALLER);
    // The parker's phone is the only one of theirs that is called: the others answer as well, and are called off.
    const phone = await open(parker);
    const devices: LightPhone[] = [];
    for (const member of members) {
      for (let count = 0; count < size.devices; count += 1) {
        const device = member === parker && count === 0 ? phone : await open(member);
        await device.subscribe('*88');
        devices.push(device);
      }
    }
    return new WatchedGroup({ rtp, caller, parker: phone, devices });
  }

  private constructor(parts: {
    readonly rtp: Socket;
    readonly caller: LightPhone;
    readonly parker: LightPhone;
    readonly devices: readonly LightPhone[];
  }) {
    this.#rtp = parts.rtp;
    this.#caller = parts.caller;
    this.#parker = parts.parker;
    this.#devices = parts.devices;
    for (const device of parts.devices) {
      device.onRequest = (request, method) => this.#atDevice(device, request, method);
    }
  }

  get devices(): number {
    return this.#devices.length;
  }

  /** The parker calls out, parks to the group, and takes the call back; done when every device has read of both. */
  async alert(): Promise<GroupAlert> {
    this.#shownAt.length = 0;
    this.#overCount = 0;
    this.#parkerToldAt = undefined;
    const call = await this.#parker.call(CALLER);
    await this.#parker.within(call, 'REFER', ['Refer-To: <sip:*58@127.0.0.1>']);
    const referredAt = this.#parker.provenAt;
    await this.#until('every device to be shown the call', () => {
      return this.#shownAt.length >= this.devices && this.#parkerToldAt !== undefined;
    });
    const shown = this.#shownAt.map((at) => at - referredAt);
    const parkerTold = (this.#parkerToldAt ?? 0) - referredAt;
    await this.#parker.within(call, 'BYE');
    const taken = await this.#parker.call('*88');
    await this.#until('every device to be told the end', () => this.#overCount >= this.devices);
    await this.#parker.within(taken, 'BYE');
    return { parkerTold, first: Math.min(...shown), last: Math.max(...shown) };
  }

  async close(): Promise<void> {
    for (const phone of new Set([this.#caller, ...this.#devices])) await phone.close();
    this.#rtp.close();
  }

  #atDevice(device: LightPhone, request: string, method: string): void {
    if (method !== 'NOTIFY') return;
    const now = performance.now();
    if (headerOf(request, 'Event').startsWith('refer')) {
      const last = headerOf(request, 'Subscription-State').startsWith('terminated');
      if (device === this.#parker && last) this.#parkerToldAt = now;
    } else if (bodyOf(request).includes(' state="parked"')) this.#shownAt.push(now);
    else if (bodyOf(request).includes('>terminated</state>')) this.#overCount += 1;
    this.#look();
  }

  /** Looks again whenever something came in. */
  #until(what: string, isSo: () => boolean): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`not in time: ${what}`)), LONGEST_WAIT_MS);
      this.#look = () => {
        if (!isSo()) return;
        clearTimeout(late);
        this.#look = () => undefined;
        resolve();
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
