import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ParkServer } from '../../shared/server/park-server.ts';
import { TestCertificate } from '../fakes/test-certificate.ts';
import { eventually } from './kit/eventually.ts';
import {
  addUsers,
  loopbackConfig,
  portOf,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from './kit/park-server.ts';
import { Relay } from './kit/relay.ts';
import { answerDigest } from './kit/wire-phone.ts';

type Transport = 'tcp' | 'tls' | 'ws' | 'wss';

const PING_EVERY_MS = 250;
const FLOW_TIMER_MS = 500;
/** Two pings, or the flow timer and a quarter of it; the rest is a busy machine's. */
const BOUND_MS = 3_000;

let directory: string;
let files: TestCertificate;
let server: ParkServer;
const cleanUps: (() => unknown)[] = [];

beforeEach(async () => {
  directory = temporaryDirectory();
  files = new TestCertificate('localhost');
  const config = loopbackConfig(directory);
  const secure = (['tls', 'wss'] as const).map((transport) => ({
    transport,
    address: '127.0.0.1',
    port: 0,
  }));
  server = await startServer(
    {
      ...config,
      listen: [...config.listen, ...secure],
      tls: { certFile: files.certFile, keyFile: files.keyFile },
    },
    { times: { pingEveryMs: PING_EVERY_MS, flowTimerMs: FLOW_TIMER_MS } },
  );
  addUsers(server, '101', '102');
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  await server.close({ graceMs: 0 });
  files.remove();
  removeDirectory(directory);
});

interface Line {
  /** Sends a message and gives the next one that comes. */
  ask(text: string): Promise<string>;
  /** Keeps the connection alive as RFC 5626 §4.4.1 says; WebSockets answer pings by themselves. */
  keepAlive(): void;
}

async function line(transport: Transport, port: number): Promise<Line> {
  if (transport === 'ws' || transport === 'wss') {
    const socket = new WebSocket(`${transport}://127.0.0.1:${port}`, 'sip', { ca: files.trusted });
    socket.on('error', () => {});
    cleanUps.push(() => socket.terminate());
    await once(socket, 'open');
    return {
      async ask(text) {
        socket.send(text);
        return String((await once(socket, 'message'))[0]);
      },
      keepAlive: () => {},
    };
  }
  const to = { host: '127.0.0.1', port };
  const socket: Socket =
    transport === 'tls' ? connectTls({ ...to, ca: files.trusted }) : connectTcp(to);
  socket.on('error', () => {});
  cleanUps.push(() => socket.destroy());
  await once(socket, transport === 'tls' ? 'secureConnect' : 'connect');
  return {
    async ask(text) {
      socket.write(text);
      return String((await once(socket, 'data'))[0]);
    },
    keepAlive() {
      const beat = setInterval(() => socket.write('\r\n\r\n'), FLOW_TIMER_MS / 3);
      cleanUps.push(() => clearInterval(beat));
    },
  };
}

/** Signs in with an outbound flow (RFC 5626 §4.2); the last answer. */
async function register({ ask }: Line, transport: Transport, extension: string): Promise<string> {
  const uri = 'sip:127.0.0.1';
  const request = (cseq: number, more: readonly string[]) =>
    [
      `REGISTER ${uri} SIP/2.0`,
      `Via: SIP/2.0/${transport.toUpperCase()} phone.invalid;branch=z9hG4bK${extension}${cseq};rport`,
      `From: <sip:${extension}@127.0.0.1>;tag=r`,
      `To: <sip:${extension}@127.0.0.1>`,
      `Call-ID: ${transport}-${extension}`,
      `CSeq: ${cseq} REGISTER`,
      'Supported: outbound, path',
      `Contact: <sip:${extension}@phone.invalid;transport=${transport}>;reg-id=1;+sip.instance="<urn:uuid:${extension}>"`,
      ...more,
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n');
  const challenge = await ask(request(1, []));
  const value = /^WWW-Authenticate: (.*)$/im.exec(challenge)?.[1]?.trim() ?? '';
  const login = { username: extension, password: `secret-${extension}`, method: 'REGISTER', uri };
  return ask(request(2, [`Authorization: ${answerDigest(value, login)}`]));
}

const reachable = (extension: string): boolean => {
  const tenant = server.directory.tenants()[0];
  const user = tenant && server.directory.user(tenant.id, extension);
  return user !== undefined && server.registrar.reachableDevices(user.id).length > 0;
};

describe.each<Transport>(['tcp', 'tls', 'ws', 'wss'])('a phone over %s', (transport) => {
  it('that vanishes without a word is unreachable soon, and one that is there stays', async () => {
    const port = portOf(server, transport);
    const relay = await Relay.open(port);
    cleanUps.push(() => relay.close());
    const vanishing = await line(transport, relay.port);
    const staying = await line(transport, port);
    const answer = await register(vanishing, transport, '101');
    expect(answer).toMatch(/^SIP\/2\.0 200 /);
    const isStream = transport === 'tcp' || transport === 'tls';
    expect(/^Flow-Timer: (\d+)\r$/m.exec(answer)?.[1]).toBe(isStream ? '1' : undefined);
    await register(staying, transport, '102');
    staying.keepAlive();
    expect([reachable('101'), reachable('102')]).toEqual([true, true]);

    relay.vanish();
    await eventually(() => !reachable('101'), BOUND_MS);
    expect(reachable('102')).toBe(true);
  });
});
