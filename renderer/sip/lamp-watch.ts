import type { UA } from 'jssip';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';
import { ParkSubscription } from './park-subscription.ts';
import type { SubscriptionEvent } from './phone-line.ts';

/** So many new subscriptions at once, then a pause: a long list of colleagues is no storm. */
const AT_ONCE = 8;
const PAUSE_MS = 200;

interface LampWatchDeps {
  readonly ua: UA;
  readonly clock: Clock;
  /** The address of what one would dial. */
  uriOf(digits: string): string;
  onEvent(digits: string, event: SubscriptionEvent): void;
}

/** The `dialog` subscriptions behind the lamps of colleagues: those that are looked at, and no others. */
export class LampWatch implements Disposable {
  readonly #deps: LampWatchDeps;
  readonly #watched = new Map<string, ParkSubscription>();
  #wanted: readonly string[] = [];
  #running = false;
  #pause: Disposable | null = null;

  constructor(deps: LampWatchDeps) {
    this.#deps = deps;
  }

  /** What is watched from now on; everything else is given up. */
  watch(digits: readonly string[]): void {
    this.#wanted = digits;
    const wanted = new Set(digits);
    for (const [each, subscription] of this.#watched) {
      if (wanted.has(each)) continue;
      this.#watched.delete(each);
      subscription.stop();
    }
    this.#subscribe();
  }

  /** The line is registered (again). */
  start(): void {
    this.#running = true;
    this.#forget();
    this.#subscribe();
  }

  /** The connection is gone: what was known is known no more. */
  lose(): void {
    this.#running = false;
    for (const subscription of this.#watched.values()) subscription.lose();
    this.#forget();
  }

  dispose(): void {
    this.#running = false;
    this.#forget();
  }

  #subscribe(): void {
    if (!this.#running || this.#pause !== null) return;
    const missing = this.#wanted.filter((digits) => !this.#watched.has(digits));
    for (const digits of missing.slice(0, AT_ONCE)) this.#add(digits);
    if (missing.length <= AT_ONCE) return;
    this.#pause = this.#deps.clock.after(PAUSE_MS, () => {
      this.#pause = null;
      this.#subscribe();
    });
  }

  #add(digits: string): void {
    const { ua, clock, uriOf, onEvent } = this.#deps;
    const subscription = new ParkSubscription({
      ua,
      clock,
      target: uriOf(digits),
      onEvent: (event) => {
        if (this.#watched.get(digits) === subscription) onEvent(digits, event);
      },
    });
    this.#watched.set(digits, subscription);
    subscription.start();
  }

  #forget(): void {
    this.#pause?.dispose();
    this.#pause = null;
    for (const subscription of this.#watched.values()) subscription.dispose();
    this.#watched.clear();
  }
}
