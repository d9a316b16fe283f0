import { BACKSLASH, QUOTE, singleLine } from './characters.ts';

/** A quoted string that nothing in `text` can break out of; control characters become spaces. */
export function quote(text: string): string {
  const line = singleLine(text);
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === QUOTE || code === BACKSLASH) return `"${line.replace(/[\\"]/g, '\\$&')}"`;
  }
  return `"${line}"`;
}
