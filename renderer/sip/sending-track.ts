import type { RTCSession } from 'jssip/lib/RTCSession';
import type { Disposable } from '../../shared/domain/disposable.ts';
import type { Microphone } from './audio/microphone.ts';
import { audioSender } from './jssip-words.ts';

/** Carries the microphone's track to a session, whichever of the two is there first, and again whenever the device changes. */
export class SendingTrack implements Disposable {
  /** Silence to start the call with, so that nothing waits for the microphone. */
  readonly stream: MediaStream;
  readonly #use: Disposable;
  #track: MediaStreamTrack | null = null;
  /** Sent in the microphone's place: the mix of a conference. */
  #instead: MediaStreamTrack | null = null;
  #session: RTCSession | null = null;

  constructor(microphone: Microphone) {
    const use = microphone.use((track) => {
      this.#track = track;
      this.apply();
    });
    this.stream = use.stream;
    this.#use = use;
  }

  bind(session: RTCSession): void {
    this.#session = session;
    this.apply();
  }

  /** Sends this and not the microphone, until told `null`. */
  sendInstead(track: MediaStreamTrack | null): void {
    this.#instead = track;
    this.apply();
  }

  apply(): void {
    const [session, track] = [this.#session, this.#instead ?? this.#track];
    if (session === null || track === null) return;
    const sender = audioSender(session);
    if (sender === null || sender.track === track) return;
    const { local, remote } = session.isOnHold();
    track.enabled = !(local || remote || session.isMuted().audio === true);
    void sender.replaceTrack(track);
  }

  dispose(): void {
    this.#use.dispose();
  }
}
