import type { Clock } from '../../../shared/domain/clock.ts';
import type { PhoneLine } from '../../sip/phone-line.ts';

/** What a phone is built on. */
export interface PhoneDeps {
  readonly line: PhoneLine;
  readonly clock: Clock;
  /** A fresh id for an outgoing call. */
  newId(): string;
  askBeforeHold(): boolean;
  /** Whether a call that asks for it is answered by itself. */
  autoAnswer(): boolean;
}
