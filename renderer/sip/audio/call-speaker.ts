import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';

export interface SpeakerSettings {
  /** `null`: the system's default. */
  readonly deviceId: string | null;
  /** 0–1 */
  readonly volume: number;
}

/**
 * Plays what calls receive, each through an element of its own, all on the chosen speaker. The elements sit in the page, so that
 * a test can ask which sink they play to.
 */
export class CallSpeaker implements Disposable {
  readonly #elements = new Set<HTMLAudioElement>();
  readonly #onBlocked: () => void;
  #settings: SpeakerSettings;

  /** @param onBlocked the browser wants a press before it plays anything */
  constructor(settings: SpeakerSettings, onBlocked: () => void) {
    this.#settings = settings;
    this.#onBlocked = onBlocked;
  }

  play(stream: MediaStream, callId: string): Disposable {
    const element = document.createElement('audio');
    element.dataset['callId'] = callId;
    element.dataset['role'] = 'call';
    element.autoplay = true;
    element.srcObject = stream;
    document.body.append(element);
    this.#elements.add(element);
    void this.#apply(element).then(() => this.#start(element));
    return onDispose(() => {
      this.#elements.delete(element);
      element.srcObject = null;
      element.remove();
    });
  }

  /** What plays now, for a level meter. */
  get streams(): readonly MediaStream[] {
    return [...this.#elements].flatMap(({ srcObject }) =>
      srcObject instanceof MediaStream ? [srcObject] : [],
    );
  }

  async configure(settings: SpeakerSettings): Promise<void> {
    this.#settings = settings;
    await Promise.all([...this.#elements].map((element) => this.#apply(element)));
  }

  /** After a press of the user: what was blocked plays now. */
  unblock(): void {
    for (const element of this.#elements) this.#start(element);
  }

  dispose(): void {
    for (const element of this.#elements) element.remove();
    this.#elements.clear();
  }

  async #apply(element: HTMLAudioElement): Promise<void> {
    element.volume = this.#settings.volume;
    const sink = this.#settings.deviceId ?? '';
    if (!('setSinkId' in element) || element.sinkId === sink) return;
    // A speaker that is unplugged must not silence the call: the default goes on playing.
    await element.setSinkId(sink).catch(() => element.setSinkId('').catch(() => {}));
  }

  #start(element: HTMLAudioElement): void {
    element.play().catch((cause: unknown) => {
      if (cause instanceof DOMException && cause.name === 'NotAllowedError') this.#onBlocked();
    });
  }
}
