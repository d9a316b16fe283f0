import { deviceSettings } from '../../config/tenant-settings.ts';
import { makeParkId, PARK_ID_BYTES, type TenantId, type UserId } from '../../domain/ids.ts';
import type { ParkedCall, ParkFacts } from '../../domain/park-state.ts';
import type { WatchTarget } from '../../domain/park-list.ts';
import { grantExpiry } from '../../sip/dialog/subscription.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { formatUri, makeUri, userOf } from '../../sip/message/uri.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { CallKit } from '../calls/call-kit.ts';
import { refuseRefer as refuse } from '../calls/refer-refusal.ts';
import { FULL } from '../park/park-answers.ts';
import type { ParkService } from '../park/park-service.ts';
import { watcherOf } from '../park/park-scope.ts';
import { recallTargetOf } from '../park/recall-target.ts';
import type { Caller } from '../ports/authenticator.ts';
import type { DirectoryChange, User } from '../ports/directory.ts';
import type { DialogList } from './dialog-list.ts';
import { cachedDialogInfoWriter } from './dialog-info-cache.ts';
import {
  DialogSubscription,
  EXPIRY,
  refuseTooBrief,
  type DialogSubscriptionParts,
  type UserCaller,
} from './dialog-subscription.ts';
import { parkedCallEntry } from './parked-call-entry.ts';
import { ParkedCallList } from './parked-call-list.ts';
import { SharedEntries } from './shared-entries.ts';
import { Shedding } from './shedding.ts';
import { refusalOfEvent } from './subscribe-checks.ts';
import { UserCallList } from './user-call-list.ts';
import { readWatched, type WatchedFrom, type WatchedResource } from './watched-resource.ts';

type Changed = (urgency: 'now' | 'paced') => void;

/** Answers SUBSCRIBE to the `dialog` package and keeps every subscription told (WIRE.md §5). */
export class SubscriptionService {
  readonly #kit: CallKit;
  readonly #parks: ParkService;
  readonly #live = new Set<DialogSubscription>();
  readonly #ofUser = new Map<UserId, number>();
  readonly #shedding: Shedding;
  readonly #write = cachedDialogInfoWriter();
  readonly #entries: SharedEntries;
  /** Names of parked calls towards those who may not know the ParkId. */
  readonly #aliases = new WeakMap<ParkFacts, string>();

  constructor(kit: CallKit, parks: ParkService) {
    this.#kit = kit;
    this.#parks = parks;
    this.#entries = new SharedEntries(kit.clock);
    parks.groups.onForgotten((tenantId) => this.#rescope(tenantId));
    this.#shedding = new Shedding({
      clock: kit.clock,
      fraction: () => kit.random.fraction(),
      isOverloaded: () => kit.admission.overloaded,
      lamps: () => [...this.#live].filter(({ lamp }) => lamp),
    });
  }

  get size(): number {
    return this.#live.size;
  }

  /** Answers one SUBSCRIBE outside any dialog. */
  subscribe(tx: ServerTransaction, caller: Caller): void {
    const unusable = refusalOfEvent(tx.request);
    if (unusable !== undefined) {
      tx.reply(unusable.status, { headers: unusable.headers });
      return;
    }
    // A request that makes a dialog must say where it can be reached (RFC 3261 §8.1.1.8).
    if (tx.request.contact === undefined) return refuse(tx, { status: 400, text: 'No Contact' });
    if (caller.kind !== 'user') return refuse(tx, { status: 404, text: 'Nothing to watch there' });
    const grant = grantExpiry(tx.request, EXPIRY);
    if (grant.kind === 'too-brief') return refuseTooBrief(tx, grant.leastSeconds);
    const watched = readWatched(this.#watchedFrom, caller, tx.request.uri);
    if (watched.kind === 'refused') return refuse(tx, watched.refusal);
    const lamp = isLamp(watched, caller);
    if (grant.seconds > 0 && !this.#hasRoomFor(caller, lamp)) return refuse(tx, FULL);
    const makeList = (changed: Changed): DialogList =>
      watched.kind === 'user'
        ? this.#userList(tx.request, caller, watched.user, changed)
        : this.#parkedList(tx.request, caller, watched.target, changed);
    this.#begin(tx, caller, { seconds: grant.seconds, lamp, makeList });
  }

  /** Scope follows the directory at once (WIRE.md §10). */
  directoryChanged(change: DirectoryChange): void {
    this.#entries.forget();
    for (const subscription of [...this.#live]) {
      const { caller } = subscription;
      const removed = change.kind === 'user-removed' && change.user.id === caller.user.id;
      // Whoever still knows the new password subscribes anew.
      const signedOut =
        change.kind === 'user-changed' &&
        change.passwordChanged &&
        change.user.id === caller.user.id;
      if (removed) subscription.terminate('rejected');
      else if (signedOut) subscription.terminate('deactivated');
    }
    const tenantId = tenantOf(change);
    if (tenantId !== undefined) this.#rescope(tenantId, change.kind);
  }

  /** Asks of every subscription of a tenant whether it still may be, and whether it shows what it should. */
  #rescope(tenantId: TenantId, why?: DirectoryChange['kind']): void {
    const tenant = this.#kit.directory.tenant(tenantId);
    this.#entries.forget();
    for (const subscription of [...this.#live]) {
      const { caller, request } = subscription;
      if (caller.tenant.id !== tenantId) continue;
      const allowed =
        tenant !== undefined &&
        readWatched(this.#watchedFrom, { ...caller, tenant }, request.uri).kind !== 'refused';
      if (!allowed) subscription.terminate('rejected');
      else if (why === 'tenant' || why === 'ring-group-removed') subscription.changed();
      else subscription.rescope();
    }
  }

  get #watchedFrom(): WatchedFrom {
    return { directory: this.#kit.directory, groups: this.#parks.groups };
  }

  /** The server stops: every subscription ends, to be made anew elsewhere or later. */
  close(): void {
    this.#shedding.dispose();
    for (const subscription of [...this.#live]) subscription.terminate('deactivated');
  }

  #begin(
    tx: ServerTransaction,
    caller: UserCaller,
    wish: Pick<DialogSubscriptionParts, 'seconds' | 'lamp' | 'makeList'>,
  ): void {
    const { uri } = tx.request;
    const subscription: DialogSubscription = new DialogSubscription(tx, {
      kit: this.#kit,
      caller,
      ...wish,
      entity: formatUri(makeUri({ user: userOf(uri), host: uri.host })),
      write: this.#write,
      onEnd: (ended) => this.#ended(ended),
    });
    if (wish.seconds === 0) return;
    this.#live.add(subscription);
    if (wish.lamp) this.#shedding.watch();
    this.#count(caller, 1);
    this.#kit.metrics.subscriptionsNow(this.#live.size);
  }

  #hasRoomFor({ user }: UserCaller, lamp: boolean): boolean {
    if (lamp && this.#kit.admission.overloaded) return false;
    const ofUser = this.#ofUser.get(user.id) ?? 0;
    return this.#kit.admission.maySubscribe({ ofUser, all: this.#live.size });
  }

  #count({ user }: UserCaller, change: 1 | -1): void {
    const now = (this.#ofUser.get(user.id) ?? 0) + change;
    if (now > 0) this.#ofUser.set(user.id, now);
    else this.#ofUser.delete(user.id);
  }

  #ended(subscription: DialogSubscription): void {
    if (this.#live.delete(subscription)) this.#count(subscription.caller, -1);
    this.#kit.metrics.subscriptionsNow(this.#live.size);
  }

  #userList(request: SipRequest, caller: UserCaller, user: User, changed: Changed): DialogList {
    return new UserCallList({
      activity: this.#kit.activity,
      userId: user.id,
      withRemote: user.id === caller.user.id,
      host: request.uri.host,
      onChanged: () => changed('now'),
    });
  }

  #parkedList(
    request: SipRequest,
    caller: UserCaller,
    target: WatchTarget,
    changed: Changed,
  ): DialogList {
    const { directory } = this.#kit;
    const { groups } = this.#parks;
    const { host } = request.uri;
    const userAgent = request.headers.get('User-Agent');
    return new ParkedCallList({
      source: this.#parks,
      tenantId: caller.tenant.id,
      watcher: () => watcherOf(groups, directory.userById(caller.user.id) ?? caller.user),
      target,
      entryOf: (entry) => {
        const { settings } = directory.tenant(caller.tenant.id) ?? caller.tenant;
        const { dialogState } = deviceSettings(settings, userAgent);
        return this.#entries.entry(entry, { host, dialogState }, (now) =>
          parkedCallEntry(entry, {
            host,
            codes: settings.featureCodes,
            dialogState,
            now,
            alias: (call) => this.#aliasOf(call),
            groupName: ({ facts }) => groups.nameOf(facts),
            recallTarget: ({ facts }) => recallTargetOf(directory, facts),
            alertParker: settings.alertParker,
          }),
        );
      },
      onChanged: (urgency) => changed(urgency === 'at-once' ? 'now' : 'paced'),
    });
  }

  #aliasOf({ facts }: ParkedCall): string {
    const known = this.#aliases.get(facts);
    const alias = known ?? makeParkId(this.#kit.random.bytes(PARK_ID_BYTES));
    if (known === undefined) this.#aliases.set(facts, alias);
    return alias;
  }
}

/** Whose subscriptions a change may concern beyond those of the user it is about. */
function tenantOf(change: DirectoryChange): TenantId | undefined {
  switch (change.kind) {
    case 'tenant':
      return change.tenantId;
    case 'user-removed':
      return change.user.tenantId;
    case 'park-group-changed':
    case 'park-group-removed':
    case 'ring-group-removed':
      return change.group.tenantId;
    case 'user-added':
    case 'user-changed':
    case 'ring-group-changed':
      return undefined;
  }
}

/** It shows what somebody else does, and not what waits for the one who watches. */
function isLamp(watched: WatchedResource, { user }: UserCaller): boolean {
  if (watched.kind === 'user') return true;
  return (
    watched.kind === 'parked' &&
    watched.target.kind === 'slot' &&
    watched.target.slot !== user.extension
  );
}
