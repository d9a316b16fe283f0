import type { SipRequest } from '../message/message.ts';
import { disposable, type Disposable } from '../transaction/disposable.ts';
import type { Dialog, DialogId } from './dialog.ts';
import { parseReplaces } from './replaces.ts';

export interface DialogEntry<Owner> {
  readonly dialog: Dialog;
  readonly owner: Owner;
}

/** What a Replaces header (RFC 3891 §3) points at. `status` is the answer to give. */
export type ReplacesResult<Owner> =
  | { readonly kind: 'none' }
  | { readonly kind: 'match'; readonly entry: DialogEntry<Owner>; readonly earlyOnly: boolean }
  | {
      readonly kind: 'refused';
      readonly status: 400 | 481 | 486 | 603;
      readonly reason: string;
    };

/** Every dialog we are in, by Call-ID and both tags, with whoever owns it (a leg, a subscription). */
export class DialogTable<Owner> {
  readonly #entries = new Map<string, DialogEntry<Owner>>();

  get size(): number {
    return this.#entries.size;
  }

  /** Adding a dialog whose id is taken replaces it. Dispose to remove; that leaves a successor of the same id alone. */
  add(dialog: Dialog, owner: Owner): Disposable {
    const key = keyOf(dialog.id);
    const entry = { dialog, owner };
    this.#entries.set(key, entry);
    return disposable(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
  }

  find(id: DialogId): DialogEntry<Owner> | undefined {
    return this.#entries.get(keyOf(id));
  }

  /** By Call-ID, To tag (ours) and From tag (theirs) of a request we received; undefined for one outside any dialog, too. */
  forRequest(request: SipRequest): DialogEntry<Owner> | undefined {
    const { callId, toTag, fromTag = '' } = request;
    return toTag === undefined
      ? undefined
      : this.find({ callId, localTag: toTag, remoteTag: fromTag });
  }

  /** Resolves the Replaces header of an INVITE; both tag orders match, as a B2BUA is on both sides. */
  forReplaces(request: SipRequest): ReplacesResult<Owner> {
    const [value, ...more] = request.headers.all('Replaces');
    if (value === undefined) return { kind: 'none' };
    if (more.length > 0 || request.method !== 'INVITE') {
      return { kind: 'refused', status: 400, reason: 'Bad Replaces' };
    }
    return this.forReplacesValue(value);
  }

  /** The same for a value. */
  forReplacesValue(value: string): ReplacesResult<Owner> {
    return this.#resolve(value, refuseEarlyOfUac);
  }

  /**
   * The same for a value inside a Refer-To (percent-decoded) that asks a B2BUA to join two calls of its own: nobody is sent the
   * Replaces, so that an early dialog of whoever called us counts too.
   */
  forTransfer(value: string): ReplacesResult<Owner> {
    return this.#resolve(value, () => undefined);
  }

  #resolve(value: string, early: EarlyRule): ReplacesResult<Owner> {
    const replaces = parseReplaces(value);
    if (replaces === undefined) return { kind: 'refused', status: 400, reason: 'Bad Replaces' };
    const { callId, toTag, fromTag, earlyOnly } = replaces;
    const entry =
      this.find({ callId, localTag: toTag, remoteTag: fromTag }) ??
      this.find({ callId, localTag: fromTag, remoteTag: toTag });
    return entry === undefined ? noSuchDialog : judge(entry, earlyOnly, early);
  }
}

const noSuchDialog = {
  kind: 'refused',
  status: 481,
  reason: 'Call/Transaction Does Not Exist',
} as const;

/** What keeps an early dialog from being replaced; undefined: nothing. */
type EarlyRule = (dialog: Dialog) => typeof noSuchDialog | undefined;

/** RFC 3891 §3: an early dialog may be replaced only at the side that called. */
const refuseEarlyOfUac: EarlyRule = ({ role }) => (role === 'uas' ? noSuchDialog : undefined);

function judge<Owner>(
  entry: DialogEntry<Owner>,
  earlyOnly: boolean,
  early: EarlyRule,
): ReplacesResult<Owner> {
  switch (entry.dialog.state.kind) {
    case 'terminated':
      return { kind: 'refused', status: 603, reason: 'Decline' };
    case 'early':
      return early(entry.dialog) ?? { kind: 'match', entry, earlyOnly };
    case 'confirmed':
      return earlyOnly
        ? { kind: 'refused', status: 486, reason: 'Busy Here' }
        : { kind: 'match', entry, earlyOnly };
  }
}

const keyOf = ({ callId, localTag, remoteTag }: DialogId): string =>
  `${callId}|${localTag}|${remoteTag}`;
