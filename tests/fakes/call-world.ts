import { defaultTenantSettings, type TenantSettings } from '../../shared/config/tenant-settings.ts';
import { onDispose } from '../../shared/domain/disposable.ts';
import { addMs, isExtension, tenantId, userId, type UserId } from '../../shared/domain/ids.ts';
import type { CodecName } from '../../shared/media/engine.ts';
import { createCallControl, type CallControlDeps } from '../../shared/server/calls/call-control.ts';
import type { CallRandom } from '../../shared/server/calls/call-kit.ts';
import { noCallMetrics } from '../../shared/server/calls/call-metrics.ts';
import type { CallControl } from '../../shared/server/ports/call-control.ts';
import type { Authenticator, Caller } from '../../shared/server/ports/authenticator.ts';
import type { Tenant, User, UserDirectory } from '../../shared/server/ports/directory.ts';
import type { Journal, JournalEvent } from '../../shared/server/ports/journal.ts';
import type {
  ParkedCallRecord,
  ParkedCallStore,
} from '../../shared/server/ports/parked-call-store.ts';
import type { Binding, Registrar } from '../../shared/server/ports/registrar.ts';
import { makeNameAddr } from '../../shared/sip/message/name-addr.ts';
import { makeUri } from '../../shared/sip/message/uri.ts';
import { Endpoint } from '../../shared/sip/transaction/endpoint.ts';
import type { Flow, TransportName } from '../../shared/sip/transaction/flow.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeGroups } from './fake-groups.ts';
import { FakeMediaEngine } from './fake-media-engine.ts';
import { FakeFlow, FakeNetwork } from './fake-network.ts';
import { FakeSipRandom, sipClockOf } from './fake-sip-ports.ts';
import type { PhoneAccount } from './phone-line.ts';
import { SipPhone, type PhoneConnection } from './sip-phone.ts';

/** Bytes that count up: ids differ, and are the same from run to run. */
class FakeCallRandom extends FakeSipRandom implements CallRandom {
  #next = 0;

  bytes(count: number): Uint8Array {
    this.#next += 1;
    return new Uint8Array(count).map((_, index) => (this.#next * 31 + index * 7) & 0xff);
  }

  fraction(): number {
    return 0.5;
  }
}

/**
 * Call control in virtual time, without sockets, database or sound: phones of one tenant on links of their own, everybody
 * proven by their link. For what needs a fault that the real server cannot be made to have.
 */
export class CallWorld {
  readonly clock = new FakeClock();
  readonly network = new FakeNetwork(this.clock);
  readonly media = new FakeMediaEngine();
  readonly journal: JournalEvent[] = [];
  readonly stored = new Map<string, ParkedCallRecord>();
  readonly logged: string[] = [];
  readonly control: CallControl;
  readonly #endpoint: Endpoint;
  readonly #tenant: Tenant;
  readonly #users = new Map<string, User>();
  readonly #bindings = new Map<UserId, Binding[]>();
  readonly #callers = new Map<Flow, Caller>();
  readonly #watchers = new Set<(userId: UserId) => void>();
  /** Call Park groups and ring groups of the tenant, `t1`. */
  readonly groups = new FakeGroups();
  readonly #devices = new Map<
    SipPhone,
    { user: User; deviceId: string; transport: TransportName }
  >();

  constructor(
    extensions: readonly string[],
    options: Partial<CallControlDeps> & { readonly settings?: Partial<TenantSettings> } = {},
  ) {
    const { settings, ...deps } = options;
    const id = tenantId('t1');
    this.#tenant = {
      id,
      name: 'test',
      realm: 'test',
      domains: ['pbx.test'],
      settings: { ...defaultTenantSettings(), ...settings },
    };
    for (const extension of extensions) {
      if (!isExtension(extension)) throw new Error(extension);
      const user = {
        id: userId(`u${extension}`),
        tenantId: id,
        extension,
        displayName: `User ${extension}`,
      };
      this.#users.set(extension, user);
    }
    const sipClock = sipClockOf(this.clock);
    this.media.connectAtOnce = true;
    this.#endpoint = new Endpoint({
      clock: sipClock,
      random: new FakeSipRandom('s'),
      supported: ['timer', 'replaces'],
      successorOf: (closed) => this.#successorOf(closed),
      observer: { callbackFailed: (error) => this.#fail(error) },
    });
    const log = (_fields: object, message: string): void => void this.logged.push(message);
    this.control = createCallControl({
      endpoint: this.#endpoint,
      media: this.media,
      directory: this.#directory(),
      registrar: this.#registrar(),
      authenticator: this.#authenticator(),
      clock: this.clock,
      sipClock,
      random: new FakeCallRandom('c'),
      journal: this.#journal(),
      parkedCalls: this.#store(),
      log: { debug: log, info: log, warn: log, error: (fields) => this.#fail(fields) },
      metrics: noCallMetrics,
      ...deps,
    });
    this.#endpoint.onRequest((tx) => this.control.handleRequest(tx));
  }

  /** A phone of an extension, signed in. */
  phone(
    extension: string,
    transport: TransportName = 'udp',
    codecs?: readonly CodecName[],
    more: Partial<PhoneAccount> = {},
  ): SipPhone {
    const user = this.#users.get(extension);
    if (user === undefined) throw new Error(`no extension ${extension}`);
    const deviceId = `device-${this.#callers.size}`;
    const account = {
      user: extension,
      password: '',
      domain: 'pbx.test',
      ...(codecs && { codecs }),
      ...more,
    };
    const phone = new SipPhone(account, this.#connect(user, deviceId, transport));
    this.#devices.set(phone, { user, deviceId, transport });
    return phone;
  }

  /** The phone's connection breaks and it comes back on a new one, signed in as the same device. */
  reconnect(phone: SipPhone): void {
    const device = this.#devices.get(phone);
    if (device === undefined) throw new Error('a phone of another world');
    phone.flow.close();
    phone.moveTo(this.#connect(device.user, device.deviceId, device.transport));
  }

  /** A phone of the extension refreshed its registration, say. */
  tellOf(extension: string): void {
    const user = this.#users.get(extension);
    if (user !== undefined) this.#tellChange(user.id);
  }

  /** The phone's network is gone, and nobody tells the server: what it sends there goes nowhere. */
  loseTouch(phone: SipPhone): void {
    const device = this.#devices.get(phone);
    const binding = this.#bindings.get(device?.user.id ?? userId(''))?.[0];
    if (binding?.flow instanceof FakeFlow) this.network.silence(binding.flow);
  }

  /** The phone comes back on a new connection while the server still takes the old one for open. */
  moveAway(phone: SipPhone): void {
    const device = this.#devices.get(phone);
    if (device === undefined) throw new Error('a phone of another world');
    phone.moveTo(this.#connect(device.user, device.deviceId, device.transport));
  }

  /** The phone signs out everywhere. */
  signOut(phone: SipPhone): void {
    const device = this.#devices.get(phone);
    if (device === undefined) return;
    this.#bindings.delete(device.user.id);
    this.#tellChange(device.user.id);
  }

  /** The user is deleted: signed out everywhere, in no group, and nobody's slot or parker any more. */
  removeUser(extension: string): void {
    const user = this.#users.get(extension);
    if (user === undefined) throw new Error(`no extension ${extension}`);
    this.#users.delete(extension);
    this.#bindings.delete(user.id);
    this.#tellChange(user.id);
    this.groups.tell({ kind: 'user-removed', user });
    this.groups.removeMember(user.extension);
  }

  #tellChange(id: UserId): void {
    for (const watcher of [...this.#watchers]) watcher(id);
  }

  #connect(user: User, deviceId: string, transport: TransportName): PhoneConnection {
    const endpoint = new Endpoint({
      clock: sipClockOf(this.clock),
      random: new FakeSipRandom(`p${this.#callers.size}-`),
      supported: ['timer', 'replaces'],
      observer: { callbackFailed: (error) => this.#fail(error) },
    });
    const { here, there } = this.network.link(endpoint, this.#endpoint, transport);
    this.#callers.set(there, { kind: 'user', tenant: this.#tenant, user, deviceId, flow: there });
    const binding = this.#binding(user, deviceId, there);
    this.#bindings.set(user.id, [binding, ...(this.#bindings.get(user.id) ?? [])]);
    there.onClose(() => this.#tellChange(user.id));
    this.#tellChange(user.id);
    return {
      endpoint,
      flow: here,
      contactHost: `${here.local.address}:${here.local.port}`,
      legKind: transport === 'ws' ? 'webrtc' : 'rtp',
      tick: () => this.clock.advanceAsync(1),
      close: () => Promise.resolve(),
    };
  }

  /** Lets virtual time pass. */
  pass(ms: number): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  get parked() {
    return this.control.parkedCalls(this.#tenant.id);
  }

  get steps(): readonly string[] {
    return this.journal.map(({ step }) => step.kind);
  }

  /** What the server has open for calls: 0 at the end of a test says that nothing was left behind. */
  get openLegs(): number {
    return this.media.openLegs.length;
  }

  /** As the registrar does it: the newest connection of the same device, signed in or not. */
  #successorOf(closed: Flow): Flow | undefined {
    const device = deviceOf(this.#callers.get(closed));
    const those = [...this.#callers].filter(([flow, caller]) => {
      return !flow.closed && device !== undefined && deviceOf(caller) === device;
    });
    return those.at(-1)?.[0];
  }

  #fail(error: unknown): void {
    this.logged.push(
      `FAILED ${JSON.stringify(error)} ${error instanceof Error ? error.stack : ''}`,
    );
  }

  #binding(user: User, deviceId: string, flow: Flow): Binding {
    return {
      id: deviceId,
      userId: user.id,
      tenantId: user.tenantId,
      contact: makeNameAddr(
        makeUri({ user: user.extension, host: flow.remote.address, port: flow.remote.port }),
      ),
      deviceId,
      flow,
      expiresAt: addMs(this.clock.now(), 86_400_000),
      registeredAt: this.clock.now(),
      path: [],
    };
  }

  #directory(): UserDirectory {
    const users = this.#users;
    const tenant = this.#tenant;
    const { groups } = this;
    return {
      parkGroups: (id) => groups.parkGroups(id),
      parkGroup: (of, id) => groups.parkGroup(of, id),
      parkGroupOf: (of, extension) => groups.parkGroupOf(of, extension),
      ringGroups: (id) => groups.ringGroups(id),
      ringGroup: (of, id) => groups.ringGroup(of, id),
      ringGroupByNumber: (of, digits) => groups.ringGroupByNumber(of, digits),
      tenants: () => [tenant],
      tenant: (id) => (id === tenant.id ? tenant : undefined),
      tenantByHost: () => tenant,
      isHostOf: () => true,
      user: (_tenantId, extension) => users.get(extension),
      userById: (id) => [...users.values()].find((user) => user.id === id),
      users: () => [...users.values()],
      hasExtensionPrefix: (_tenantId, digits) =>
        [...users.keys()].some((each) => each.startsWith(digits) && each !== digits),
      trunks: () => [],
      onChanged: (run) => groups.onChanged(run),
    };
  }

  #registrar(): Registrar {
    const bindings = this.#bindings;
    const reachable = (id: UserId) => {
      const open = (bindings.get(id) ?? []).filter(({ flow }) => flow?.closed === false);
      // Of one device only the newest.
      return open.filter(
        ({ deviceId }, index) => open.findIndex((other) => other.deviceId === deviceId) === index,
      );
    };
    return {
      handle: (tx) => void tx.reply(405),
      bindingsOf: (id) => bindings.get(id) ?? [],
      reachableDevices: reachable,
      device: (id, deviceId) => reachable(id).find((binding) => binding.deviceId === deviceId),
      successorOf: (flow) => this.#successorOf(flow),
      bindingOfFlow: (flow) =>
        [...bindings.values()].flat().find((binding) => binding.flow === flow),
      all: () => [...bindings.values()].flat(),
      removeAll: (id) => void bindings.delete(id),
      onChanged: (run) => {
        this.#watchers.add(run);
        return onDispose(() => this.#watchers.delete(run));
      },
    };
  }

  #authenticator(): Authenticator {
    return {
      authenticate: (tx) => {
        const caller = this.#callers.get(tx.flow);
        if (caller !== undefined) return { kind: 'ok', caller };
        tx.reply(403);
        return { kind: 'answered' };
      },
    };
  }

  #journal(): Journal {
    return {
      append: (event) => void this.journal.push(event),
      history: () => this.journal.toReversed(),
    };
  }

  #store(): ParkedCallStore {
    return {
      save: (call) => void this.stored.set(call.parkId, call),
      remove: (parkId) => void this.stored.delete(parkId),
      all: () => [...this.stored.values()],
      markAllLost: () => [],
    };
  }
}

const deviceOf = (caller: Caller | undefined): string | undefined =>
  caller?.kind === 'user' ? caller.deviceId : undefined;
