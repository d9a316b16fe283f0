import { once } from 'node:events';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { TestCertificate } from '../fakes/test-certificate.ts';
import { CliProcess } from './kit/cli.ts';
import { eventually } from './kit/eventually.ts';
import { removeDirectory, temporaryDirectory } from './kit/park-server.ts';

let directory: string;
let files: TestCertificate;
let server: CliProcess | undefined;
const sockets: { destroy(): void }[] = [];

beforeEach(() => {
  directory = temporaryDirectory();
  files = new TestCertificate('first');
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.kill('SIGKILL');
  await server?.ended;
  files.remove();
  removeDirectory(directory);
});

async function serve(): Promise<{ tls: number; wss: number; https: number }> {
  const doors = ['--listen', 'tls:127.0.0.1:0', '--listen', 'wss:127.0.0.1:0'];
  const secrets = ['--cert', files.certFile, '--key', files.keyFile];
  const http = ['--https', '127.0.0.1:0', '--json'];
  const data = ['--data', join(directory, 'data')];
  server = new CliProcess(['serve', ...data, ...doors, ...secrets, ...http]);
  const port = async (what: RegExp) => Number((await server?.says(what))?.[1]);
  return {
    tls: await port(/"tls:127\.0\.0\.1:(\d+)"/),
    wss: await port(/"wss:127\.0\.0\.1:(\d+)"/),
    https: await port(/"https:\/\/127\.0\.0\.1:(\d+)"/),
  };
}

const options = (transport: string): string =>
  [
    'OPTIONS sips:127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/${transport} client.invalid;branch=z9hG4bK${Math.random().toString(36).slice(2)};rport`,
    'From: <sip:probe@127.0.0.1>;tag=p',
    'To: <sip:127.0.0.1>',
    `Call-ID: ${Math.random()}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');

/** A TLS connection that trusts today's certificate alone, and the name in it. */
async function tls(port: number): Promise<{ socket: TLSSocket; name: string }> {
  const socket = connect({ host: '127.0.0.1', port, ca: files.trusted });
  sockets.push(socket);
  await once(socket, 'secureConnect');
  return { socket, name: String(socket.getPeerCertificate().subject.CN) };
}

async function askTls(socket: TLSSocket): Promise<string> {
  socket.write(options('TLS'));
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString().split('\r\n')[0] ?? '';
}

async function webSocket(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`wss://127.0.0.1:${port}`, 'sip', { ca: files.trusted });
  sockets.push({ destroy: () => socket.terminate() });
  await once(socket, 'open');
  return socket;
}

async function askWss(socket: WebSocket): Promise<string> {
  socket.send(options('WSS'));
  const [bytes] = (await once(socket, 'message')) as [Buffer];
  return bytes.toString().split('\r\n')[0] ?? '';
}

it('serve --cert --key opens TLS, WSS and HTTPS; a renewed file reaches new connections, and drops none', async () => {
  const ports = await serve();
  const before = { tls: await tls(ports.tls), wss: await webSocket(ports.wss) };
  expect(before.tls.name).toBe('first');
  expect((await tls(ports.https)).name).toBe('first');
  expect(await askTls(before.tls.socket)).toBe('SIP/2.0 200 OK');
  expect(await askWss(before.wss)).toBe('SIP/2.0 200 OK');

  files.renew('second');
  // The new certificate is looked for every two seconds; until then the old one is shown, which is not trusted any more.
  let shown: string | undefined;
  await eventually(() => {
    void tls(ports.tls).then(
      ({ name }) => (shown = name),
      () => undefined,
    );
    return shown === 'second';
  }, 20_000);
  for (const port of [ports.https, ports.wss]) expect((await tls(port)).name).toBe('second');
  expect(await askWss(await webSocket(ports.wss))).toBe('SIP/2.0 200 OK');

  expect(await askTls(before.tls.socket)).toBe('SIP/2.0 200 OK');
  expect(await askWss(before.wss)).toBe('SIP/2.0 200 OK');
});

it('serve keeps the certificate that it has when the file is spoilt, and says so', async () => {
  const ports = await serve();
  const trusted = files.trusted;
  files.spoil();
  await eventually(() => server?.err.includes('the old one stays') === true, 10_000);
  const socket = connect({ host: '127.0.0.1', port: ports.tls, ca: trusted });
  sockets.push(socket);
  await once(socket, 'secureConnect');
  expect(socket.getPeerCertificate().subject.CN).toBe('first');
});
