import { singleLine } from './characters.ts';

/** A quoted string that nothing in `text` can break out of; control characters become spaces. */
export function quote(text: string): string {
  return `"${singleLine(text).replace(/[\\"]/g, '\\$&')}"`;
}
