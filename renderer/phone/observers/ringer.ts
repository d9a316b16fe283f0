import type { Disposable } from '../../../shared/domain/disposable.ts';
import { isTalking, type Call } from '../../../shared/phone/call.ts';
import {
  CALL_WAITING,
  keyTone,
  RECALL_RING,
  AUTO_ANSWERED,
  RINGBACK,
  BUSY,
  type Sound,
} from '../../sip/audio/sounds.ts';
import type { TonePlayer } from '../../sip/audio/tone-player.ts';
import type { PhoneEvent } from '../model/phone-event.ts';

/** The calls of all accounts, and what happens in them. */
interface RingerScene {
  calls(): readonly Call[];
  /** They changed, or whom nobody is to disturb. */
  onChange(run: () => void): Disposable;
  onEvent(run: (event: PhoneEvent) => void): Disposable;
}

interface RingerDeps {
  /** The device that rings. */
  readonly ringer: TonePlayer;
  /** The speaker of calls: ringback, busy, key tones. */
  readonly ear: TonePlayer;
  /** For ordinary calls; a recall has a tune of its own. */
  ringtone(): Sound;
  doNotDisturb(account: string): boolean;
  keyTones(): boolean;
}

type Wanted = { readonly player: 'ringer' | 'ear'; readonly sound: Sound } | null;

/** Rings while a call comes in, quietly when I talk already; lets me hear that the other side rings or is busy. */
export function watchRinging(scene: RingerScene, deps: RingerDeps): Disposable {
  let playing: { readonly wanted: NonNullable<Wanted>; readonly stop: Disposable } | null = null;
  const update = () => {
    const wanted = wantedSound(scene.calls(), deps);
    if (wanted?.sound === playing?.wanted.sound) return;
    playing?.stop.dispose();
    playing = wanted === null ? null : { wanted, stop: deps[wanted.player].play(wanted.sound) };
  };
  const changes = scene.onChange(update);
  const events = scene.onEvent((event) => {
    if (event.kind === 'digit' && deps.keyTones()) playOnce(deps.ear, keyTone(event.digit));
    if (event.kind === 'auto-answered') deps.ear.play(AUTO_ANSWERED);
    if (event.kind === 'call-ended' && soundsBusy(event.call)) playOnce(deps.ear, BUSY);
  });
  return {
    dispose() {
      changes.dispose();
      events.dispose();
      playing?.stop.dispose();
    },
  };
}

function wantedSound(calls: readonly Call[], deps: RingerDeps): Wanted {
  const ringing = calls.filter((call) => call.state.kind === 'incoming');
  const talking = calls.some(({ state }) => isTalking(state));
  const inACall = talking || calls.some(({ state }) => state.kind === 'held');
  // A recall is my own caller coming back: do-not-disturb does not apply to it (WIRE §9).
  const incoming = ringing.find((call) => call.recall !== null || !deps.doNotDisturb(call.account));
  if (incoming !== undefined) {
    if (inACall) return { player: 'ear', sound: CALL_WAITING };
    return { player: 'ringer', sound: incoming.recall === null ? deps.ringtone() : RECALL_RING };
  }
  // Whoever went back to somebody meanwhile wants to hear them.
  return !talking && calls.some(({ state }) => state.kind === 'ringing')
    ? { player: 'ear', sound: RINGBACK }
    : null;
}

function soundsBusy(call: Call): boolean {
  return (
    call.state.kind === 'ended' && call.state.why.kind === 'failed' && call.direction === 'outgoing'
  );
}

function playOnce(player: TonePlayer, sound: Sound | null): void {
  if (sound !== null && !player.sounding) player.play(sound);
}
