import { mayBeCode } from '../../../shared/phone/foreign-number.ts';
import type { Phone } from './phone.ts';

export interface DiallingPhones {
  /** Which phone calls. */
  readonly phone: Phone;
  /** Whose dial field is on the screen. */
  readonly dialler: Phone;
}

/**
 * Calls a number that somebody else wrote: a caller, or whose file of contacts was read in. One that does more than call somebody
 * goes into the dial field, which says what it does, for with a name before it nobody would see that it is a code.
 */
export function dialForeign(number: string, { phone, dialler }: DiallingPhones): void {
  if (mayBeCode(number, phone.state.getState())) dialler.update({ toDial: number });
  else phone.dial(number);
}
