import type { Clock } from '../../shared/domain/clock.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';

/** So long a path that has fallen silent may come back by itself, ms: the server gives a call up after 15 s (WIRE §10). */
const MAY_COME_BACK_MS = 1_000;

interface CallPathDeps {
  readonly clock: Clock;
  /** Whether the server can be reached to agree on another path. */
  online(): boolean;
  /** Agrees on another path. @returns whether the far side did */
  renew(): Promise<boolean>;
}

/** What of a peer connection says how its path is. */
type PathOf = Pick<
  RTCPeerConnection,
  'iceConnectionState' | 'addEventListener' | 'removeEventListener'
>;

/** The way that a call's sound takes: one that is lost, because the network changed under it, is replaced by another. */
export class CallPath implements Disposable {
  readonly #deps: CallPathDeps;
  readonly #connection: PathOf;
  readonly #onChange = () => this.#changed();
  #wasThere = false;
  #waiting: Disposable | null = null;
  #renewing = false;

  constructor(connection: PathOf, deps: CallPathDeps) {
    this.#connection = connection;
    this.#deps = deps;
    connection.addEventListener('iceconnectionstatechange', this.#onChange);
    this.#changed();
  }

  /** Whether there ever was one. */
  get wasThere(): boolean {
    return this.#wasThere;
  }

  /** The line is back. */
  look(): void {
    this.#waiting?.dispose();
    this.#waiting = null;
    if (this.#isLost() && !this.#renewing && this.#deps.online()) void this.#renew();
  }

  dispose(): void {
    this.#connection.removeEventListener('iceconnectionstatechange', this.#onChange);
    this.#waiting?.dispose();
  }

  #changed(): void {
    const { iceConnectionState: state } = this.#connection;
    if (state === 'connected' || state === 'completed') this.#wasThere = true;
    this.#waiting?.dispose();
    this.#waiting = this.#isLost()
      ? this.#deps.clock.after(MAY_COME_BACK_MS, () => this.look())
      : null;
  }

  #isLost(): boolean {
    return this.#wasThere && this.#connection.iceConnectionState === 'disconnected';
  }

  async #renew(): Promise<void> {
    this.#renewing = true;
    await this.#deps.renew();
    this.#renewing = false;
  }
}
