import type { Disposable } from '../../../shared/domain/disposable.ts';

/** What one party of a conference sends, and what it is sent. */
export interface MixMember {
  readonly received: MediaStreamTrack;
  send(track: MediaStreamTrack): void;
}

/** Long enough not to click, short enough not to be heard. */
const FADE_S = 0.01;

/**
 * Mixes a conference on this machine: each party is sent the microphone and everybody but themselves. What the parties send
 * plays through the ordinary speaker as before, so that the user hears all of them.
 */
export class ConferenceMixer implements Disposable {
  readonly #context = new AudioContext({ latencyHint: 'interactive' });
  readonly #mouth: GainNode;
  #microphone: MediaStreamAudioSourceNode | null = null;

  constructor(members: readonly MixMember[], microphone: 'open' | 'muted') {
    this.#mouth = this.#context.createGain();
    this.#mouth.gain.value = microphone === 'open' ? 1 : 0;
    void this.#context.resume();
    const voices = members.map(({ received }) => this.#source(received));
    members.forEach((member, index) => {
      const out = this.#context.createMediaStreamDestination();
      out.channelCount = 1;
      this.#mouth.connect(out);
      voices.forEach((voice, of) => {
        if (of !== index) voice.connect(out);
      });
      const [track] = out.stream.getAudioTracks();
      if (track !== undefined) member.send(track);
    });
  }

  /** The microphone opened, or is another one now. */
  useMicrophone(track: MediaStreamTrack): void {
    this.#microphone?.disconnect();
    this.#microphone = this.#source(track);
    this.#microphone.connect(this.#mouth);
  }

  setMicrophone(to: 'open' | 'muted'): void {
    this.#mouth.gain.setTargetAtTime(to === 'open' ? 1 : 0, this.#context.currentTime, FADE_S);
  }

  dispose(): void {
    void this.#context.close();
  }

  #source(track: MediaStreamTrack): MediaStreamAudioSourceNode {
    return this.#context.createMediaStreamSource(new MediaStream([track]));
  }
}
