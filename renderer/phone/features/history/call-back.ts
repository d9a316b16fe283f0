import { mayBeCode } from '../../../../shared/phone/foreign-number.ts';
import type { HistoryEntry } from '../../../../shared/phone/history.ts';
import type { Phone } from '../../model/phone.ts';

interface Phones {
  /** Whose call it was. */
  readonly phone: Phone;
  /** Whose dial field is on the screen. */
  readonly dialler: Phone;
}

/**
 * Calls whoever that was. A caller's number is what their side said it was: one that does more than call somebody goes into the
 * dial field, which says what it does, for with a name before it nobody would see that it is a code.
 */
export function callBack(
  { number, dialled }: Pick<HistoryEntry, 'number' | 'dialled'>,
  { phone, dialler }: Phones,
): void {
  if (number !== dialled && mayBeCode(number, phone.state.getState()))
    dialler.update({ toDial: number });
  else phone.dial(number);
}
