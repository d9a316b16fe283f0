/** One INVITE with a part of it replaced by something hostile. */
export const hostileInvite = (more: {
  start?: string;
  from?: string;
  extra?: string;
  body?: string;
}): Buffer =>
  Buffer.from(
    `${more.start ?? 'INVITE sip:a@b.test SIP/2.0'}\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n` +
      `From: ${more.from ?? '<sip:a@b.test>;tag=1'}\r\nTo: <sip:a@b.test>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n` +
      `${more.extra ?? ''}\r\n${more.body ?? ''}`,
  );

/** Text that counts: `;p0=1;p1=1…`, about `size` bytes. */
export function numbered(prefix: string, size: number, suffix = '=1'): string {
  let text = '';
  for (let i = 0; text.length < size; i++) text += `${prefix}${i}${suffix}`;
  return text;
}

/** Messages of about `size` bytes, each hostile to a careless reader in its own way. */
export const HOSTILE_MESSAGES: Readonly<Record<string, (size: number) => Buffer>> = {
  spaces: (n) => hostileInvite({ from: `${' '.repeat(n)}<sip:a@b.test>;tag=1` }),
  'spaces with nothing behind': (n) => hostileInvite({ from: ' '.repeat(n) }),
  'spaces in a request line': (n) => hostileInvite({ start: `INVITE ${' '.repeat(n)}` }),
  folds: (n) => hostileInvite({ extra: `Subject: a${'\r\n '.repeat(n / 3)}b\r\n` }),
  'folds in Via': (n) =>
    hostileInvite({ extra: `Via: SIP/2.0/UDP a;x=${'\r\n '.repeat(n / 3)}1\r\n` }),
  quotes: (n) => hostileInvite({ from: `${'"a"'.repeat(n / 3)} <sip:a@b.test>` }),
  'an unclosed quote of escapes': (n) => hostileInvite({ from: `"${'\\"'.repeat(n / 2)}` }),
  'unclosed brackets': (n) => hostileInvite({ from: '<'.repeat(n) }),
  'brackets in a Contact list': (n) =>
    hostileInvite({ extra: `Contact: ${'<,'.repeat(n / 2)}\r\n` }),
  'a Via list': (n) =>
    hostileInvite({ extra: `Via: ${'SIP/2.0/UDP a,'.repeat(n / 14)}SIP/2.0/UDP a\r\n` }),
  'many Via fields': (n) => hostileInvite({ extra: 'Via: SIP/2.0/UDP a\r\n'.repeat(n / 20) }),
  'a long user': (n) => hostileInvite({ start: `INVITE sip:${'a'.repeat(n)}@b.test SIP/2.0` }),
  'percent runs': (n) =>
    hostileInvite({ start: `INVITE sip:${'%41'.repeat(n / 3)}@b.test SIP/2.0` }),
  'a run of percent signs': (n) =>
    hostileInvite({ start: `INVITE sip:${'%'.repeat(n)}@b.test SIP/2.0` }),
  'at signs': (n) => hostileInvite({ start: `INVITE sip:${'@'.repeat(n)} SIP/2.0` }),
  'many URI parameters': (n) =>
    hostileInvite({ start: `INVITE sip:a@b.test${numbered(';p', n)} SIP/2.0` }),
  'many header parameters': (n) =>
    hostileInvite({ from: `<sip:a@b.test>${numbered(';p', n)};tag=1` }),
  'equal header parameters': (n) =>
    hostileInvite({ from: `<sip:a@b.test>${';p=1'.repeat(n / 4)};tag=1` }),
  'many header fields': (n) => hostileInvite({ extra: 'X-A: b\r\n'.repeat(n / 8) }),
  'many unknown header names': (n) =>
    hostileInvite({ extra: numbered('\r\nX-A', n, ': b').slice(2) + '\r\n' }),
  colons: (n) => hostileInvite({ extra: `Contact: <sip:${':'.repeat(n)}>\r\n` }),
  'UTF-8': (n) => hostileInvite({ from: `"${'é'.repeat(n / 2)}" <sip:a@b.test>` }),
  'line breaks before a start line': (n) => Buffer.from('\r\n'.repeat(n / 2)),
  'header ends that are none': (n) => Buffer.from('\n\r\r\n'.repeat(n / 4)),
};
