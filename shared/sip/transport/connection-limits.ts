/** What a connection-oriented listener allows. */
export interface ConnectionLimits {
  /** Connections at once. Default 10,000. */
  readonly connections: number;
  /** Connections at once from one address. Default 500: an office may sit behind one address. */
  readonly connectionsPerAddress: number;
  /** Bytes that may wait for a peer that does not read; beyond it the connection is closed. Default 1 MiB. */
  readonly bufferedBytes: number;
  /** Messages a second that one connection may keep up, with bursts of twice as many; beyond it the connection is closed. Default 500. */
  readonly messagesPerSecond: number;
  /** A connection that sends nothing for so long after it opened is closed. Default 30,000 ms. */
  readonly firstMessageMs: number;
  /** Streams: a message that began must be whole so soon, or its connection is closed (one byte a minute is no phone). Default 30,000 ms. */
  readonly partialMessageMs: number;
  /** Streams: bytes that wait so long for a peer without all being taken close its connection. Default 30,000 ms. */
  readonly stalledMs: number;
  /** Streams: a connection on which neither side said anything for so long is closed; registrations are shorter. Default 2 h. */
  readonly idleMs: number;
}

export const defaultConnectionLimits: ConnectionLimits = {
  connections: 10_000,
  connectionsPerAddress: 500,
  bufferedBytes: 1_048_576,
  messagesPerSecond: 500,
  firstMessageMs: 30_000,
  partialMessageMs: 30_000,
  stalledMs: 30_000,
  idleMs: 7_200_000,
};

/** A token bucket: `take` says whether one more message fits. */
export class MessageBudget {
  readonly #perSecond: number;
  #left: number;
  #filledAt: number;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond * 2;
    this.#filledAt = nowMs;
  }

  take(nowMs: number): boolean {
    const gained = ((nowMs - this.#filledAt) / 1_000) * this.#perSecond;
    this.#left = Math.min(this.#perSecond * 2, this.#left + gained);
    this.#filledAt = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/** How many connections there are, in all and by address. */
export class ConnectionCount {
  readonly #limits: ConnectionLimits;
  readonly #byAddress = new Map<string, number>();
  #all = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get all(): number {
    return this.#all;
  }

  hasRoomFor(address: string): boolean {
    return (
      this.#all < this.#limits.connections &&
      (this.#byAddress.get(address) ?? 0) < this.#limits.connectionsPerAddress
    );
  }

  add(address: string): void {
    this.#all += 1;
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
  }

  remove(address: string): void {
    this.#all -= 1;
    const left = (this.#byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }
}
