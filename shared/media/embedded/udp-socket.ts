/** A bound UDP socket. Binding and sending are synchronous: every address here is an IP literal, so node's look-up (and its extra turn of the event loop per packet) is bypassed. */
import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { err, ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';

/**
 * What the system may keep for us while this thread waits for a core; it grants less where `net.core.rmem_max` is lower. A datagram of 20 ms
 * counts about 1 kB there: enough for one phone for ever.
 */
const BUFFER_OCTETS = 1 << 20;
/** For a port that many phones share: 150 calls bring 15,000 datagrams a second, which 1 MB held for a tenth of a second only. */
export const SHARED_PORT_OCTETS = 4 << 20;

export interface Address {
  readonly address: string;
  readonly port: number;
}

export interface UdpSocket {
  readonly local: Address;
  send(packet: Uint8Array, to: Address): void;
  close(): void;
}

type Lookup = (
  hostname: string,
  options: unknown,
  done: (error: null, address: string, family: number) => void,
) => void;

function createLiteralSocket(ipv6: boolean): Socket {
  const family = ipv6 ? 6 : 4;
  const lookup: Lookup = (literal, options, done) => {
    // dgram calls with (name, family, callback) or (name, callback), depending on the version.
    if (typeof options === 'function') options(null, literal, family);
    else done(null, literal, family);
  };
  return createSocket({ type: ipv6 ? 'udp6' : 'udp4', ipv6Only: ipv6, lookup });
}

/**
 * @param onMessage gets every datagram; must not throw
 * @param receiveOctets room for datagrams that wait
 * @returns the socket, or the system's error code (EADDRINUSE, EADDRNOTAVAIL …)
 */
export function openUdpSocket(
  bind: Address,
  onMessage: (packet: Buffer, from: RemoteInfo) => void,
  receiveOctets = BUFFER_OCTETS,
): Result<UdpSocket, string> {
  const socket = createLiteralSocket(isIPv6(bind.address));
  let failure: string | undefined;
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error.code ?? error.message; // later ones (ICMP unreachable and the like) are the peer's silence, nothing more
  });
  socket.bind(bind.port, bind.address);
  if (failure !== undefined) {
    socket.close();
    return err(failure);
  }
  socket.on('message', onMessage);
  growBuffers(socket, receiveOctets);
  return ok(wrap(socket, { address: bind.address, port: socket.address().port }));
}

function growBuffers(socket: Socket, receiveOctets: number): void {
  try {
    socket.setRecvBufferSize(receiveOctets);
    socket.setSendBufferSize(BUFFER_OCTETS);
  } catch {
    // A system that allows no larger buffers still works with its own.
  }
}

function wrap(socket: Socket, local: Address): UdpSocket {
  let open = true;
  return {
    local,
    send(packet, to) {
      if (open && to.port > 0) socket.send(packet, to.port, to.address, ignoreSendError);
    },
    close() {
      if (!open) return;
      open = false;
      socket.close();
    },
  };
}

/** A datagram that cannot be sent (no route, buffer full) is lost, as any datagram may be; without a callback node would emit 'error'. */
const ignoreSendError = (): void => undefined;
