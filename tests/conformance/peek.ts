/** The value of a header field found without our parser: unfolded by regular expression, first match. */
export function peek(bytes: Buffer, names: string): string | undefined {
  const head = bytes.toString('latin1').split('\r\n\r\n')[0] ?? '';
  const unfolded = head.replace(/\r\n[ \t]+/g, ' ');
  const match = new RegExp(`^(?:${names})[ \t]*:[ \t]*(.*?)[ \t]*$`, 'im').exec(unfolded);
  return match?.[1];
}
