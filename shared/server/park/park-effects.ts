import { assertNever } from '../../domain/assert-never.ts';
import type { EpochMs, ParkId } from '../../domain/ids.ts';
import type { ParkInput } from '../../domain/park-input.ts';
import type { ParkEffect } from '../../domain/park-effect.ts';
import type { ParkedCall } from '../../domain/park-state.ts';
import type { RecallRinger } from '../recall/recall-ringer.ts';
import type { Leg } from '../calls/leg.ts';
import { runGuarded } from '../calls/run-guarded.ts';
import { TwoPartyCall } from '../calls/two-party-call.ts';
import type { ParkChange, ParkServiceDeps } from './park-deps.ts';
import { journalStep, subjectOf } from './parked-record.ts';
import type { ParkedSession } from './parked-session.ts';

/** What effects need of the park service. */
export interface EffectHost {
  readonly deps: ParkServiceDeps;
  input(parkId: ParkId, input: ParkInput): void;
  publish(change: ParkChange): void;
}

/** Where an effect is performed: `call` is as it is after the step. */
export interface EffectScene {
  readonly service: EffectHost;
  readonly ringer: RecallRinger;
  readonly session: ParkedSession;
  readonly call: ParkedCall;
}

/** Does what a step of the parked call's life decided. */
export function performEffect(scene: EffectScene, effect: ParkEffect): void {
  const { session, call, ringer } = scene;
  const { parkId } = call.facts;
  switch (effect.kind) {
    case 'start-music':
      return runGuarded(scene.service.deps.kit.log, 'music', () => startMusic(scene));
    case 'report-park':
      return reportPark(scene, effect.outcome);
    case 'reconnect-pair':
      return session.reconnect();
    case 'end-parker':
      return session.takeOver('caller-gone');
    case 'connect-retriever':
      return connect(scene, session.claims.get(effect.claim)?.leg);
    case 'end-retriever':
      return session.claims.get(effect.claim)?.callOff(effect.reason);
    case 'ring-recall':
      return ringer.ring({
        call,
        caller: session.caller,
        attempt: effect.attempt,
        until: effect.until,
      });
    case 'cancel-recall':
      return ringer.cancel(parkId, effect.reason);
    case 'drop-recall-answer':
      return ringer.drop(effect.leg);
    case 'connect-recall':
      return connect(scene, ringer.take(effect.leg));
    case 'forward-caller':
      return scene.service.deps.forward(session.caller, {
        tenantId: call.facts.tenantId,
        ringGroupId: effect.ringGroupId,
      });
    case 'release-caller':
      return session.caller.hangUp({ cause: 503, text: 'The server is stopping' });
    case 'schedule-deadline':
      return schedule(scene, effect.at);
    case 'clear-deadline':
      return session.deadline?.dispose();
    case 'publish':
      return scene.service.publish({ call, urgency: effect.urgency });
    case 'journal':
      return writeJournal(scene, effect.entry);
    default:
      assertNever(effect);
  }
}

async function startMusic({ service, session, call }: EffectScene): Promise<void> {
  const { parkId } = call.facts;
  const started = await service.deps.switchToMusic(session.caller);
  service.input(parkId, { kind: started ? 'music-started' : 'music-failed' });
}

/** From the report on the two legs are independent, unless the pair was reconnected. */
function reportPark(
  { session, call }: EffectScene,
  outcome: Parameters<ParkedSession['takeOver']>[0],
): void {
  const stands = call.state.kind !== 'failed';
  session.reporter.report(outcome, call);
  if (stands) session.takeOver(outcome);
}

function connect({ service, session, call }: EffectScene, partner: Leg | undefined): void {
  const { kit, watcher } = service.deps;
  if (partner === undefined || partner.ended) {
    kit.log.error({ parkId: call.facts.parkId }, 'nobody to connect a parked caller to');
    return;
  }
  new TwoPartyCall(kit, [partner, session.caller], watcher);
}

function schedule({ service, session, call }: EffectScene, at: EpochMs): void {
  const { clock } = service.deps.kit;
  session.deadline?.dispose();
  session.deadline = clock.after(at - clock.now(), () =>
    service.input(call.facts.parkId, { kind: 'deadline', deadline: at }),
  );
}

function writeJournal(
  { service, session, call }: EffectScene,
  entry: Extract<ParkEffect, { kind: 'journal' }>['entry'],
): void {
  const { journal, kit } = service.deps;
  const step = journalStep(entry, call, kit.directory);
  if (step === undefined) return;
  const at = kit.clock.now();
  journal.append({ ...subjectOf(call, session.caller.identity), at, step });
  const { parkId, slot } = call.facts;
  kit.log.info({ parkId, slot, step: step.kind }, 'parked call');
}
