import { URI, type UA } from 'jssip';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';
import type { SignallingSocket } from './signalling-socket.ts';

const WATCH_EVERY_MS = 5_000;
/** This long without a word from the server, and it is asked for one. */
const SILENCE_MS = 20_000;
const ANSWER_WITHIN_MS = 4_000;
/** After waking up or a change of network a dead connection is the likely thing, and somebody waits: a new one costs little. */
const ANSWER_AT_ONCE_MS = 1_500;
/** A connection that was begun before the network was there may wait for many seconds: begun anew it need not. */
const CONNECTING_LONG_MS = 1_000;

interface OptionsSender {
  sendOptions(target: URI): unknown;
}

interface ReconnectingTransport {
  readonly transport: { connect(): void };
}

/**
 * Notices a connection that is dead without having been closed (sleep, another network, a pulled cable): after a silence it sends
 * OPTIONS, and with no answer drops the connection, which JsSIP then opens anew.
 */
export class LineLiveness implements Disposable {
  readonly #ua: UA;
  readonly #socket: SignallingSocket;
  readonly #clock: Clock;
  #timer: Disposable;
  #probe: Disposable | null = null;
  #recheck: Disposable | null = null;
  /** How soon the probe that is out must be answered. */
  #answerWithinMs = ANSWER_WITHIN_MS;

  constructor(ua: UA, socket: SignallingSocket, clock: Clock) {
    this.#ua = ua;
    this.#socket = socket;
    this.#clock = clock;
    this.#timer = clock.after(WATCH_EVERY_MS, () => this.#watch());
  }

  /** Test now: after waking up or a change of network. A lost connection is opened at once instead of at the next try. */
  check(): void {
    this.#recheck?.dispose();
    if (this.#socket.isConnected()) return this.#ask(ANSWER_AT_ONCE_MS);
    // What was just begun has a moment; a slow network is not hurried a second time.
    if (this.#socket.isConnecting() && this.#socket.connectingForMs < CONNECTING_LONG_MS)
      this.#recheck = this.#clock.after(CONNECTING_LONG_MS, () => this.#connectAnew());
    else this.#connectAnew();
  }

  dispose(): void {
    this.#timer.dispose();
    this.#probe?.dispose();
    this.#recheck?.dispose();
  }

  #connectAnew(): void {
    if (this.#socket.connectingForMs >= CONNECTING_LONG_MS) this.#socket.drop('connecting anew');
    if (!this.#socket.isConnected()) reconnectNow(this.#ua);
  }

  #watch(): void {
    if (this.#socket.isConnected() && this.#clock.now() - this.#socket.heardAt > SILENCE_MS)
      this.#ask(ANSWER_WITHIN_MS);
    this.#timer = this.#clock.after(WATCH_EVERY_MS, () => this.#watch());
  }

  #ask(withinMs: number): void {
    if (this.#probe !== null && withinMs >= this.#answerWithinMs) return;
    this.#probe?.dispose();
    this.#answerWithinMs = withinMs;
    const askedAt = this.#clock.now();
    const heardBefore = this.#socket.heardAt;
    this.#probe = this.#clock.after(withinMs, () => {
      this.#probe = null;
      if (!this.#socket.isConnected() || this.#socket.heardAt > Math.max(heardBefore, askedAt - 1))
        return;
      this.#socket.drop('no answer to OPTIONS');
      // JsSIP would wait a while before its first try.
      reconnectNow(this.#ua);
    });
    const ua: unknown = this.#ua;
    if (canSendOptions(ua)) ua.sendOptions(new URI('sip', '', new URL(this.#socket.url).hostname));
  }
}

function canSendOptions(ua: unknown): ua is OptionsSender {
  return (
    typeof ua === 'object' &&
    ua !== null &&
    'sendOptions' in ua &&
    typeof ua.sendOptions === 'function'
  );
}

function reconnectNow(ua: unknown): void {
  if (hasTransport(ua)) ua.transport.connect();
}

function hasTransport(ua: unknown): ua is ReconnectingTransport {
  if (typeof ua !== 'object' || ua === null || !('transport' in ua)) return false;
  const { transport } = ua;
  return (
    typeof transport === 'object' &&
    transport !== null &&
    'connect' in transport &&
    typeof transport.connect === 'function'
  );
}
