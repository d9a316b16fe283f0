/**
 * Where a request over HTTP or a WebSocket came from. A proxy names its client last in `X-Forwarded-For`, and is
 * believed when it is one of ours; what stands before is the client's own word unless that is a proxy of ours too.
 * @param peer address of the connection, @param forwarded value of `X-Forwarded-For`, if there is one
 */
export function clientAddress(
  peer: string,
  forwarded: string | undefined,
  trusted: readonly string[],
): string {
  let address = plain(peer);
  const hops = forwarded?.slice(-MAX_HEADER).split(',') ?? [];
  while (trusted.includes(address)) {
    const hop = plain(hops.pop()?.trim() ?? '');
    if (!ADDRESS.test(hop)) return address;
    address = hop;
  }
  return address;
}

const MAX_HEADER = 1000;
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/;

/** Without the brackets of IPv6, and IPv4 in its own form. */
function plain(address: string): string {
  return address.replace(/^\[|\]$/g, '').replace(/^::ffff:(?=\d+\.)/i, '');
}
