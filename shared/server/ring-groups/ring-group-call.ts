import { assertNever } from '../../domain/assert-never.ts';
import type { Extension } from '../../domain/ids.ts';
import type { RingGroup } from '../../domain/ring-group.ts';
import {
  decideRinging,
  enterRingGroup,
  type MemberState,
  type RingDecision,
  type RingProgress,
  type RingView,
} from '../../domain/ring-plan.ts';
import type { CallKit, Stoppable } from '../calls/call-kit.ts';
import type { Leg } from '../calls/leg.ts';
import type { Reason } from '../calls/reason-header.ts';
import type { CallWatcher } from '../calls/two-party-call.ts';
import type { Tenant, User } from '../ports/directory.ts';
import type { IdleTimes } from './idle-times.ts';
import { RingBatch } from './ring-batch.ts';
import { ownerBetweenCalls, type WaitingCaller } from './waiting-caller.ts';

export interface RingGroupCallParts {
  readonly kit: CallKit;
  readonly watcher: CallWatcher;
  readonly idle: IdleTimes;
  readonly tenant: Tenant;
  readonly caller: WaitingCaller;
  /** Nobody waits any more. */
  readonly onOver: () => void;
}

type RingingState =
  | { readonly kind: 'ringing'; readonly batch: RingBatch }
  /** Nobody answered; the caller is told so. */
  | { readonly kind: 'giving-up' }
  | { readonly kind: 'over' };

/** One call that a ring group has: rings who is to be rung, until somebody answers or there is nobody left. */
export class RingGroupCall implements Stoppable {
  readonly #parts: RingGroupCallParts;
  readonly #view: RingView;
  readonly #legName: string;
  #state: RingingState = { kind: 'giving-up' };

  constructor(parts: RingGroupCallParts, group: RingGroup) {
    this.#parts = parts;
    this.#view = this.#makeView();
    this.#legName = `ring-${parts.kit.random.token(40)}`;
    parts.kit.live.add(this);
    this.#decide(enterRingGroup(group));
  }

  /** The caller hung up. */
  callerGone(): void {
    this.#callOff({ cause: 487, text: 'Caller hung up' });
    this.#unanswered();
  }

  /** The server stops. */
  stop(reason: Reason): void {
    this.#callOff(reason);
    this.#parts.caller.end(reason);
    this.#unanswered();
  }

  #decide(progress: RingProgress): void {
    this.#act(decideRinging(progress, this.#view));
  }

  #act(decision: RingDecision): void {
    switch (decision.kind) {
      case 'ring':
        return this.#ring(decision, () => this.#decide(decision.next));
      case 'ring-extension': {
        const { extension, ringMs } = decision;
        const one = [extension];
        return this.#ring({ now: one, whenTheyCome: one, ringMs }, () => this.#giveUp());
      }
      case 'hang-up':
        return this.#giveUp();
      default:
        assertNever(decision);
    }
  }

  #ring(
    who: Pick<Extract<RingDecision, { kind: 'ring' }>, 'now' | 'whenTheyCome' | 'ringMs'>,
    then: () => void,
  ): void {
    const { kit, tenant, caller } = this.#parts;
    const batch = RingBatch.start(
      kit,
      {
        tenant,
        from: caller.identity,
        codecs: caller.codecs,
        now: this.#users(who.now),
        whenTheyCome: this.#users(who.whenTheyCome),
        ringMs: who.ringMs,
        legName: this.#legName,
        owner: ownerBetweenCalls(caller.codecs),
      },
      {
        ringing: () => caller.ringing(),
        answered: (leg) => this.#answered(leg),
        over: then,
      },
    );
    this.#state = { kind: 'ringing', batch };
  }

  #answered(leg: Leg): void {
    this.#end();
    this.#parts.caller.connect(leg, this.#parts.watcher);
  }

  #giveUp(): void {
    this.#state = { kind: 'giving-up' };
    this.#parts.caller.giveUp();
    this.#unanswered();
  }

  #callOff(reason: Reason): void {
    if (this.#state.kind === 'ringing') this.#state.batch.cancel(reason);
  }

  #unanswered(): void {
    if (this.#state.kind === 'over') return;
    this.#end();
    this.#parts.kit.metrics.callStarted();
    this.#parts.kit.metrics.callEnded('unanswered');
  }

  #end(): void {
    this.#state = { kind: 'over' };
    this.#parts.kit.live.delete(this);
    this.#parts.onOver();
  }

  #users(extensions: readonly Extension[]): readonly User[] {
    const { directory } = this.#parts.kit;
    return extensions.flatMap(
      (extension) => directory.user(this.#parts.tenant.id, extension) ?? [],
    );
  }

  #makeView(): RingView {
    const { kit, tenant, caller, idle } = this.#parts;
    const userOf = (extension: Extension): User | undefined =>
      kit.directory.user(tenant.id, extension);
    return {
      ringGroup: (id) => kit.directory.ringGroup(tenant.id, id),
      // Whoever calls their own ring group means the others.
      isUser: (extension) => {
        const user = userOf(extension);
        return user !== undefined && user.id !== caller.userId;
      },
      memberState: (member) => stateOf(kit, userOf(member)),
      idleSince: (member) => {
        const user = userOf(member);
        return user === undefined ? null : idle.since(user.id);
      },
    };
  }
}

function stateOf(kit: CallKit, user: User | undefined): MemberState {
  if (user === undefined || kit.registrar.reachableDevices(user.id).length === 0) return 'away';
  // Their phones stay silent: they are asked when nobody else could answer, no sooner.
  if (kit.doNotDisturb(user.id)) return 'busy';
  return kit.activity.of(user.id).length > 0 ? 'busy' : 'free';
}
