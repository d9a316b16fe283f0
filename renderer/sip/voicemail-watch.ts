import type { UA } from 'jssip';
import type { Clock } from '../../shared/domain/clock.ts';
import { assertNever } from '../../shared/domain/assert-never.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';
import { readMessageSummary, type MessageSummary } from '../../shared/phone/voicemail.ts';
import { ParkSubscription } from './park-subscription.ts';
import type { SubscriptionEvent } from './phone-line.ts';

interface VoicemailWatchDeps {
  readonly ua: UA;
  readonly clock: Clock;
  /** One's own address: the box is watched by its owner's. */
  readonly target: string;
  /** What to dial where the PBX does not say; `null`: only the lamp can be shown. */
  readonly dial: string | null;
  say(summary: MessageSummary | null): void;
}

/** The `message-summary` subscription behind the voicemail lamp (RFC 3842). */
export class VoicemailWatch implements Disposable {
  readonly #deps: VoicemailWatchDeps;
  readonly #subscription: ParkSubscription;

  constructor(deps: VoicemailWatchDeps) {
    this.#deps = deps;
    this.#subscription = new ParkSubscription({
      ua: deps.ua,
      clock: deps.clock,
      target: deps.target,
      event: { name: 'message-summary', accept: 'application/simple-message-summary' },
      onEvent: (event) => this.#onEvent(event),
    });
  }

  /** The line is registered (again). */
  start(): void {
    this.#subscription.start();
  }

  /** The connection is gone: what the box holds is not known any more. */
  lose(): void {
    this.#subscription.lose();
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #onEvent(event: SubscriptionEvent): void {
    switch (event.kind) {
      case 'document': {
        const summary = readMessageSummary(event.body);
        if (summary === null) return;
        return this.#deps.say({ ...summary, account: summary.account ?? this.#deps.dial });
      }
      case 'lost':
      case 'unsupported':
        return this.#deps.say(null);
      case 'subscribed':
        return;
      default:
        return assertNever(event);
    }
  }
}
