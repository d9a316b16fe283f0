import type { Clock } from '../../domain/clock.ts';
import { onDispose, type Disposable } from '../../domain/disposable.ts';
import type { EpochMs, TenantId, UserId } from '../../domain/ids.ts';
import { ownText } from '../../sip/message/own-text.ts';
import { sameUri } from '../../sip/message/uri-compare.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { Binding } from '../ports/registrar.ts';
import type { ContactWish } from './registration-request.ts';

/**
 * A binding with what is needed to order its updates (RFC 3261 §10.3 step 7) and to find its way after a restart. It belongs to the book,
 * which moves its times, Call-ID and CSeq when it is refreshed.
 */
export interface Entry {
  readonly binding: Binding;
  /** The binding's Contact as it is written down and told. */
  readonly contactText: string;
  /** The header field as the device sent it, if it had one to itself. */
  readonly said: string | undefined;
  readonly callId: string;
  readonly cseq: number;
  readonly source: Source;
}

/** Where a binding was registered from. */
export interface Source {
  readonly transport: string;
  readonly remote: { readonly address: string; readonly port: number };
  readonly local: { readonly address: string; readonly port: number };
}

/** What happened to an entry; `gone-offline` keeps the entry without its flow. */
export type BookEvent =
  | { readonly kind: 'saved'; readonly entry: Entry; readonly how: Saved }
  | { readonly kind: 'removed'; readonly entry: Entry; readonly why: 'expired' | 'asked' }
  | { readonly kind: 'gone-offline'; readonly entry: Entry };

/**
 * `anew`: it is new or reaches the device another way. `refreshed`: only its times and where it stands in the order of updates differ.
 * `described`: it says something else of the device.
 */
export type Saved = 'anew' | 'described' | 'refreshed';

/** What another REGISTER changes of a binding that it says nothing new of. */
export interface Refreshment {
  readonly registeredAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly callId: string;
  readonly cseq: number;
  readonly said: string | undefined;
}

/** Of one device; datagrams from ever new ports are flows that never close. */
const FLOWS_KEPT = 4;

type Own<T> = { -readonly [Name in keyof T]: T[Name] };

/** A device of a user over all its connections: whatever its calls hold of it outlives its bindings. */
interface Device {
  readonly userId: UserId;
  readonly deviceId: string;
  /** What it registered on, the newest last; some may have closed. */
  flows: readonly Flow[];
}

interface Kept {
  entry: Own<Entry>;
  readonly device: Device;
  /** Fires when the binding may be over: one that was refreshed meanwhile is looked at again. */
  expiry: Disposable;
  /** When it fires. */
  dueAt: EpochMs;
  /** The eye on its flow; absent when it came without one. */
  flowWatch: Disposable | undefined;
}

/** All live bindings, with their expiry timers and an eye on their flows. */
export class BindingBook implements Disposable {
  readonly #clock: Clock;
  readonly #tell: (event: BookEvent) => void;
  readonly #byId = new Map<string, Kept>();
  /** The newest last. A list that was given out stays as it is. */
  readonly #ofUser = new Map<UserId, readonly Entry[]>();
  readonly #idsOfFlow = new Map<Flow, Set<string>>();
  readonly #deviceOfFlow = new WeakMap<Flow, Device>();

  constructor(clock: Clock, tell: (event: BookEvent) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  get size(): number {
    return this.#byId.size;
  }

  entriesOf(userId: UserId): readonly Entry[] {
    return this.#ofUser.get(userId) ?? NO_ENTRIES;
  }

  entriesOfFlow(flow: Flow): readonly Entry[] {
    return this.#resolve(this.#idsOfFlow.get(flow));
  }

  hasFlow(flow: Flow): boolean {
    return this.#idsOfFlow.has(flow);
  }

  all(tenantId?: TenantId): readonly Entry[] {
    const entries = [...this.#byId.values()].map((kept) => kept.entry);
    return tenantId === undefined
      ? entries
      : entries.filter(({ binding }) => binding.tenantId === tenantId);
  }

  /** The binding that a Contact updates: by instance and reg-id (RFC 5626 §6), else by URI (RFC 3261 §19.1.4). */
  match(userId: UserId, wish: ContactWish): Entry | undefined {
    const { instanceId, regId, contact } = wish;
    const byInstance = instanceId !== undefined && regId !== undefined;
    return this.entriesOf(userId).find((entry) =>
      byInstance
        ? entry.binding.instanceId === instanceId && entry.binding.regId === regId
        : isSameContact(entry, wish) || sameUri(entry.binding.contact.uri, contact.uri),
    );
  }

  /** The device that a flow was registered for, also after the flow closed, and after the device was signed out. */
  deviceOfFlow(flow: Flow): Readonly<Device> | undefined {
    return this.#deviceOfFlow.get(flow);
  }

  /** Adds an entry or replaces the one of the same id. */
  save(entry: Entry): void {
    const { binding } = entry;
    const known = this.#byId.get(binding.id);
    const old = known?.entry;
    if (known !== undefined && hasSameWay(known.entry, entry)) this.#describe(known, entry);
    else this.#add(entry);
    const saved = this.#byId.get(binding.id)?.entry ?? entry;
    const how = old !== undefined && old.binding.flow === entry.binding.flow ? 'described' : 'anew';
    this.#tell({ kind: 'saved', entry: saved, how });
  }

  /** Puts off the end of a binding over the same flow, of which nothing else changed: as nearly always. */
  refresh({ binding: { id } }: Entry, to: Refreshment): void {
    const kept = this.#byId.get(id);
    if (kept === undefined) return;
    const { entry } = kept;
    const binding: Own<Binding> = entry.binding;
    binding.registeredAt = to.registeredAt;
    binding.expiresAt = to.expiresAt;
    if (entry.callId !== to.callId) entry.callId = ownText(to.callId);
    if (entry.said !== to.said) entry.said = to.said && ownText(to.said);
    entry.cseq = to.cseq;
    if (binding.expiresAt < kept.dueAt) this.#armExpiry(kept);
    this.#becomeNewest(entry);
    this.#tell({ kind: 'saved', entry, how: 'refreshed' });
  }

  remove(id: string): void {
    this.#remove(id, 'asked');
  }

  /** Stops timers and listeners; tells nobody. */
  dispose(): void {
    for (const id of [...this.#byId.keys()]) this.#drop(id);
  }

  #add(entry: Entry): void {
    const { id, userId, flow, expiresAt } = entry.binding;
    const device = this.#knownDevice(entry.binding);
    this.#drop(id);
    const kept: Kept = { entry, device, expiry: NOTHING, dueAt: expiresAt, flowWatch: undefined };
    this.#byId.set(id, kept);
    this.#armExpiry(kept);
    this.#ofUser.set(userId, [...this.entriesOf(userId), entry]);
    if (flow !== undefined) kept.flowWatch = this.#watch(kept, flow);
  }

  /** By another binding of it, or by the connection on which it signs in again. */
  #knownDevice({ userId, deviceId, flow }: Binding): Device {
    const other = this.entriesOf(userId).find(({ binding }) => binding.deviceId === deviceId);
    const known = other && this.#byId.get(other.binding.id)?.device;
    const before = flow && this.#deviceOfFlow.get(flow);
    const isIt = before?.userId === userId && before.deviceId === deviceId;
    return known ?? (isIt ? before : { userId, deviceId, flows: [] });
  }

  #becomeNewest(entry: Entry): void {
    const { userId } = entry.binding;
    const entries = this.entriesOf(userId);
    if (entries.at(-1) === entry) return;
    this.#ofUser.set(userId, [...entries.filter((other) => other !== entry), entry]);
  }

  /** The same way to the same device, which says something else of itself. */
  #describe(kept: Kept, entry: Entry): void {
    const { id, userId, expiresAt } = entry.binding;
    const sooner = expiresAt < kept.dueAt;
    kept.entry = entry;
    if (sooner) this.#armExpiry(kept);
    this.#ofUser.set(userId, [...this.#othersOf(userId, id), entry]);
  }

  #othersOf(userId: UserId, id: string): readonly Entry[] {
    const entries = this.entriesOf(userId);
    return entries.length === 1 && entries[0]?.binding.id === id
      ? NO_ENTRIES
      : entries.filter(({ binding }) => binding.id !== id);
  }

  #armExpiry(kept: Kept): void {
    kept.expiry.dispose();
    kept.dueAt = kept.entry.binding.expiresAt;
    kept.expiry = this.#clock.after(kept.dueAt - this.#clock.now(), () => this.#due(kept));
  }

  /** A refresh only notes the new end: a timer for each would cost more than all else about it. */
  #due(kept: Kept): void {
    const { id, expiresAt } = kept.entry.binding;
    if (expiresAt > kept.dueAt) this.#armExpiry(kept);
    else this.#remove(id, 'expired');
  }

  #watch({ entry, device }: Kept, flow: Flow): Disposable {
    const { id } = entry.binding;
    addTo(this.#idsOfFlow, flow, id);
    const others = openOf(device.flows).filter((other) => other !== flow);
    device.flows = [...others, flow].slice(-FLOWS_KEPT);
    this.#deviceOfFlow.set(flow, device);
    const closing = flow.onClose(() => this.#goOffline(id, flow));
    return onDispose(() => {
      closing.dispose();
      removeFrom(this.#idsOfFlow, flow, id);
    });
  }

  #goOffline(id: string, flow: Flow): void {
    const kept = this.#byId.get(id);
    if (kept === undefined || kept.entry.binding.flow !== flow) return;
    const before = kept.entry;
    const { flow: _closed, ...offline } = before.binding;
    const after = { ...before, binding: offline };
    kept.entry = after;
    const entries = this.entriesOf(offline.userId);
    this.#ofUser.set(
      offline.userId,
      entries.map((entry) => (entry === before ? after : entry)),
    );
    removeFrom(this.#idsOfFlow, flow, id);
    kept.device.flows = openOf(kept.device.flows);
    this.#tell({ kind: 'gone-offline', entry: kept.entry });
  }

  #remove(id: string, why: 'expired' | 'asked'): void {
    const kept = this.#byId.get(id);
    if (kept === undefined) return;
    this.#drop(id);
    this.#tell({ kind: 'removed', entry: kept.entry, why });
  }

  #drop(id: string): void {
    const kept = this.#byId.get(id);
    if (kept === undefined) return;
    this.#byId.delete(id);
    const { userId } = kept.entry.binding;
    const others = this.#othersOf(userId, id);
    if (others.length === 0) this.#ofUser.delete(userId);
    else this.#ofUser.set(userId, others);
    kept.expiry.dispose();
    kept.flowWatch?.dispose();
  }

  #resolve(ids: ReadonlySet<string> | undefined): readonly Entry[] {
    const entries: Entry[] = [];
    for (const id of ids ?? NONE) {
      const kept = this.#byId.get(id);
      if (kept !== undefined) entries.push(kept.entry);
    }
    return entries;
  }
}

const openOf = (flows: readonly Flow[]): readonly Flow[] => flows.filter(({ closed }) => !closed);

const NOTHING: Disposable = { dispose: () => undefined };
const NONE: ReadonlySet<string> = new Set();
const NO_ENTRIES: readonly Entry[] = [];

const hasSameWay = (one: Entry, other: Entry): boolean =>
  one.binding.flow === other.binding.flow && one.binding.deviceId === other.binding.deviceId;

/** The device says the same of where it is reached. */
export const isSameContact = (entry: Entry, wish: ContactWish): boolean =>
  (entry.said !== undefined && entry.said === wish.said) || entry.contactText === wish.text;

function addTo<Key>(map: Map<Key, Set<string>>, key: Key, id: string): void {
  const ids = map.get(key);
  if (ids === undefined) map.set(key, new Set([id]));
  else ids.add(id);
}

function removeFrom<Key>(map: Map<Key, Set<string>>, key: Key, id: string): void {
  const ids = map.get(key);
  if (ids === undefined) return;
  ids.delete(id);
  if (ids.size === 0) map.delete(key);
}
