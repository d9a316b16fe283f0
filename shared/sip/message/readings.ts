import type { CSeq } from './cseq.ts';
import type { ContactList, NameAddr } from './name-addr.ts';
import type { Via } from './via.ts';

/** Longest list that is read in one message, over all header fields of a name. */
export const MAX_LIST = 128;

export const NOTHING: readonly never[] = [];
export const NO_CONTACTS: ContactList = { kind: 'list', contacts: NOTHING };

/** The typed values of header fields, as far as they were read. */
export class Readings {
  vias: readonly Via[] | undefined = undefined;
  from: NameAddr | undefined = undefined;
  to: NameAddr | undefined = undefined;
  callId: string | undefined = undefined;
  cseq: CSeq | undefined = undefined;
  contacts: ContactList | undefined = undefined;
  routes: readonly NameAddr[] | undefined = undefined;
  recordRoutes: readonly NameAddr[] | undefined = undefined;
}
