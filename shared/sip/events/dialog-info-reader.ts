import { SaxesParser } from 'saxes';
import type { SaxesTagNS } from 'saxes';
import type { DialogEntry, DialogInfo } from './dialog-info.ts';
import { DIALOG_INFO_NAMESPACE, PARKED_CALL_NAMESPACE } from './dialog-info.ts';
import { DialogBuilder } from './dialog-builder.ts';
import { attributeOf, wholeNumber } from './xml-attributes.ts';

/** Why a body could not be read; a receiver then drops its table and subscribes anew. */
export type UnreadableReason =
  'too-large' | 'not-xml' | 'doctype' | 'other-document' | 'incomplete' | 'too-deep';

export type DialogInfoReading =
  | { readonly kind: 'dialog-info'; readonly info: DialogInfo }
  | { readonly kind: 'unreadable'; readonly reason: UnreadableReason };

/** Ten thousand parked calls with names and notes; read in less than half a second. */
const MAX_CHARACTERS = 8 * 1_048_576;
const MAX_DEPTH = 16;
const MAX_DIALOGS = 10_000;
/** The parser is fed bit by bit, so that it stops soon after a failure: its work grows with the nesting. */
const CHUNK = 4_096;

/**
 * Reads a dialog-info document by its namespaces, whatever their prefixes; elements it does not know are passed over.
 * There are no entities and no document types, and nothing in the text makes it throw.
 */
export function parseDialogInfo(text: string): DialogInfoReading {
  if (text.length > MAX_CHARACTERS) return { kind: 'unreadable', reason: 'too-large' };
  const reader = new DialogInfoReader();
  try {
    const parser = new SaxesParser({ xmlns: true });
    parser.on('error', () => reader.fail('not-xml'));
    parser.on('doctype', () => reader.fail('doctype'));
    parser.on('opentag', (tag) => reader.open(tag));
    parser.on('text', (part) => reader.text(part));
    parser.on('cdata', (part) => reader.text(part));
    parser.on('closetag', () => reader.close());
    for (let at = 0; at < text.length && !reader.failed; at += CHUNK) {
      parser.write(text.slice(at, at + CHUNK));
    }
    if (!reader.failed) parser.close();
  } catch {
    reader.fail('not-xml');
  }
  return reader.result();
}

interface Root {
  readonly version: number;
  readonly state: 'full' | 'partial';
  readonly entity: string;
}

class DialogInfoReader {
  private failure: UnreadableReason | undefined;
  private root: Root | undefined;
  private readonly path: string[] = [];
  private readonly dialogs: DialogEntry[] = [];
  private dialog: DialogBuilder | undefined;
  private characters = '';

  get failed(): boolean {
    return this.failure !== undefined;
  }

  /** The first failure counts; everything after it is passed over. */
  fail(reason: UnreadableReason): void {
    this.failure ??= reason;
  }

  open(tag: SaxesTagNS): void {
    if (this.failure !== undefined) return;
    this.path.push(nameOf(tag));
    this.characters = '';
    if (this.path.length > MAX_DEPTH) return this.fail('too-deep');
    if (this.path.length === 1) return this.openRoot(tag);
    if (this.path.length === 2) return this.openDialog(tag);
    this.dialog?.open(this.path.slice(2).join('/'), tag.attributes);
  }

  text(part: string): void {
    if (this.failure === undefined && this.path.length > 2) this.characters += part;
  }

  close(): void {
    if (this.failure !== undefined) return;
    if (this.path.length > 2)
      this.dialog?.close(this.path.slice(2).join('/'), this.characters.trim());
    if (this.path.length === 2) this.closeDialog();
    this.path.pop();
    this.characters = '';
  }

  result(): DialogInfoReading {
    const reason = this.failure ?? (this.root === undefined ? 'other-document' : undefined);
    if (reason !== undefined || this.root === undefined)
      return { kind: 'unreadable', reason: reason ?? 'other-document' };
    return { kind: 'dialog-info', info: { ...this.root, dialogs: this.dialogs } };
  }

  private openRoot(tag: SaxesTagNS): void {
    if (this.path[0] !== 'dialog-info') return this.fail('other-document');
    const version = wholeNumber(attributeOf(tag.attributes, 'version'));
    const state = attributeOf(tag.attributes, 'state');
    const entity = attributeOf(tag.attributes, 'entity');
    if (
      version === undefined ||
      entity === undefined ||
      (state !== 'full' && state !== 'partial')
    ) {
      return this.fail('incomplete');
    }
    this.root = { version, state, entity };
  }

  private openDialog(tag: SaxesTagNS): void {
    if (this.path[1] !== 'dialog') return;
    if (this.dialogs.length === MAX_DIALOGS) return this.fail('too-large');
    this.dialog = new DialogBuilder(tag.attributes);
  }

  private closeDialog(): void {
    const entry = this.dialog?.build();
    if (this.dialog !== undefined && entry === undefined) this.fail('incomplete');
    if (entry !== undefined) this.dialogs.push(entry);
    this.dialog = undefined;
  }
}

/** The name within RFC 4235's namespace, `p:…` within Parkline's, `?` for anything else. */
function nameOf(tag: SaxesTagNS): string {
  if (tag.uri === DIALOG_INFO_NAMESPACE) return tag.local;
  return tag.uri === PARKED_CALL_NAMESPACE ? `p:${tag.local}` : '?';
}
