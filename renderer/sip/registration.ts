import type { UA } from 'jssip';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';
import { isTransient, registerProblem } from '../../shared/phone/sign-in-problem.ts';
import { finalStatusOf, headerOf } from './jssip-words.ts';
import type { LineState } from './phone-line.ts';

/** A REGISTER that the server could not take just now is sent again after these; a wrong password never is. */
const RETRY_MS = [2_000, 4_000, 8_000, 15_000, 30_000, 60_000] as const;

/** Follows JsSIP's connection and registration and says, in one union, where the line stands. */
export class Registration implements Disposable {
  readonly #ua: UA;
  readonly #clock: Clock;
  readonly #say: (state: LineState) => void;
  #connected = false;
  #everTried = false;
  #failures = 0;
  #retry: Disposable | null = null;
  #over = false;

  constructor(ua: UA, clock: Clock, say: (state: LineState) => void) {
    this.#ua = ua;
    this.#clock = clock;
    this.#say = (state) => {
      if (!this.#over) say(state);
    };
    ua.on('connecting', () => this.#onConnecting());
    ua.on('connected', () => this.#onConnected());
    ua.on('disconnected', () => this.#onDisconnected());
    ua.on('registered', (event: unknown) => this.#onRegistered(event));
    ua.on('registrationFailed', (event: unknown) => this.#onFailed(event));
  }

  dispose(): void {
    this.#over = true;
    this.#retry?.dispose();
  }

  #onConnecting(): void {
    // While it tries again after a loss, the screen keeps saying what is wrong.
    if (!this.#everTried) this.#say({ kind: 'connecting' });
    this.#everTried = true;
  }

  #onConnected(): void {
    this.#connected = true;
    this.#say({ kind: 'registering' });
  }

  #onDisconnected(): void {
    this.#connected = false;
    this.#retry?.dispose();
    this.#say({
      kind: 'offline',
      since: this.#clock.now(),
      problem: registerProblem({ kind: 'no-connection' }),
    });
  }

  #onRegistered(event: unknown): void {
    this.#failures = 0;
    const response =
      typeof event === 'object' && event !== null && 'response' in event ? event.response : null;
    this.#say({
      kind: 'registered',
      at: this.#clock.now(),
      apiBaseUrl: httpUrl(headerOf(response, 'X-Parkline-Api')),
    });
  }

  #onFailed(event: unknown): void {
    if (!this.#connected) return;
    const response =
      typeof event === 'object' && event !== null && 'response' in event ? event.response : null;
    const final = finalStatusOf(response);
    // JsSIP answers the challenge by itself: what it reports is the answer to our credentials.
    const problem = registerProblem(
      final === null
        ? { kind: 'timeout' }
        : { kind: 'response', status: final.status, withCredentials: true },
    );
    if (!isTransient(problem)) {
      this.#say({ kind: 'refused', problem });
      this.#ua.stop();
      return;
    }
    this.#say({ kind: 'offline', since: this.#clock.now(), problem });
    this.#retryLater(Number(headerOf(response, 'Retry-After') ?? '0') * 1000);
  }

  #retryLater(askedMs: number): void {
    const planned = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] ?? 60_000;
    this.#failures += 1;
    this.#retry?.dispose();
    this.#retry = this.#clock.after(Math.max(planned, Number.isFinite(askedMs) ? askedMs : 0), () =>
      this.#ua.register(),
    );
  }
}

function httpUrl(text: string | null): string | null {
  if (text === null) return null;
  try {
    const url = new URL(text.replace(/^<|>$/g, ''));
    return url.protocol === 'https:' || url.protocol === 'http:'
      ? url.href.replace(/\/$/, '')
      : null;
  } catch {
    return null;
  }
}
