import { expect, test } from 'vitest';
import { encodeBefore, encodeUtf8 } from '../../../../../shared/sip/message/utf8.ts';

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const NONE = new Uint8Array(0);

test.each([1, 1_000, 5_000, 100_000])(
  'two messages of %i bytes never share any: the first stays as it was',
  (length) => {
    const first = encodeBefore('a'.repeat(length), NONE);
    const second = encodeBefore('b'.repeat(length), NONE);
    expect(textOf(first)).toBe('a'.repeat(length));
    second.fill(0);
    expect(textOf(first)).toBe('a'.repeat(length));
    first.fill(0);
    expect(textOf(encodeBefore('c'.repeat(length), NONE))).toBe('c'.repeat(length));
  },
);

test.each([
  ['ASCII', 'abc', 'abc'],
  ['letters of two and four bytes', 'ä𝄞', 'ä𝄞'],
  // It fits into the room of text and bytes together, though not into the text's own.
  ['one wide letter behind others', 'abcé', 'abcé'],
  ['half a letter', 'a\ud834b', 'a\ufffdb'],
  ['nothing', '', ''],
])('%s, and the bytes behind it as they are', (_what, text, written) => {
  const bytes = Uint8Array.of(0xff, 0x21, 0x00, 0x80, 0x7f, 0x01, 0x02, 0x03);
  const all = encodeBefore(text, bytes);
  expect(textOf(all.subarray(0, all.length - bytes.length))).toBe(written);
  expect(all.subarray(-bytes.length)).toEqual(bytes);
  expect(encodeBefore(text, NONE)).toEqual(encodeUtf8(text));
});
