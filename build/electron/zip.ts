import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, open, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

/** One file of an archive (APPNOTE.TXT 4.3.12). */
interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packedSize: number;
  readonly headerOffset: number;
  /** Unix permission bits, 0 when the archive says nothing. */
  readonly mode: number;
}

export interface ExtractOptions {
  readonly archive: string;
  readonly into: string;
  /** Where an entry goes, relative to `into`; `null` leaves it out. Never called for folders. */
  readonly place: (name: string) => string | null;
}

const END_SIGNATURE = 0x06054b50;
const END_SIZE = 22;
const CENTRAL_SIZE = 46;
const LOCAL_SIZE = 30;
const STORED = 0;
const DEFLATED = 8;

/**
 * Takes chosen files out of a ZIP archive without ZIP64, encryption or links, which is all that Electron's builds for Linux need.
 * Throws when the archive is damaged or an entry would land outside `into`.
 */
export async function extractZip(options: ExtractOptions): Promise<void> {
  const file = await open(options.archive, 'r');
  try {
    for (const entry of await readCentralDirectory(file)) {
      const place = entry.name.endsWith('/') ? null : options.place(entry.name);
      if (place !== null) await extractEntry(file, entry, { ...options, target: place });
    }
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error('the archive ends too early');
  return buffer;
}

async function readCentralDirectory(file: FileHandle): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  const tailLength = Math.min(size, END_SIZE + 0xffff);
  const tail = await readAt(file, size - tailLength, tailLength);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || tail.readUInt32LE(end) !== END_SIGNATURE) throw new Error('not a ZIP archive');
  const count = tail.readUInt16LE(end + 10);
  const table = await readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count;) {
    const nameLength = table.readUInt16LE(at + 28);
    entries.push({
      name: table.toString('utf8', at + CENTRAL_SIZE, at + CENTRAL_SIZE + nameLength),
      method: table.readUInt16LE(at + 10),
      packedSize: table.readUInt32LE(at + 20),
      headerOffset: table.readUInt32LE(at + 42),
      mode: (table.readUInt32LE(at + 38) >>> 16) & 0o777,
    });
    at += CENTRAL_SIZE + nameLength + table.readUInt16LE(at + 30) + table.readUInt16LE(at + 32);
  }
  return entries;
}

async function extractEntry(
  file: FileHandle,
  entry: ZipEntry,
  options: ExtractOptions & { readonly target: string },
): Promise<void> {
  const path = resolve(options.into, options.target);
  if (!path.startsWith(resolve(options.into) + sep)) throw new Error(`outside: ${entry.name}`);
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw new Error(`unknown compression ${entry.method}: ${entry.name}`);
  }
  await mkdir(dirname(path), { recursive: true });
  const header = await readAt(file, entry.headerOffset, LOCAL_SIZE);
  const start = entry.headerOffset + LOCAL_SIZE + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (entry.packedSize === 0) {
    await writeFile(path, '');
  } else {
    const source = createReadStream(options.archive, { start, end: start + entry.packedSize - 1 });
    const target = createWriteStream(path);
    if (entry.method === DEFLATED) await pipeline(source, createInflateRaw(), target);
    else await pipeline(source, target);
  }
  if (entry.mode !== 0) await chmod(path, entry.mode);
}
