import type { Clock } from '../../../shared/domain/clock.ts';
import type { Disposable } from '../../../shared/domain/disposable.ts';
import { decideChime, type ChimeScene, type ChimeSettings } from '../../../shared/phone/alerts.ts';
import { PARK_CHIME } from '../../sip/audio/sounds.ts';
import type { TonePlayer } from '../../sip/audio/tone-player.ts';
import type { Call } from '../../../shared/phone/call.ts';
import type { Card } from '../../../shared/phone/park-card.ts';

interface ChimeDeps {
  readonly player: TonePlayer;
  readonly clock: Clock;
  settings(): ChimeSettings;
}

/** All accounts as the rule sees them. */
interface Waiting {
  calls(): readonly Call[];
  /** What waits and is my concern, without what is unknown and what an account does not want to hear of. */
  waiting(): readonly Card[];
  /** Anything of that changed, or a setting. */
  onChange(run: () => void): Disposable;
}

/** Sounds the park chime by the rule of `shared/phone/alerts`. */
export function watchChime(scene: Waiting, deps: ChimeDeps): Disposable {
  let last: ChimeScene['last'] = null;
  let timer: Disposable | null = null;
  const look = () => {
    timer?.dispose();
    timer = null;
    const now = deps.clock.now();
    const waiting = scene.waiting();
    const decision = decideChime(deps.settings(), {
      now,
      waiting,
      calls: scene.calls(),
      last,
    });
    if (waiting.length === 0) last = null;
    if (decision.kind === 'silent') return;
    if (decision.kind === 'later') {
      timer = deps.clock.after(decision.at - now, look);
      return;
    }
    deps.player.play(PARK_CHIME);
    last = { at: now, cards: new Set(waiting.map((card) => card.id)) };
    timer = deps.clock.after(0, look);
  };
  const changes = scene.onChange(look);
  return {
    dispose() {
      changes.dispose();
      timer?.dispose();
    },
  };
}
