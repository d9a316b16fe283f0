import type { Disposable } from '../../shared/domain/disposable.ts';
import { ConferenceMixer } from './audio/conference-mixer.ts';
import type { Microphone } from './audio/microphone.ts';
import type { JsSipCall } from './jssip-call.ts';

type State =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'mixing';
      readonly calls: readonly JsSipCall[];
      readonly mixer: ConferenceMixer;
      readonly microphone: Disposable;
    };

/** Which calls are mixed, and the microphone that all of them hear. */
export class Conference implements Disposable {
  readonly #microphone: Microphone;
  #state: State = { kind: 'none' };
  #mouth: 'open' | 'muted' = 'open';

  constructor(microphone: Microphone) {
    this.#microphone = microphone;
  }

  /** Mixes these calls and no others; fewer than two that can be heard: nothing is mixed. */
  mix(calls: readonly JsSipCall[]): void {
    const before = this.#state;
    const members = calls.flatMap((call) => {
      const { received } = call;
      const send = (track: MediaStreamTrack) => call.sendMix(track);
      return received === null ? [] : [{ received, send }];
    });
    this.#mouth = calls.some(({ microphone }) => microphone === 'muted') ? 'muted' : 'open';
    this.#state = members.length < 2 ? { kind: 'none' } : this.#begin(calls, members);
    if (before.kind !== 'mixing') return;
    const now = this.#state.kind === 'mixing' ? this.#state.calls : [];
    for (const call of before.calls) if (!now.includes(call)) call.sendMix(null);
    before.microphone.dispose();
    before.mixer.dispose();
  }

  /** Somebody's mute button: in the conference it is everybody's. */
  setMicrophone(callId: string, to: 'open' | 'muted'): void {
    if (this.#state.kind !== 'mixing' || this.#state.calls.every(({ id }) => id !== callId)) return;
    this.#mouth = to;
    this.#state.mixer.setMicrophone(to);
  }

  dispose(): void {
    this.mix([]);
  }

  #begin(
    calls: readonly JsSipCall[],
    members: ConstructorParameters<typeof ConferenceMixer>[0],
  ): State {
    const mixer = new ConferenceMixer(members, this.#mouth);
    const microphone = this.#microphone.use((track) => mixer.useMicrophone(track));
    return { kind: 'mixing', calls, mixer, microphone };
  }
}
