import type { StoreApi } from 'zustand/vanilla';
import type { CallInput } from '../../../shared/phone/call-input.ts';
import type { NameBook } from '../../../shared/phone/names.ts';
import type { BoardInput } from '../../../shared/phone/park-board.ts';
import type { Emitter } from '../../sip/emitter.ts';
import type { NoticeContent } from './notice.ts';
import type { PhoneDeps } from './phone-deps.ts';
import type { PhoneEvent } from './phone-event.ts';
import type { PhoneState } from './phone-state.ts';

/** What the parts of one phone share: calls and parked calls work on one state and tell each other through this. */
export interface PhoneCore {
  readonly state: StoreApi<PhoneState>;
  readonly deps: PhoneDeps;
  readonly events: Emitter<PhoneEvent>;
  /** Names that this phone knows; calls and parked calls carry them from their first moment. */
  readonly names: () => NameBook;
  readonly call: (input: CallInput) => void;
  readonly board: (input: BoardInput) => void;
  readonly notify: (what: NoticeContent) => void;
  /** The user need not be told of a parked call any more that is gone. */
  readonly parkedCallGone: (parkId: string) => void;
}
