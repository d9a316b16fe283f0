import type { Clock } from '../../../shared/domain/clock.ts';
import type { PhoneLine } from '../../sip/phone-line.ts';
import type { CallFloor } from './call-floor.ts';

/** What a phone is built on. */
export interface PhoneDeps {
  readonly line: PhoneLine;
  readonly clock: Clock;
  /** Where its calls are, beside those of other accounts. */
  readonly floor: CallFloor;
  /** A fresh id for an outgoing call. */
  newId(): string;
  askBeforeHold(): boolean;
  /** Whether a call that asks for it is answered by itself. */
  autoAnswer(): boolean;
}
