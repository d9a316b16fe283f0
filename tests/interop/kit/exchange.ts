import { isExtension, type Extension } from '../../../shared/domain/ids.ts';
import type { ParkGroup } from '../../../shared/domain/park-group.ts';
import type { RecallSettings } from '../../../shared/domain/recall-policy.ts';
import type { RingGroup, RingGroupDraft } from '../../../shared/domain/ring-group.ts';
import type { MediaLeg } from '../../../shared/media/engine.ts';
import type { ParkServerOptions } from '../../../shared/server/main.ts';
import type { ParkServer } from '../../../shared/server/park-server.ts';
import { Foundation } from '../../../shared/server/foundation.ts';
import { SystemClock } from '../../../shared/server/system-clock.ts';
import type { SaveTarget } from '../../../shared/server/provisioning/group-provisioning.ts';
import type { JournalEvent } from '../../../shared/server/ports/journal.ts';
import type { Tenant, User } from '../../../shared/server/ports/directory.ts';
import { FakeMediaEngine } from '../../fakes/fake-media-engine.ts';
import { FakeMediaLeg } from '../../fakes/fake-media-leg.ts';
import type { PhoneCall } from '../../fakes/phone-call.ts';
import { connectUdp, connectWs } from '../../fakes/phone-connections.ts';
import type { PhoneAccount } from '../../fakes/phone-line.ts';
import { SipPhone, type PhoneConnection } from '../../fakes/sip-phone.ts';
import {
  defaultTenantSettings,
  parseTenantSettings,
  type TenantSettingsInput,
} from '../../../shared/config/tenant-settings.ts';
import {
  addUsers,
  loopbackConfig,
  portOf,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from './park-server.ts';

/** A real server over real UDP with scripted phones; only the sound is fake, and says who was made to hear what. */
export class Exchange {
  readonly server: ParkServer;
  readonly media: FakeMediaEngine;
  readonly #directory: string;
  readonly #phones: SipPhone[] = [];

  static async start(
    extensions: readonly string[] = ['101', '102', '103'],
    settings: TenantSettingsInput = {},
    { domains = [], ...options }: ParkServerOptions & { readonly domains?: readonly string[] } = {},
  ): Promise<Exchange> {
    const directory = temporaryDirectory();
    const media = new FakeMediaEngine();
    media.connectAtOnce = true;
    const config = { ...loopbackConfig(directory), domains, tenantSettings: settings };
    const server = await startServer(config, { media, ...options });
    const exchange = new Exchange(server, media, directory);
    addUsers(server, ...extensions);
    return exchange;
  }

  private constructor(server: ParkServer, media: FakeMediaEngine, directory: string) {
    this.server = server;
    this.media = media;
    this.#directory = directory;
  }

  get tenant(): Tenant {
    const tenant = this.server.directory.tenants()[0];
    if (tenant === undefined) throw new Error('no tenant');
    return tenant;
  }

  user(extension: string): User {
    const user = this.server.directory.user(this.tenant.id, extension);
    if (user === undefined) throw new Error(`no user ${extension}`);
    return user;
  }

  /** Saves tenant settings while the server runs, as another process would. */
  configure(settings: TenantSettingsInput): void {
    const parsed = parseTenantSettings(settings);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    const { id } = this.tenant;
    this.withStore((foundation) => foundation.store.tenants.saveSettings(id, parsed.value));
  }

  /** Adds a user while the server runs. */
  addUser(extension: string, displayName: string): void {
    const password = `secret-${extension}`;
    const added = this.server.provisioning.addUser(this.tenant, {
      extension,
      password,
      displayName,
    });
    if (!added.ok) throw new Error(added.error.kind);
  }

  /** Adds a second tenant with users of its own. */
  addTenant(name: string, domains: readonly string[], extensions: readonly string[]): void {
    this.withStore(({ store, directory, provisioning }) => {
      const settings = defaultTenantSettings();
      const clock = new SystemClock();
      store.tenants.addTenant({ name, realm: name, domains, settings }, clock.now());
      directory.reload();
      const tenant = provisioning.tenant(name);
      if (!tenant.ok) throw new Error(tenant.error.kind);
      for (const extension of extensions) {
        const account = { extension, password: `secret-${extension}`, displayName: '' };
        provisioning.addUser(tenant.value, account);
      }
    });
  }

  /** Deletes a user while the server runs. */
  removeUser(extension: string): void {
    const removed = this.server.provisioning.removeUser(this.tenant, extension);
    if (!removed.ok) throw new Error(removed.error.kind);
  }

  /** Adds a Call Park group of the (named) tenant, or saves it anew under its name. */
  saveParkGroup(name: string, draft: ParkGroupChange = {}, of: Tenant = this.tenant): ParkGroup {
    const { directory } = this.server;
    const old = directory.parkGroups(of.id).find((group) => group.name === name);
    const recall = { ...(old?.recall ?? of.settings.recall), ...draft.recall };
    const members = draft.members?.map(extensionOf) ?? old?.members ?? [];
    this.withStore(({ groups }) => {
      const target = targetOf(old);
      const saved = groups.saveParkGroup(of, { name, members, recall }, { target, by: 'test' });
      if (!saved.ok) throw new Error(saved.error.kind);
    });
    const found = directory.parkGroups(of.id).find((group) => group.name === name);
    if (found === undefined) throw new Error(`no group ${name}`);
    return found;
  }

  removeParkGroup(name: string): void {
    const group = this.server.directory
      .parkGroups(this.tenant.id)
      .find((each) => each.name === name);
    this.withStore(({ groups }) => {
      if (group !== undefined) groups.removeParkGroup(this.tenant, group.id);
    });
  }

  /** Adds a ring group of the (named) tenant: all ring for 20 s, then the call ends, unless told otherwise. */
  addRingGroup(
    name: string,
    members: readonly string[],
    changes: Partial<RingGroupDraft> = {},
    of: Tenant = this.tenant,
  ): RingGroup {
    const draft: RingGroupDraft = {
      name,
      members: members.map(extensionOf),
      strategy: 'ring-all',
      ringMs: 20_000,
      noAnswer: { kind: 'hang-up' },
      ...changes,
    };
    this.withStore(({ groups }) => {
      const saved = groups.saveRingGroup(of, draft, { target: { kind: 'new' }, by: 'test' });
      if (!saved.ok) throw new Error(saved.error.kind);
    });
    const found = this.server.directory.ringGroups(of.id).find((group) => group.name === name);
    if (found === undefined) throw new Error(`no ring group ${name}`);
    return found;
  }

  removeRingGroup({ id }: RingGroup): void {
    this.withStore(({ groups }) => void groups.removeRingGroup(this.tenant, id));
  }

  /** A trunk of the tenant, with the password `secret-<username>`. */
  addTrunk(username: string): void {
    const password = `secret-${username}`;
    const saved = this.server.provisioning.saveTrunk(this.tenant, {
      name: username,
      username,
      password,
    });
    if (!saved.ok) throw new Error(saved.error.kind);
  }

  /** The journal of a server that has stopped, read from its database. */
  journalAfterStop(): readonly JournalEvent[] {
    const opened = Foundation.open({
      dataDir: this.#directory,
      clock: new SystemClock(),
      role: 'tool',
    });
    if (!opened.ok) throw new Error(opened.error.kind);
    const { directory, store } = opened.value;
    const lines = directory.tenants().flatMap(({ id }) => store.journal.history({ tenantId: id }));
    opened.value.dispose();
    return lines;
  }

  /** Changes the database beside the running server, and has the server read it again. */
  withStore(change: (foundation: Foundation) => void): void {
    const opened = Foundation.open({
      dataDir: this.#directory,
      clock: new SystemClock(),
      role: 'tool',
    });
    if (!opened.ok) throw new Error(opened.error.kind);
    change(opened.value);
    opened.value.dispose();
    this.server.directory.reload();
  }

  /** A desk phone of an extension, over UDP, not signed in. */
  async phone(extension: string, more: Partial<PhoneAccount> = {}): Promise<SipPhone> {
    const connection = await connectUdp(portOf(this.server, 'udp'), more.userAgent);
    return this.#add(
      new SipPhone({ user: extension, password: `secret-${extension}`, ...more }, connection),
    );
  }

  /** A phone of an extension that reaches the server by a way of the test's own making, not signed in. */
  joined(extension: string, connection: PhoneConnection): SipPhone {
    const account = { user: extension, password: `secret-${extension}` };
    return this.#add(new SipPhone(account, connection));
  }

  /** A desk phone of an extension, over UDP, signed in. */
  async signedIn(extension: string, more: Partial<PhoneAccount> = {}): Promise<SipPhone> {
    const phone = await this.phone(extension, more);
    await phone.register();
    return phone;
  }

  /** A phone like the app's, over WebSocket with WebRTC, signed in. `drop` cuts its connection. */
  async app(
    extension: string,
    more: Partial<PhoneAccount> = {},
  ): Promise<{ phone: SipPhone; drop: () => void }> {
    const connection = await connectWs(this.webSocketUrl);
    const account: PhoneAccount = {
      user: extension,
      password: `secret-${extension}`,
      codecs: ['opus', 'PCMU'],
      ...more,
    };
    const phone = this.#add(new SipPhone(account, connection));
    await phone.register();
    return { phone, drop: () => connection.drop() };
  }

  get webSocketUrl(): string {
    return `ws://127.0.0.1:${portOf(this.server, 'ws')}`;
  }

  /** `from` calls `to`, who answers. */
  async connect(from: SipPhone, to: SipPhone): Promise<{ caller: PhoneCall; callee: PhoneCall }> {
    const dialled = from.dial(to.account.user);
    const ringing = await to.nextCall();
    const callee = ringing.answer();
    return { caller: await dialled.answered(), callee };
  }

  /** The server's media leg towards this call of a phone. */
  legOf(call: PhoneCall): FakeMediaLeg {
    const session = sessionOf(remoteSdpOf(call));
    const found = this.media.legs.find((leg) => sessionOf(leg.localSdp) === session);
    if (found === undefined) throw new Error('the server has no such leg');
    return found;
  }

  /** What this call of a phone is made to hear: `music`, a tone's name, `silence`, or the user it is bridged with. */
  hears(call: PhoneCall): string {
    const { hearing } = this.legOf(call);
    if (hearing.kind === 'silence') return 'silence';
    if (hearing.kind === 'bridge') {
      const other = this.#callOf(hearing.other);
      return other === undefined ? 'nobody' : other.phone.account.user;
    }
    if (hearing.source.kind === 'music') return 'music';
    return hearing.source.kind === 'tone' ? hearing.source.tone : 'clip';
  }

  async close(): Promise<void> {
    for (const phone of this.#phones) await phone.close();
    await this.server.close({ graceMs: 0 });
    removeDirectory(this.#directory);
  }

  #add(phone: SipPhone): SipPhone {
    this.#phones.push(phone);
    return phone;
  }

  #callOf(leg: MediaLeg): PhoneCall | undefined {
    if (!(leg instanceof FakeMediaLeg)) return undefined;
    const session = sessionOf(leg.localSdp);
    const calls = this.#phones.flatMap((phone) => phone.calls);
    return calls.find((call) => sessionOf(remoteSdpOf(call)) === session);
  }
}

/** What a test sets of a Call Park group; the rest stays as it was. */
interface ParkGroupChange {
  readonly members?: readonly string[];
  readonly recall?: Partial<RecallSettings>;
}

function extensionOf(text: string): Extension {
  if (!isExtension(text)) throw new Error(`not an extension: ${text}`);
  return text;
}

function targetOf(old: ParkGroup | undefined): SaveTarget<ParkGroup['id']> {
  return old === undefined
    ? { kind: 'new' }
    : { kind: 'existing', id: old.id, version: old.version };
}

function remoteSdpOf({ media }: PhoneCall): string {
  return media instanceof FakeMediaLeg ? media.remoteSdp : '';
}

function sessionOf(sdp: string): string | undefined {
  return /^o=- (\d+)/m.exec(sdp)?.[1];
}
