import { closeSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';

interface Folder {
  readonly files?: Readonly<Record<string, Folder>> | undefined;
}

const folder: z.ZodType<Folder> = z.lazy(() =>
  z.object({ files: z.record(z.string(), folder).optional() }),
);

/**
 * Paths of all files in an ASAR archive, from its header: four 32-bit numbers, of which the last is the length of the JSON behind
 * them (github.com/electron/asar, "Format").
 */
export function archiveNames(path: string): readonly string[] {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(16);
    readSync(file, head, 0, head.length, 0);
    const json = Buffer.alloc(head.readUInt32LE(12));
    readSync(file, json, 0, json.length, head.length);
    return namesIn(folder.parse(JSON.parse(json.toString('utf8'))), '');
  } finally {
    closeSync(file);
  }
}

function namesIn({ files }: Folder, at: string): string[] {
  return Object.entries(files ?? {}).flatMap(([name, entry]) =>
    entry.files === undefined ? [`${at}${name}`] : namesIn(entry, `${at}${name}/`),
  );
}

/** What may not be given to people: sources, maps, keys, databases, and the server's own page. */
export const STRAY = /\.(?:map|tsx?|node|pem|key|db)$|^renderer\/portal\/|service-worker/;
