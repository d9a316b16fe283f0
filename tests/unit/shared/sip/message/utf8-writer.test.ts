import { expect, test } from 'vitest';
import { Utf8Writer } from '../../../../../shared/sip/message/utf8.ts';

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test.each([1, 1_000, 5_000, 100_000])(
  'two messages of %i bytes never share any: the first stays as it was',
  (length) => {
    const writer = new Utf8Writer();
    const first = writer.start().text('a'.repeat(length)).take();
    const second = writer.start().text('b'.repeat(length)).take();
    expect(textOf(first)).toBe('a'.repeat(length));
    second.fill(0);
    expect(textOf(first)).toBe('a'.repeat(length));
    first.fill(0);
    expect(textOf(writer.start().text('c'.repeat(length)).take())).toBe('c'.repeat(length));
  },
);

test('what is taken is what was written since the start', () => {
  const writer = new Utf8Writer();
  writer.start().text('left by an attempt that failed');
  const bytes = writer.start().text('ä𝄞').bytes(Uint8Array.of(0x21)).take();
  expect(textOf(bytes)).toBe('ä𝄞!');
});

test('keeps its room for the next message, but not that of a very large one', () => {
  const writer = new Utf8Writer();
  writer.start().bytes(new Uint8Array(60_000)).take();
  expect(writer.capacity).toBe(60_000);
  writer.start().bytes(new Uint8Array(200_000)).take();
  expect(writer.capacity).toBeLessThanOrEqual(1_024);
  expect(textOf(writer.start().text('as ever').take())).toBe('as ever');
});
