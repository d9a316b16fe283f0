import type { Clock } from '../../../shared/domain/clock.ts';
import type { Disposable } from '../../../shared/domain/disposable.ts';
import {
  alertingCards,
  decideChime,
  type ChimeScene,
  type ChimeSettings,
} from '../../../shared/phone/alerts.ts';
import { PARK_CHIME } from '../../sip/audio/sounds.ts';
import type { TonePlayer } from '../../sip/audio/tone-player.ts';
import type { Phone } from '../model/phone.ts';

interface ChimeDeps {
  readonly player: TonePlayer;
  readonly clock: Clock;
  settings(): ChimeSettings;
  doNotDisturb(): boolean;
  /** Settings changed: look again. */
  onChange(run: () => void): Disposable;
}

/** Sounds the park chime by the rule of `shared/phone/alerts`. */
export function watchChime(phone: Phone, deps: ChimeDeps): Disposable {
  let last: ChimeScene['last'] = null;
  let timer: Disposable | null = null;
  const look = () => {
    timer?.dispose();
    timer = null;
    const { board, calls } = phone.state.getState();
    const now = deps.clock.now();
    // What is unknown does not chime.
    const waiting = board.sync.kind === 'live' ? alertingCards(board.cards, board.me) : [];
    const decision = decideChime(deps.settings(), {
      now,
      waiting,
      calls: calls.calls,
      doNotDisturb: deps.doNotDisturb(),
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
  const unsubscribe = phone.state.subscribe(look);
  const changes = deps.onChange(look);
  return {
    dispose() {
      unsubscribe();
      changes.dispose();
      timer?.dispose();
    },
  };
}
