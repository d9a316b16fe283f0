import type { Clock } from '../../domain/clock.ts';
import { onDispose, type Disposable } from '../../domain/disposable.ts';
import type { TenantId, UserId } from '../../domain/ids.ts';
import { sameUri } from '../../sip/message/uri-compare.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { Binding } from '../ports/registrar.ts';
import type { ContactWish } from './registration-request.ts';

/** A binding with what is needed to order its updates (RFC 3261 §10.3 step 7) and to find its way after a restart. */
export interface Entry {
  readonly binding: Binding;
  /** The binding's Contact as it is written down and told. */
  readonly contactText: string;
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
  /** `changed`: it is new or reaches the device another way; else it was only refreshed. */
  | { readonly kind: 'saved'; readonly entry: Entry; readonly changed: boolean }
  | { readonly kind: 'removed'; readonly entry: Entry; readonly why: 'expired' | 'asked' }
  | { readonly kind: 'gone-offline'; readonly entry: Entry };

interface Kept {
  entry: Entry;
  expiry: Disposable;
  /** The eye on its flow; absent when it came without one. */
  flowWatch: Disposable | undefined;
}

/** All live bindings, with their expiry timers and an eye on their flows. */
export class BindingBook implements Disposable {
  readonly #clock: Clock;
  readonly #tell: (event: BookEvent) => void;
  readonly #byId = new Map<string, Kept>();
  readonly #idsOfUser = new Map<UserId, Set<string>>();
  readonly #idsOfFlow = new Map<Flow, Set<string>>();
  readonly #deviceOfFlow = new WeakMap<Flow, { userId: UserId; deviceId: string }>();

  constructor(clock: Clock, tell: (event: BookEvent) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  get size(): number {
    return this.#byId.size;
  }

  entriesOf(userId: UserId): readonly Entry[] {
    return this.#resolve(this.#idsOfUser.get(userId));
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
    const { instanceId, regId, contact, text } = wish;
    const byInstance = instanceId !== undefined && regId !== undefined;
    return this.entriesOf(userId).find(({ binding, contactText }) =>
      byInstance
        ? binding.instanceId === instanceId && binding.regId === regId
        : contactText === text || sameUri(binding.contact.uri, contact.uri),
    );
  }

  /** The device that a flow was registered for, also after the flow closed. */
  deviceOfFlow(flow: Flow): { readonly userId: UserId; readonly deviceId: string } | undefined {
    return this.#deviceOfFlow.get(flow);
  }

  /** Adds an entry or replaces the one of the same id. */
  save(entry: Entry): void {
    const { binding } = entry;
    const known = this.#byId.get(binding.id);
    const old = known?.entry.binding;
    if (known !== undefined && old?.flow === binding.flow && old?.deviceId === binding.deviceId) {
      this.#refresh(known, entry);
    } else {
      this.#add(entry);
    }
    const changed = old === undefined || old.flow !== binding.flow;
    this.#tell({ kind: 'saved', entry: this.#byId.get(binding.id)?.entry ?? entry, changed });
  }

  remove(id: string): void {
    this.#remove(id, 'asked');
  }

  /** Stops timers and listeners; tells nobody. */
  dispose(): void {
    for (const id of [...this.#byId.keys()]) this.#drop(id);
  }

  #add(entry: Entry): void {
    const { id, userId, flow } = entry.binding;
    this.#drop(id);
    const kept: Kept = { entry, expiry: this.#expiryOf(entry), flowWatch: undefined };
    this.#byId.set(id, kept);
    addTo(this.#idsOfUser, userId, id);
    if (flow !== undefined) kept.flowWatch = this.#watch(entry, flow);
  }

  /** The same way to the same device, as nearly always: only its end is put off. */
  #refresh(kept: Kept, entry: Entry): void {
    const { id, userId } = entry.binding;
    kept.entry = entry;
    kept.expiry.dispose();
    kept.expiry = this.#expiryOf(entry);
    const ids = this.#idsOfUser.get(userId);
    if (ids === undefined || ids.size === 1) return;
    // The last one is the newest.
    ids.delete(id);
    ids.add(id);
  }

  #expiryOf({ binding }: Entry): Disposable {
    const leftMs = binding.expiresAt - this.#clock.now();
    return this.#clock.after(leftMs, () => this.#remove(binding.id, 'expired'));
  }

  #watch({ binding }: Entry, flow: Flow): Disposable {
    const { id, userId, deviceId } = binding;
    addTo(this.#idsOfFlow, flow, id);
    this.#deviceOfFlow.set(flow, { userId, deviceId });
    const closing = flow.onClose(() => this.#goOffline(id, flow));
    return onDispose(() => {
      closing.dispose();
      removeFrom(this.#idsOfFlow, flow, id);
    });
  }

  #goOffline(id: string, flow: Flow): void {
    const kept = this.#byId.get(id);
    if (kept === undefined || kept.entry.binding.flow !== flow) return;
    const { flow: _closed, ...offline } = kept.entry.binding;
    kept.entry = { ...kept.entry, binding: offline };
    removeFrom(this.#idsOfFlow, flow, id);
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
    removeFrom(this.#idsOfUser, kept.entry.binding.userId, id);
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

const NONE: ReadonlySet<string> = new Set();

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
