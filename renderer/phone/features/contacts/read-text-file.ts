const LARGEST = 8 * 1024 * 1024;

/** A text file as people have them: UTF-8, UTF-16 with its mark, or the old Windows code page. `null`: larger than 8 MB. */
export async function readTextFile(file: Blob): Promise<string | null> {
  if (file.size > LARGEST) return null;
  return textOf(new Uint8Array(await file.arrayBuffer()));
}

export function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
