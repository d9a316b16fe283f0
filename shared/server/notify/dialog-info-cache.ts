import type { DialogEntry } from '../../sip/events/dialog-info.ts';
import { formatDialogInfo } from '../../sip/events/dialog-info-writer.ts';

/** Writes a full-state document. */
export type DialogInfoWriter = (
  entity: string,
  version: number,
  dialogs: readonly DialogEntry[],
) => string;

/** Most documents kept; each belongs to one resource in one state. */
const CAPACITY = 256;

/**
 * Serialises each document once, however many devices are shown it: they differ in their version alone, which is put in
 * afterwards. A change of any parked call makes other entries, and so another document.
 */
export function cachedDialogInfoWriter(): DialogInfoWriter {
  const documents = new Map<string, string>();
  return (entity, version, dialogs) => {
    const key = JSON.stringify([entity, dialogs], (_name, value: unknown) =>
      value instanceof Map ? [...value] : value,
    );
    let document = documents.get(key);
    if (document === undefined) {
      document = formatDialogInfo({ version: 0, state: 'full', entity, dialogs });
      if (documents.size >= CAPACITY) documents.clear();
      documents.set(key, document);
    }
    // The first ` version="0"` is the root's own: the XML declaration says 1.0, and texts come later.
    return document.replace(' version="0"', ` version="${version}"`);
  };
}
