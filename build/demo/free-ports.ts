import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** The wanted TCP port of 127.0.0.1, or another one when somebody has it. */
export async function freeTcpPort(wanted: number): Promise<number> {
  return (await tryTcp(wanted)) ?? (await tryTcp(0)) ?? wanted;
}

/** The wanted UDP port of 127.0.0.1, or another one when somebody has it. */
export async function freeUdpPort(wanted: number): Promise<number> {
  return (await tryUdp(wanted)) ?? (await tryUdp(0)) ?? wanted;
}

function tryTcp(port: number): Promise<number | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? null) : null));
    });
  });
}

function tryUdp(port: number): Promise<number | null> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => resolve(null));
    socket.bind(port, LOOPBACK, () => {
      const found = socket.address().port;
      socket.close(() => resolve(found));
    });
  });
}
