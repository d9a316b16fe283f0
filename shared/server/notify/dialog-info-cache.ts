import type { DialogEntry } from '../../sip/events/dialog-info.ts';
import { formatDialogInfo } from '../../sip/events/dialog-info-writer.ts';
import { encodeUtf8 } from '../../sip/message/utf8.ts';

/** Writes a full-state document, in UTF-8. */
export type DialogInfoWriter = (
  entity: string,
  version: number,
  dialogs: readonly DialogEntry[],
) => Uint8Array;

/** A document around the place of its version. */
interface WrittenDocument {
  readonly dialogs: readonly DialogEntry[];
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** Most documents kept; each is the newest of one resource. */
const CAPACITY = 256;

/**
 * Serialises each document once, however many devices are shown it: they differ in their version alone, which is put in
 * afterwards. Lists are the same when they consist of the very same entries (`SharedEntries`): comparing what they say
 * would cost as much as writing it.
 */
export function cachedDialogInfoWriter(): DialogInfoWriter {
  const newest = new Map<string, WrittenDocument>();
  return (entity, version, dialogs) => {
    let document = newest.get(entity);
    if (document === undefined || !isSame(document.dialogs, dialogs)) {
      document = writtenDocument(entity, dialogs);
      if (newest.size >= CAPACITY) newest.clear();
      newest.set(entity, document);
    }
    return withVersion(document, version);
  };
}

const isSame = (a: readonly DialogEntry[], b: readonly DialogEntry[]): boolean =>
  a.length === b.length && a.every((entry, index) => entry === b[index]);

function writtenDocument(entity: string, dialogs: readonly DialogEntry[]): WrittenDocument {
  const text = formatDialogInfo({ version: 0, state: 'full', entity, dialogs });
  // The first ` version="0"` is the root's own: the XML declaration says 1.0, and texts come later.
  const at = text.indexOf(' version="0"') + ' version="'.length;
  return { dialogs, head: encodeUtf8(text.slice(0, at)), tail: encodeUtf8(text.slice(at + 1)) };
}

function withVersion({ head, tail }: WrittenDocument, version: number): Uint8Array {
  const digits = encodeUtf8(String(version));
  const bytes = new Uint8Array(head.length + digits.length + tail.length);
  bytes.set(head);
  bytes.set(digits, head.length);
  bytes.set(tail, head.length + digits.length);
  return bytes;
}
