import { assertNever } from '../../domain/assert-never.ts';
import type { Clock } from '../../domain/clock.ts';
import { addMs, type UserId } from '../../domain/ids.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { ownText } from '../../sip/message/own-text.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { User } from '../ports/directory.ts';
import { isSameContact, type BindingBook, type Entry } from './binding-book.ts';
import { isOutOfOrder, isReachable, newestEntriesFirst, newestFirst } from './binding-order.ts';
import { deviceIdOf } from './device-id.ts';
import { registeredHeaders } from './registered-headers.ts';
import {
  defaultExpiryLimits,
  readRegistration,
  type ContactWish,
  type ExpiryLimits,
} from './registration-request.ts';

export interface BindingUpdateOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  /** Base URL of the user's HTTP, told in `X-Parkline-Api` (WIRE.md §10b); undefined while there is none. */
  readonly apiBaseUrl: (flow: Flow) => string | undefined;
  readonly limits?: ExpiryLimits;
  /** Devices of one user at once; beyond it the oldest that cannot be reached makes room, else 403. Default 32. */
  readonly maxBindingsPerUser?: number;
  /** How often a device of RFC 5626 must be heard on a TCP or TLS connection, in ms; default 120,000. A quarter more is waited. */
  readonly flowTimerMs?: number | undefined;
  /** Told when there was no room for another device. */
  readonly onFull?: (userId: UserId) => void;
}

const DEFAULT_MAX_BINDINGS = 32;
const DEFAULT_FLOW_TIMER_MS = 120_000;
/** How much longer than told we wait, as a factor. */
const GRACE = 1.25;

/** One Contact of a REGISTER and the binding that it updates. */
interface Matched {
  readonly wish: ContactWish;
  readonly old: Entry | undefined;
}

/** What a REGISTER of a proven user does to the book, and its answer (RFC 3261 §10.3, steps 6 to 8). */
export class BindingUpdates {
  readonly #book: BindingBook;
  readonly #options: BindingUpdateOptions;
  readonly #limits: ExpiryLimits;

  constructor(book: BindingBook, options: BindingUpdateOptions) {
    this.#book = book;
    this.#options = options;
    this.#limits = options.limits ?? defaultExpiryLimits;
  }

  /** Answers in any case; a refused REGISTER changes nothing. */
  apply(tx: ServerTransaction, user: User): void {
    const wish = readRegistration(tx.request, this.#limits);
    if (!wish.ok) {
      tx.reply(wish.error.status, { reason: wish.error.reason, headers: wish.error.headers ?? [] });
      return;
    }
    switch (wish.value.kind) {
      case 'query':
        return this.#accept(tx, user, false);
      case 'remove-all':
        return this.#removeAll(tx, user);
      case 'update':
        return this.#update(tx, user, wish.value.contacts);
      default:
        assertNever(wish.value);
    }
  }

  #removeAll(tx: ServerTransaction, user: User): void {
    const entries = this.#book.entriesOf(user.id);
    if (entries.some((entry) => isOutOfOrder(entry, tx.request))) {
      tx.reply(500, { reason: 'Out of order' });
      return;
    }
    for (const { binding } of entries) this.#book.remove(binding.id);
    this.#accept(tx, user, false);
  }

  /** All contacts are checked before the first one is touched: a REGISTER is applied whole or not at all. */
  #update(tx: ServerTransaction, user: User, wishes: readonly ContactWish[]): void {
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
      if (wish.seconds > 0) this.#save(tx, user, { wish, old });
      else if (old !== undefined) this.#book.remove(old.binding.id);
    }
    const outbound = wishes.some((wish) => wish.regId !== undefined);
    this.#accept(tx, user, outbound);
  }

  #makeRoom(userId: UserId, added: number): boolean {
    const entries = this.#book.entriesOf(userId);
    const { maxBindingsPerUser = DEFAULT_MAX_BINDINGS } = this.#options;
    const surplus = entries.length + added - maxBindingsPerUser;
    if (surplus <= 0) return true;
    const bindings = newestFirst(entries);
    const idle = bindings.filter((binding) => !isReachable(binding)).slice(-surplus);
    if (idle.length < surplus) return false;
    for (const binding of idle) this.#book.remove(binding.id);
    return true;
  }

  #save(tx: ServerTransaction, user: User, matched: Matched): void {
    const { wish, old } = matched;
    if (old === undefined || !saysTheSame(old, tx, wish)) {
      return this.#book.save(this.#entryFor(tx, user, matched));
    }
    const now = this.#options.clock.now();
    this.#book.refresh(old, {
      registeredAt: now,
      expiresAt: addMs(now, wish.seconds * 1000),
      callId: tx.request.callId,
      cseq: tx.request.cseq.sequence,
      said: wish.said,
    });
  }

  #entryFor(tx: ServerTransaction, user: User, { wish, old }: Matched): Entry {
    const { request, flow } = tx;
    const now = this.#options.clock.now();
    const userAgent = userAgentOf(request);
    return {
      contactText: ownText(wish.text),
      said: wish.said && ownText(wish.said),
      callId: ownText(request.callId),
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
        ...(userAgent === undefined ? {} : { userAgent: ownText(userAgent) }),
        expiresAt: addMs(now, wish.seconds * 1000),
        registeredAt: now,
        path: request.headers.all('Path'),
      },
    };
  }

  #accept(tx: ServerTransaction, user: User, outbound: boolean): void {
    const flowTimerS = outbound ? this.#watchFlow(tx) : undefined;
    tx.reply(200, {
      headers: registeredHeaders(tx.request, {
        entries: newestEntriesFirst(this.#book.entriesOf(user.id)),
        now: this.#options.clock.now(),
        outbound,
        apiBaseUrl: this.#options.apiBaseUrl(tx.flow),
        flowTimerS,
      }),
    });
  }

  /** A device that promised to keep its connection alive is gone when it does not (RFC 5626 §5.4). @returns seconds to be told */
  #watchFlow({ flow, request }: ServerTransaction): number | undefined {
    if (flow.closeWhenSilentFor === undefined || !request.supported.includes('outbound')) {
      return undefined;
    }
    const { flowTimerMs = DEFAULT_FLOW_TIMER_MS } = this.#options;
    flow.closeWhenSilentFor(flowTimerMs * GRACE);
    return Math.ceil(flowTimerMs / 1000);
  }
}

const userAgentOf = (request: SipRequest): string | undefined =>
  request.headers.get('User-Agent')?.slice(0, 200);

/** The device says nothing new of itself, and says it over the same flow. */
function saysTheSame(old: Entry, { request, flow }: ServerTransaction, wish: ContactWish): boolean {
  const { binding, source } = old;
  return (
    binding.flow === flow &&
    source.remote === flow.remote &&
    source.local === flow.local &&
    isSameContact(old, wish) &&
    binding.instanceId === wish.instanceId &&
    binding.regId === wish.regId &&
    binding.userAgent === userAgentOf(request) &&
    isSameList(binding.path, request.headers.all('Path'))
  );
}

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at]);
