import { assertNever } from '../../domain/assert-never.ts';

/** Why a data directory or its database cannot be used. */
export type StoreRefusal =
  | { readonly kind: 'directory-unusable'; readonly path: string; readonly why: string }
  | { readonly kind: 'directory-in-use'; readonly path: string }
  /** Nobody made a database there, and whoever asks is not to. */
  | { readonly kind: 'no-data'; readonly path: string }
  | { readonly kind: 'not-a-parkline-database'; readonly path: string }
  | { readonly kind: 'damaged'; readonly path: string; readonly why: string }
  | { readonly kind: 'locked'; readonly path: string }
  | { readonly kind: 'unusable-file'; readonly path: string; readonly why: string }
  | { readonly kind: 'bad-settings'; readonly tenant: string; readonly why: string }
  | {
      readonly kind: 'newer-version';
      readonly path: string;
      readonly found: number;
      readonly known: number;
    };

/** One sentence, or two, for the person who started the server: what is wrong and what mends it. */
export function describeStoreRefusal(refusal: StoreRefusal): string {
  switch (refusal.kind) {
    case 'directory-unusable':
      return `The data directory ${refusal.path} cannot be used: ${refusal.why}.`;
    case 'directory-in-use':
      return `Another Parkline server is running on the data directory ${refusal.path}. Stop it first, or give this one a directory of its own with --data.`;
    case 'no-data':
      return `There is no Parkline data at ${refusal.path}: look whether --data is right, or make some with parkline user add or parkline serve.`;
    case 'not-a-parkline-database':
      return `${refusal.path} is not a Parkline database. Nothing was changed; move the file away or choose another directory with --data.`;
    case 'damaged':
      return `The database ${refusal.path} cannot be read (${refusal.why}). Nothing was changed; restore it from a backup, or move it away to start afresh.`;
    case 'locked':
      return `The database ${refusal.path} is locked by another program. Close that program and try again.`;
    case 'unusable-file':
      return `The database ${refusal.path} cannot be opened: ${refusal.why}.`;
    case 'bad-settings':
      return `The settings of tenant ${refusal.tenant} in the database cannot be understood (${refusal.why}). Nothing was changed; restore the database from a backup.`;
    case 'newer-version':
      return `The database ${refusal.path} was written by a newer version of Parkline (schema ${refusal.found}; this version knows up to ${refusal.known}). Install that version again, or restore a backup from before the upgrade. Nothing was changed.`;
    default:
      return assertNever(refusal);
  }
}

/** Sorts what opening the file threw. */
export function refusalOfOpening(path: string, cause: unknown): StoreRefusal {
  const code = codeOf(cause);
  const why = cause instanceof Error ? cause.message : String(cause);
  if (code === 'SQLITE_NOTADB') return { kind: 'not-a-parkline-database', path };
  if (code.startsWith('SQLITE_CORRUPT')) return { kind: 'damaged', path, why };
  if (code.startsWith('SQLITE_BUSY')) return { kind: 'locked', path };
  return { kind: 'unusable-file', path, why };
}

/** `code` of a Node or SQLite error, else an empty string. */
export function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return '';
  return typeof cause.code === 'string' ? cause.code : '';
}
