/** For sockets whose every address is a literal: node's own look-up would send each datagram a turn of the event loop later. */
export const literalLookup = (
  name: string,
  options: unknown,
  done: (error: null, address: string, family: number) => void,
): void => (typeof options === 'function' ? options(null, name, 4) : done(null, name, 4));
