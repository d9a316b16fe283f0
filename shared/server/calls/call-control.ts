import type { Clock } from '../../domain/clock.ts';
import { noForwarding } from '../../domain/call-forwarding.ts';
import { DisposableStore } from '../../domain/disposable.ts';
import type { ClaimPort, ParkLot } from '../../domain/park-lot.ts';
import type { ParkId, TenantId } from '../../domain/ids.ts';
import type { MediaEngine } from '../../media/engine.ts';
import { DialogTable } from '../../sip/dialog/dialog-table.ts';
import type { Endpoint } from '../../sip/transaction/endpoint.ts';
import type { SipClock } from '../../sip/transaction/ports.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import { Announcer } from '../announcements/announcer.ts';
import type { Logger } from '../log.ts';
import { SubscriptionService } from '../notify/subscription-service.ts';
import type { MusicSwitch } from '../park/park-deps.ts';
import { ParkService } from '../park/park-service.ts';
import { snoozeById } from '../park/snooze.ts';
import { unlimitedAdmission, type Admission } from '../ports/admission.ts';
import type { Authenticator } from '../ports/authenticator.ts';
import type { CallControl, ParkedCallView, SnoozeOutcome } from '../ports/call-control.ts';
import type { DirectoryChange, User, UserDirectory } from '../ports/directory.ts';
import type { Journal } from '../ports/journal.ts';
import type { ParkedCallStore } from '../ports/parked-call-store.ts';
import type { Registrar } from '../ports/registrar.ts';
import { RingGroups } from '../ring-groups/ring-groups.ts';
import { RecallRinger } from '../recall/recall-ringer.ts';
import {
  defaultCallTimes,
  type CallKit,
  type CallRandom,
  type CallTimes,
  type DialogOwner,
} from './call-kit.ts';
import type { CallMetrics } from './call-metrics.ts';
import { CallRegistry } from './call-registry.ts';
import { holdMusicOf } from './hold-music.ts';
import { InviteRouter } from './invite-router.ts';
import type { Leg } from './leg.ts';
import { OwnInvites } from './own-invites.ts';
import { RingingCalls } from './ringing-calls.ts';
import { RequestGate } from './request-gate.ts';
import { ReferService } from './refer-service.ts';
import type { CallWatcher, TwoPartyCall } from './two-party-call.ts';
import { UserActivity } from './user-activity.ts';

export interface CallControlDeps {
  readonly endpoint: Endpoint;
  readonly media: MediaEngine;
  readonly directory: UserDirectory;
  readonly registrar: Registrar;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly sipClock: SipClock;
  readonly random: CallRandom;
  readonly journal: Journal;
  readonly parkedCalls: ParkedCallStore;
  readonly log: Logger;
  readonly metrics: CallMetrics;
  /** Default: room for everything. */
  readonly admission?: Admission;
  /** Default: nobody is. */
  readonly doNotDisturb?: CallKit['doNotDisturb'];
  /** Default: nobody forwards anything. */
  readonly forwardingOf?: CallKit['forwardingOf'];
  /** Overrides of `defaultCallTimes`. */
  readonly times?: Partial<CallTimes>;
  /** Where claims are decided; default: this process. */
  readonly claims?: (lot: ParkLot) => ClaimPort;
  /** How a caller is put on music; default: the media engine. */
  readonly switchToMusic?: MusicSwitch;
}

/** How often a stopping server looks whether its last call has ended, in ms. */
const DRAIN_POLL_MS = 250;

/** Builds call control; it sends nothing and starts no timer before its first request. */
export function createCallControl(deps: CallControlDeps): CallControl {
  return new ServerCallControl(deps);
}

class ServerCallControl implements CallControl, CallWatcher {
  readonly #kit: CallKit;
  readonly #calls = new CallRegistry();
  readonly #parks: ParkService;
  readonly #ringGroups: RingGroups;
  readonly #announcer: Announcer;
  readonly #refers: ReferService;
  readonly #subscriptions: SubscriptionService;
  readonly #gate: RequestGate;
  readonly #disposables = new DisposableStore();
  #closing: Promise<void> | undefined;
  /** When a stopping server ends what is left, on the monotonic clock. */
  #graceUntilMs = Number.POSITIVE_INFINITY;

  constructor(deps: CallControlDeps) {
    const kit: CallKit = {
      ...deps,
      admission: deps.admission ?? unlimitedAdmission,
      doNotDisturb: deps.doNotDisturb ?? (() => false),
      forwardingOf: deps.forwardingOf ?? (() => noForwarding),
      times: { ...defaultCallTimes, ...deps.times },
      ownInvites: new OwnInvites(deps.random),
      dialogs: new DialogTable<DialogOwner>(),
      activity: new UserActivity(),
      live: new Set(),
    };
    this.#kit = kit;
    const announcer = new Announcer(kit);
    this.#announcer = announcer;
    this.#ringGroups = this.#disposables.add(new RingGroups({ kit, watcher: this, announcer }));
    this.#parks = makeParks(kit, deps, { watcher: this, announcer, ringGroups: this.#ringGroups });
    const common = {
      kit,
      parks: this.#parks,
      watcher: this,
      ringing: new RingingCalls(),
      ringGroups: this.#ringGroups,
    };
    this.#refers = new ReferService(common);
    this.#subscriptions = new SubscriptionService(kit, this.#parks);
    const router = new InviteRouter({ ...common, calls: this.#calls, announcer });
    this.#gate = new RequestGate(kit, deps.authenticator, {
      invite: (tx, caller) => router.route(tx, caller),
      subscribe: (tx, caller) => this.#subscriptions.subscribe(tx, caller),
    });
    this.#disposables.add(deps.directory.onChanged((change) => this.#directoryChanged(change)));
  }

  get activeCalls(): number {
    return this.#calls.size + this.#parks.size + this.#ringGroups.size;
  }

  get dialogs(): number {
    return this.#kit.dialogs.size;
  }

  handleRequest(tx: ServerTransaction): void {
    this.#gate.handle(tx);
  }

  parkedCalls(tenantId: TenantId): readonly ParkedCallView[] {
    return this.#parks.views(tenantId);
  }

  snooze(user: User, parkId: ParkId): SnoozeOutcome {
    return snoozeById(this.#parks, user, parkId);
  }

  callBegan(call: TwoPartyCall): void {
    this.#calls.add(call);
    this.#kit.metrics.callStarted();
  }

  callEnded(call: TwoPartyCall): void {
    if (this.#calls.delete(call)) this.#kit.metrics.callEnded('answered');
  }

  referred(call: TwoPartyCall, leg: Leg, tx: ServerTransaction): void {
    this.#refers.refer(call, leg, tx);
  }

  close({ graceMs }: { readonly graceMs: number }): Promise<void> {
    // Who asks again may be in more of a hurry, never in less.
    this.#graceUntilMs = Math.min(this.#graceUntilMs, this.#kit.sipClock.now() + graceMs);
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  async #drain(): Promise<void> {
    const { clock } = this.#kit;
    this.#parks.drain();
    while (this.activeCalls > 0 && this.#kit.sipClock.now() < this.#graceUntilMs) {
      await new Promise<void>((resolve) => void clock.after(DRAIN_POLL_MS, resolve));
    }
    const reason = { cause: 503, text: 'The server is stopping' } as const;
    this.#parks.stop();
    for (const call of this.#calls.of()) call.hangUp(reason);
    for (const each of [...this.#kit.live]) each.stop(reason);
    this.#announcer.stop();
    this.#subscriptions.close();
    this.#disposables.dispose();
  }

  #directoryChanged(change: DirectoryChange): void {
    this.#parks.groups.learn(change);
    this.#subscriptions.directoryChanged(change);
    this.#ringGroups.directoryChanged(change);
    if (change.kind === 'user-removed') this.#parks.ownerRemoved(change.user);
  }
}

function makeParks(
  kit: CallKit,
  deps: CallControlDeps,
  { watcher, announcer, ringGroups }: ParksAround,
): ParkService {
  // The ringer reports only after `ring` has returned, and nothing rings before the service exists.
  const ringer = new RecallRinger(kit, (parkId, input) => parks.input(parkId, input));
  const parks: ParkService = new ParkService(
    {
      kit,
      journal: deps.journal,
      store: deps.parkedCalls,
      watcher,
      announcer,
      switchToMusic: deps.switchToMusic ?? musicSwitchOf(kit),
      forward: (caller, { tenantId, ringGroupId }) => {
        const tenant = kit.directory.tenant(tenantId);
        const group = kit.directory.ringGroup(tenantId, ringGroupId);
        // The step that decided this looked both up in the same turn.
        if (tenant === undefined || group === undefined) throw new Error('no such ring group');
        ringGroups.takeOver(caller, tenant, group);
      },
      ...(deps.claims === undefined ? {} : { claims: deps.claims }),
    },
    ringer,
  );
  return parks;
}

/** What parked calls have to do with besides their own. */
interface ParksAround {
  readonly watcher: CallWatcher;
  readonly announcer: Announcer;
  readonly ringGroups: RingGroups;
}

/** Switches the source of a leg in the media engine of this process. */
function musicSwitchOf(kit: CallKit): MusicSwitch {
  return async (leg) => {
    if (leg.ended) return false;
    try {
      kit.media.play(leg.media, holdMusicOf(leg.party.tenantId));
      return true;
    } catch (error) {
      kit.log.error({ leg: leg.id, error }, 'music failed');
      return false;
    }
  };
}
