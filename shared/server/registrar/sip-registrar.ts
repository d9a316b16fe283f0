import { assertNever } from '../../domain/assert-never.ts';
import type { Clock } from '../../domain/clock.ts';
import { onDispose, type Disposable } from '../../domain/disposable.ts';
import type { TenantId, UserId } from '../../domain/ids.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import { isSipScheme, userOf } from '../../sip/message/uri.ts';
import type { Logger } from '../log.ts';
import type { UserDirectory } from '../ports/directory.ts';
import type { Binding, Registrar } from '../ports/registrar.ts';
import type { BindingStore } from '../store/binding-store.ts';
import { BindingBook, type BookEvent, type Source } from './binding-book.ts';
import { isReachable, newestFirst } from './binding-order.ts';
import { entryOf, rowOf } from './binding-row.ts';
import { BindingUpdates, type BindingUpdateOptions } from './binding-updates.ts';
import type { RegistrationAuthenticator } from './registration-authenticator.ts';

export interface RegistrarOptions extends BindingUpdateOptions {
  readonly directory: UserDirectory;
  readonly authenticator: RegistrationAuthenticator;
  readonly store: Pick<BindingStore, 'load' | 'save' | 'refresh' | 'remove'>;
  readonly clock: Clock;
  /** The way back to a device that registered by datagrams before a restart; undefined: that socket is no more. */
  readonly flowTo: (source: Source) => Flow | undefined;
  readonly log: Logger;
}

/** The registrar of RFC 3261 §10 with the flows of RFC 5626. */
export class SipRegistrar implements Registrar, Disposable {
  readonly #options: RegistrarOptions;
  readonly #book: BindingBook;
  readonly #updates: BindingUpdates;
  readonly #listeners = new Set<(userId: UserId) => void>();
  readonly #owned: Disposable;

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#book = new BindingBook(options.clock, (event) => this.#onBook(event));
    this.#updates = new BindingUpdates(this.#book, options);
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
    this.#updates.apply(tx, proof.user);
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

  /** Whether that user is signed in over that flow. */
  isBoundTo(flow: Flow, userId: UserId): boolean {
    return this.#book.entriesOf(userId).some(({ binding }) => binding.flow === flow);
  }

  /** Whether somebody is signed in over that flow. */
  isBound(flow: Flow): boolean {
    return this.#book.hasFlow(flow);
  }

  successorOf(flow: Flow): Flow | undefined {
    const device = this.#book.deviceOfFlow(flow);
    if (device === undefined) return undefined;
    const bound = this.device(device.userId, device.deviceId)?.flow;
    return bound ?? device.flows.findLast(({ closed }) => !closed);
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

  /** Signs one device of a user out; it may come back while it knows the password. @returns false: it is not there */
  removeBinding(userId: UserId, bindingId: string): boolean {
    const found = this.#book.entriesOf(userId).some(({ binding }) => binding.id === bindingId);
    if (found) this.#book.remove(bindingId);
    return found;
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

  #onBook(event: BookEvent): void {
    const { store, log } = this.#options;
    const { entry } = event;
    const { binding } = entry;
    if (event.kind === 'saved' && event.how === 'refreshed') {
      return store.refresh(binding.id, () => rowOf(entry));
    }
    const { transport } = entry.source;
    const ids = { binding: binding.id, user: binding.userId, transport };
    switch (event.kind) {
      case 'saved':
        store.save(rowOf(entry));
        if (event.how !== 'anew') return;
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
