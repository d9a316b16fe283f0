/** Whether there is room for one more; asked before anything of it is kept. A refusal is counted and written down. */
export interface Admission {
  /** @param calls how many there are now, parked ones included */
  mayBeginCall(calls: number): boolean;
  /** @param counts live subscriptions of that user, and of everybody */
  maySubscribe(counts: { readonly ofUser: number; readonly all: number }): boolean;
  /** More is to be done than can be: what can wait gives way. To be asked about once a second. */
  readonly overloaded: boolean;
}

/** Room for everything. */
export const unlimitedAdmission: Admission = {
  mayBeginCall: () => true,
  maySubscribe: () => true,
  overloaded: false,
};
