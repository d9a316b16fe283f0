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
  readonly ends: Disposable[];
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
    return this.entriesOf(userId).find(({ binding }) => {
      if (wish.instanceId !== undefined && wish.regId !== undefined) {
        return binding.instanceId === wish.instanceId && binding.regId === wish.regId;
      }
      return sameUri(binding.contact.uri, wish.contact.uri);
    });
  }

  /** The device that a flow was registered for, also after the flow closed. */
  deviceOfFlow(flow: Flow): { readonly userId: UserId; readonly deviceId: string } | undefined {
    return this.#deviceOfFlow.get(flow);
  }

  /** Adds an entry or replaces the one of the same id. */
  save(entry: Entry): void {
    const { binding } = entry;
    const old = this.#byId.get(binding.id)?.entry.binding;
    this.#drop(binding.id);
    const kept: Kept = { entry, ends: [] };
    this.#byId.set(binding.id, kept);
    addTo(this.#idsOfUser, binding.userId, binding.id);
    const leftMs = binding.expiresAt - this.#clock.now();
    kept.ends.push(this.#clock.after(leftMs, () => this.#remove(kept, 'expired')));
    if (binding.flow !== undefined) this.#watch(kept, binding.flow);
    const changed = old === undefined || old.flow !== binding.flow;
    this.#tell({ kind: 'saved', entry: kept.entry, changed });
  }

  remove(id: string): void {
    const kept = this.#byId.get(id);
    if (kept !== undefined) this.#remove(kept, 'asked');
  }

  /** Stops timers and listeners; tells nobody. */
  dispose(): void {
    for (const id of [...this.#byId.keys()]) this.#drop(id);
  }

  #watch(kept: Kept, flow: Flow): void {
    const { id, userId, deviceId } = kept.entry.binding;
    addTo(this.#idsOfFlow, flow, id);
    this.#deviceOfFlow.set(flow, { userId, deviceId });
    kept.ends.push(onDispose(() => removeFrom(this.#idsOfFlow, flow, id)));
    kept.ends.push(flow.onClose(() => this.#goOffline(kept, flow)));
  }

  #goOffline(kept: Kept, flow: Flow): void {
    if (this.#byId.get(kept.entry.binding.id) !== kept) return;
    const { flow: _closed, ...offline } = kept.entry.binding;
    kept.entry = { ...kept.entry, binding: offline };
    removeFrom(this.#idsOfFlow, flow, offline.id);
    this.#tell({ kind: 'gone-offline', entry: kept.entry });
  }

  #remove(kept: Kept, why: 'expired' | 'asked'): void {
    if (this.#byId.get(kept.entry.binding.id) !== kept) return;
    this.#drop(kept.entry.binding.id);
    this.#tell({ kind: 'removed', entry: kept.entry, why });
  }

  #drop(id: string): void {
    const kept = this.#byId.get(id);
    if (kept === undefined) return;
    this.#byId.delete(id);
    removeFrom(this.#idsOfUser, kept.entry.binding.userId, id);
    for (const end of kept.ends) end.dispose();
  }

  #resolve(ids: ReadonlySet<string> | undefined): readonly Entry[] {
    return [...(ids ?? [])].flatMap((id) => this.#byId.get(id)?.entry ?? []);
  }
}

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
