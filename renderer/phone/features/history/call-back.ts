import type { HistoryEntry } from '../../../../shared/phone/history.ts';
import { dialForeign, type DiallingPhones } from '../../model/dial-foreign.ts';

/** Calls whoever that was. A caller's number is what their side said it was; what the user had dialled is dialled again. */
export function callBack(
  { number, dialled }: Pick<HistoryEntry, 'number' | 'dialled'>,
  phones: DiallingPhones,
): void {
  if (number === dialled) phones.phone.dial(number);
  else dialForeign(number, phones);
}
