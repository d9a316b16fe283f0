import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The messages of RFC 4475 and RFC 5118 are kept beside the repository, not in it. */
const FOLDER = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url));

export const corpusPresent = existsSync(`${FOLDER}manifest.json`);

export interface TortureCase {
  readonly file: string;
  readonly name: string;
  readonly kind: 'request' | 'response';
  readonly syntax: 'valid' | 'invalid';
  readonly element: string;
  readonly expected: string;
  readonly lenient: boolean;
  readonly bytes: Buffer;
}

interface ManifestEntry {
  readonly file: string;
  readonly name: string;
  readonly kind: 'request' | 'response';
  readonly syntax: 'valid' | 'invalid';
  readonly element: string;
  readonly expected: string;
  readonly lenient_ok: boolean;
}

export function tortureCases(): readonly TortureCase[] {
  if (!corpusPresent) return [];
  const manifest: { messages: ManifestEntry[] } = JSON.parse(
    readFileSync(`${FOLDER}manifest.json`, 'utf8'),
  );
  return manifest.messages.map(({ lenient_ok, ...entry }) => ({
    ...entry,
    lenient: lenient_ok,
    bytes: readFileSync(FOLDER + entry.file),
  }));
}

export interface EverydayMessage {
  readonly name: string;
  readonly bytes: Buffer;
}

export function everydayMessages(): readonly EverydayMessage[] {
  if (!corpusPresent) return [];
  return readdirSync(`${FOLDER}realistic`)
    .sort()
    .map((name) => ({ name, bytes: readFileSync(`${FOLDER}realistic/${name}`) }));
}
