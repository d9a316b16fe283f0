import { assertNever } from '../../domain/assert-never.ts';
import type { Clock } from '../../domain/clock.ts';
import { onDispose, type Disposable } from '../../domain/disposable.ts';
import { addMs, type TenantId, type UserId } from '../../domain/ids.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import { isSipScheme, userOf } from '../../sip/message/uri.ts';
import type { Logger } from '../log.ts';
import type { Tenant, User, UserDirectory } from '../ports/directory.ts';
import type { Binding, Registrar } from '../ports/registrar.ts';
import type { BindingStore } from '../store/binding-store.ts';
import { BindingBook, type BookEvent, type Entry, type Source } from './binding-book.ts';
import { isOutOfOrder, isReachable, newestFirst } from './binding-order.ts';
import { entryOf, rowOf } from './binding-row.ts';
import { deviceIdOf } from './device-id.ts';
import { registeredHeaders } from './registered-headers.ts';
import {
  defaultExpiryLimits,
  readRegistration,
  type ContactWish,
  type ExpiryLimits,
} from './registration-request.ts';

/** Whether a REGISTER comes from the user it names. */
export interface RegistrationAuthenticator {
  /** The proven user, or `answered` when a challenge or a refusal was sent. */
  authenticateRegistration(
    tx: ServerTransaction,
    tenant: Tenant,
  ): { readonly kind: 'ok'; readonly user: User } | { readonly kind: 'answered' };
}

export interface RegistrarOptions {
  readonly directory: UserDirectory;
  readonly authenticator: RegistrationAuthenticator;
  readonly store: Pick<BindingStore, 'load' | 'save' | 'remove'>;
  readonly clock: Clock;
  readonly newId: () => string;
  /** The way back to a device that registered by datagrams before a restart; undefined: that socket is no more. */
  readonly flowTo: (source: Source) => Flow | undefined;
  /** Base URL of the user's HTTP, told in `X-Parkline-Api` (WIRE.md §10b); undefined while there is none. */
  readonly apiBaseUrl: (flow: Flow) => string | undefined;
  readonly limits?: ExpiryLimits;
  /** Devices of one user at once; beyond it the oldest that cannot be reached makes room, else 403. Default 32. */
  readonly maxBindingsPerUser?: number;
  /** Told when there was no room for another device. */
  readonly onFull?: (userId: UserId) => void;
  readonly log: Logger;
}

const DEFAULT_MAX_BINDINGS = 32;

/** The registrar of RFC 3261 §10 with the flows of RFC 5626. */
export class SipRegistrar implements Registrar, Disposable {
  readonly #options: RegistrarOptions;
  readonly #limits: ExpiryLimits;
  readonly #book: BindingBook;
  readonly #listeners = new Set<(userId: UserId) => void>();
  readonly #owned: Disposable;

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#limits = options.limits ?? defaultExpiryLimits;
    this.#book = new BindingBook(options.clock, (event) => this.#onBook(event));
    this.#owned = options.directory.onChanged((change) => {
      const mayNotStay =
        change.kind === 'user-removed' ||
        (change.kind === 'user-changed' && change.passwordChanged);
      if (mayNotStay) this.removeAll(change.user.id);
    });
  }

  /** Number of live bindings. */
  get size(): number {
    return this.#book.size;
  }

  /** Takes over what was registered when the server stopped. Devices on connections are offline until they return. */
  restore(): void {
    const { store, clock, directory, flowTo } = this.#options;
    for (const row of store.load(clock.now())) {
      const entry = entryOf(row, (id) => directory.userById(id));
      if (entry === undefined) continue;
      const flow = entry.source.transport === 'udp' ? flowTo(entry.source) : undefined;
      this.#book.save(
        flow === undefined ? entry : { ...entry, binding: { ...entry.binding, flow } },
      );
    }
  }

  handle(tx: ServerTransaction): void {
    const { request } = tx;
    const { directory, authenticator } = this.#options;
    if (!isSipScheme(request.to.uri)) {
      tx.reply(400, { reason: 'To names no SIP address' });
      return;
    }
    const tenant = directory.tenantByHost(request.to.uri.host);
    if (tenant === undefined) {
      tx.reply(404, { reason: 'Unknown domain' });
      return;
    }
    const proof = authenticator.authenticateRegistration(tx, tenant);
    if (proof.kind === 'answered') return;
    if (userOf(request.to.uri) !== proof.user.extension) {
      tx.reply(403, { reason: 'Not your extension' });
      return;
    }
    this.#update(tx, proof.user);
  }

  bindingsOf(userId: UserId): readonly Binding[] {
    return newestFirst(this.#book.entriesOf(userId));
  }

  reachableDevices(userId: UserId): readonly Binding[] {
    const devices = new Map<string, Binding>();
    for (const binding of this.bindingsOf(userId)) {
      if (isReachable(binding) && !devices.has(binding.deviceId)) {
        devices.set(binding.deviceId, binding);
      }
    }
    return [...devices.values()];
  }

  device(userId: UserId, deviceId: string): Binding | undefined {
    return this.reachableDevices(userId).find((binding) => binding.deviceId === deviceId);
  }

  bindingOfFlow(flow: Flow): Binding | undefined {
    return this.bindingsOfFlow(flow)[0];
  }

  /** A flow may carry several users' registrations; newest first. */
  bindingsOfFlow(flow: Flow): readonly Binding[] {
    return newestFirst(this.#book.entriesOfFlow(flow));
  }

  /** Whether somebody is signed in over that flow. */
  isBound(flow: Flow): boolean {
    return this.#book.hasFlow(flow);
  }

  /** The flow that took over from a closed one: the same device's newest. */
  successorOf(closed: Flow): Flow | undefined {
    const device = this.#book.deviceOfFlow(closed);
    return device && this.device(device.userId, device.deviceId)?.flow;
  }

  all(tenantId?: TenantId): readonly Binding[] {
    return newestFirst(this.#book.all(tenantId));
  }

  /** Where devices registered from. */
  addresses(): readonly string[] {
    return this.#book.all().map(({ source }) => source.remote.address);
  }

  removeAll(userId: UserId): void {
    for (const { binding } of this.#book.entriesOf(userId)) this.#book.remove(binding.id);
  }

  onChanged(run: (userId: UserId) => void): Disposable {
    this.#listeners.add(run);
    return onDispose(() => this.#listeners.delete(run));
  }

  /** Forgets everything in memory; what is stored stays. */
  dispose(): void {
    this.#owned.dispose();
    this.#book.dispose();
    this.#listeners.clear();
  }

  #update(tx: ServerTransaction, user: User): void {
    const wish = readRegistration(tx.request, this.#limits);
    if (!wish.ok) {
      tx.reply(wish.error.status, { reason: wish.error.reason, headers: wish.error.headers ?? [] });
      return;
    }
    switch (wish.value.kind) {
      case 'query':
        this.#accept(tx, user, false);
        return;
      case 'remove-all':
        this.#removeAllByRequest(tx, user);
        return;
      case 'update':
        this.#updateContacts(tx, user, wish.value.contacts);
        return;
      default:
        assertNever(wish.value);
    }
  }

  #removeAllByRequest(tx: ServerTransaction, user: User): void {
    const entries = this.#book.entriesOf(user.id);
    if (entries.some((entry) => isOutOfOrder(entry, tx.request))) {
      tx.reply(500, { reason: 'Out of order' });
      return;
    }
    for (const { binding } of entries) this.#book.remove(binding.id);
    this.#accept(tx, user, false);
  }

  /** All contacts are checked before the first one is touched: a REGISTER is applied whole or not at all. */
  #updateContacts(tx: ServerTransaction, user: User, wishes: readonly ContactWish[]): void {
    const matched = wishes.map((wish) => ({ wish, old: this.#book.match(user.id, wish) }));
    if (matched.some(({ old }) => old !== undefined && isOutOfOrder(old, tx.request))) {
      tx.reply(500, { reason: 'Out of order' });
      return;
    }
    const added = matched.filter(({ wish, old }) => old === undefined && wish.seconds > 0).length;
    if (!this.#makeRoom(user.id, added)) {
      this.#options.onFull?.(user.id);
      tx.reply(403, { reason: 'Too many devices are signed in' });
      return;
    }
    for (const { wish, old } of matched) {
      if (wish.seconds > 0) this.#book.save(this.#entryFor(tx, user, wish, old));
      else if (old !== undefined) this.#book.remove(old.binding.id);
    }
    this.#accept(
      tx,
      user,
      wishes.some((wish) => wish.regId !== undefined),
    );
  }

  #makeRoom(userId: UserId, added: number): boolean {
    const bindings = this.bindingsOf(userId);
    const surplus =
      bindings.length + added - (this.#options.maxBindingsPerUser ?? DEFAULT_MAX_BINDINGS);
    if (surplus <= 0) return true;
    const idle = bindings.filter((binding) => !isReachable(binding)).slice(-surplus);
    if (idle.length < surplus) return false;
    for (const binding of idle) this.#book.remove(binding.id);
    return true;
  }

  #entryFor(tx: ServerTransaction, user: User, wish: ContactWish, old: Entry | undefined): Entry {
    const { request, flow } = tx;
    const now = this.#options.clock.now();
    const userAgent = request.headers.get('User-Agent')?.slice(0, 200);
    return {
      callId: request.callId,
      cseq: request.cseq.sequence,
      source: { transport: flow.transport, remote: flow.remote, local: flow.local },
      binding: {
        id: old?.binding.id ?? this.#options.newId(),
        userId: user.id,
        tenantId: user.tenantId,
        contact: wish.contact,
        ...(wish.instanceId === undefined ? {} : { instanceId: wish.instanceId }),
        ...(wish.regId === undefined ? {} : { regId: wish.regId }),
        deviceId: deviceIdOf(wish.contact, flow),
        flow,
        ...(userAgent === undefined ? {} : { userAgent }),
        expiresAt: addMs(now, wish.seconds * 1000),
        registeredAt: now,
        path: request.headers.all('Path'),
      },
    };
  }

  #accept(tx: ServerTransaction, user: User, outbound: boolean): void {
    tx.reply(200, {
      headers: registeredHeaders(tx.request, {
        bindings: this.bindingsOf(user.id),
        now: this.#options.clock.now(),
        outbound,
        apiBaseUrl: this.#options.apiBaseUrl(tx.flow),
      }),
    });
  }

  #onBook(event: BookEvent): void {
    const { store, log } = this.#options;
    const { binding } = event.entry;
    const { transport } = event.entry.source;
    const ids = { binding: binding.id, user: binding.userId, transport };
    switch (event.kind) {
      case 'saved':
        store.save(rowOf(event.entry));
        if (!event.changed) return;
        log.info(ids, 'device signed in');
        break;
      case 'removed':
        store.remove(binding.id);
        log.info({ ...ids, why: event.why }, 'device signed out');
        break;
      case 'gone-offline':
        log.info(ids, 'device lost its connection');
        break;
      default:
        assertNever(event);
    }
    for (const listener of [...this.#listeners]) listener(binding.userId);
  }
}
