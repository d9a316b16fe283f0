import { connect as connectTcp, createServer, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { makeRequest } from '../../shared/sip/message/builders.ts';
import type { SipRequest } from '../../shared/sip/message/message.ts';
import { Endpoint } from '../../shared/sip/transaction/endpoint.ts';
import type { Flow, Listener } from '../../shared/sip/transaction/flow.ts';
import type {
  ClientOutcome,
  ServerTransaction,
} from '../../shared/sip/transaction/transaction-user.ts';
import {
  loadCertificate,
  WatchedCertificate,
  type LoadedCertificate,
} from '../../shared/sip/transport/certificate.ts';
import { StreamConnector } from '../../shared/sip/transport/connector.ts';
import { systemSipClock, systemSipRandom } from '../../shared/sip/transport/system-ports.ts';
import { openTcp } from '../../shared/sip/transport/tcp.ts';
import { openTls } from '../../shared/sip/transport/tls.ts';
import { openUdp } from '../../shared/sip/transport/udp.ts';
import { openWs } from '../../shared/sip/transport/ws.ts';
import { address as nameAddr } from '../fakes/sip-pair.ts';
import { TestCertificate } from '../fakes/test-certificate.ts';
import { eventually } from './kit/eventually.ts';

const V4 = '127.0.0.1';
const V6 = '::1';

const cleanUps: (() => unknown)[] = [];
const later = <T extends { close(): unknown }>(closable: T): T => {
  cleanUps.push(() => closable.close());
  return closable;
};
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

class Server {
  readonly received: ServerTransaction[] = [];
  readonly drops: string[] = [];
  readonly observer = {
    dropped: (why: string, { summary }: { summary: string }) =>
      void this.drops.push(`${why}: ${summary}`),
  };
  readonly endpoint: Endpoint;

  constructor(streamFor?: (datagram: Flow) => Flow | undefined) {
    const ports = { clock: systemSipClock, random: systemSipRandom, observer: this.observer };
    this.endpoint = new Endpoint(streamFor ? { ...ports, streamFor } : ports);
    this.endpoint.onRequest((tx) => {
      this.received.push(tx);
      tx.reply(200);
    });
  }
}

const request = (method = 'OPTIONS', padding = 0): SipRequest =>
  makeRequest({
    method,
    uri: nameAddr('<sip:server@127.0.0.1>').uri,
    from: nameAddr('<sip:test@127.0.0.1>;tag=t'),
    to: nameAddr('<sip:server@127.0.0.1>'),
    callId: `call-${Math.random()}`,
    cseq: 1,
    ...(padding > 0 && { body: 'x'.repeat(padding), contentType: 'text/plain' }),
  });

const ask = (endpoint: Endpoint, sent: SipRequest, flow: Flow): Promise<ClientOutcome> =>
  new Promise((onFinal) => endpoint.request(sent, flow, { onFinal }));

const statusOf = (outcome: ClientOutcome): number | string =>
  outcome.kind === 'response' ? outcome.response.status : outcome.kind;

const optionsText = (transport: string): string =>
  [
    'OPTIONS sip:server@localhost SIP/2.0',
    `Via: SIP/2.0/${transport} client.invalid;branch=z9hG4bK${Math.random().toString(36).slice(2)};rport`,
    'From: <sip:raw@client.invalid>;tag=raw',
    'To: <sip:server@localhost>',
    `Call-ID: ${Math.random()}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');

function watched(everyMs = 20): {
  files: TestCertificate;
  certificates: WatchedCertificate;
  readings: LoadedCertificate[];
} {
  const files = new TestCertificate('first');
  cleanUps.push(() => files.remove());
  const first = loadCertificate(files);
  if (first.kind === 'refused') throw new Error(first.problem.kind);
  const readings: LoadedCertificate[] = [];
  const onReloaded = (reading: LoadedCertificate) => void readings.push(reading);
  const certificates = new WatchedCertificate(files, first.certificate, { everyMs, onReloaded });
  cleanUps.push(() => certificates.dispose());
  return { files, certificates, readings };
}

/** A TLS client: the subject it was shown, and what it heard. */
async function tlsClient(port: number, host = V4): Promise<{ socket: TLSSocket; name: string }> {
  const socket = connectTls({ host, port, rejectUnauthorized: false });
  cleanUps.push(() => socket.destroy());
  await new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  return { socket, name: String(socket.getPeerCertificate().subject.CN) };
}

function tcpClient(port: number, host = V4): { socket: Socket; heard: () => string } {
  const socket = connectTcp({ host, port });
  let text = '';
  socket.on('data', (bytes) => (text += bytes.toString()));
  socket.on('error', () => {});
  cleanUps.push(() => socket.destroy());
  return { socket, heard: () => text };
}

describe('TLS', () => {
  it.each([V4, V6])('carries requests both ways on one connection at %s', async (address) => {
    const { files, certificates } = watched();
    const server = new Server();
    const listener = later(
      await openTls({ address, port: 0, receiver: server.endpoint, certificates }),
    );
    const client = new Server();
    const connector = later(
      new StreamConnector({ receiver: client.endpoint, trusted: files.trusted }),
    );
    const remote = { address, port: listener.port };
    const local = { address, port: 5061 };
    const flow = connector.flowTo({ transport: 'tls', remote, local });
    if (!flow) throw new Error('no flow');
    expect(statusOf(await ask(client.endpoint, request(), flow))).toBe(200);
    const back = server.received[0]?.flow;
    if (!back) throw new Error('no flow');
    expect(back).toMatchObject({ transport: 'tls', secure: true, reliable: true });
    expect(server.received[0]?.request.via.transport).toBe('TLS');
    expect(statusOf(await ask(server.endpoint, request(), back))).toBe(200);
    expect(connector.flowTo({ transport: 'tls', remote, local })).toBe(flow);
  });

  it('is not spoken with a server whose certificate is not trusted or for another name', async () => {
    const { files, certificates } = watched();
    const server = new Server();
    const listener = later(
      await openTls({ address: V4, port: 0, receiver: server.endpoint, certificates }),
    );
    const remote = { address: V4, port: listener.port };
    const local = { address: V4, port: 5061 };
    const client = new Server();
    const distrustful = later(new StreamConnector({ receiver: client.endpoint }));
    const strict = later(
      new StreamConnector({ receiver: client.endpoint, trusted: files.trusted }),
    );
    const untrusted = distrustful.flowTo({ transport: 'tls', remote, local });
    const elsewhere = { transport: 'tls', remote, local, serverName: 'pbx.test' } as const;
    const misnamed = strict.flowTo(elsewhere);
    for (const flow of [untrusted, misnamed]) {
      if (!flow) throw new Error('no flow');
      expect(statusOf(await ask(client.endpoint, request(), flow))).toBe('transport-error');
    }
    expect(server.received).toEqual([]);
    expect(strict.refusedLately(elsewhere)).toBe(true);
  });

  it('shows a renewed certificate to new connections and leaves old ones alone', async () => {
    const { files, certificates, readings } = watched();
    const server = new Server();
    const listener = later(
      await openTls({ address: V4, port: 0, receiver: server.endpoint, certificates }),
    );
    const before = await tlsClient(listener.port);
    expect(before.name).toBe('first');
    files.renew('second');
    await eventually(() => readings.some(({ kind }) => kind === 'loaded'));
    expect((await tlsClient(listener.port)).name).toBe('second');
    before.socket.write(optionsText('TLS'));
    await eventually(() => server.received.length === 1);
  });

  it('keeps the old certificate when the new files are broken, and takes the next good ones', async () => {
    const { files, certificates, readings } = watched();
    const listener = later(
      await openTls({
        address: V4,
        port: 0,
        receiver: new Server().endpoint,
        certificates,
      }),
    );
    files.spoil();
    await eventually(() => readings.length > 0);
    expect(readings[0]).toMatchObject({ kind: 'refused', problem: { kind: 'no-certificate' } });
    expect((await tlsClient(listener.port)).name).toBe('first');
    files.renew('third');
    await eventually(() => readings.at(-1)?.kind === 'loaded');
    expect((await tlsClient(listener.port)).name).toBe('third');
  });

  it('ends handshakes that never finish, plain text, and connections beyond the limit', async () => {
    const { certificates } = watched();
    const server = new Server();
    const listener = later(
      await openTls({
        address: V4,
        port: 0,
        receiver: server.endpoint,
        observer: server.observer,
        certificates,
        connectionLimits: { connectionsPerAddress: 2 },
      }),
    );
    const silent = [tcpClient(listener.port), tcpClient(listener.port)];
    await eventually(() => silent.every(({ socket }) => socket.readyState === 'open'));
    const third = tcpClient(listener.port);
    await eventually(() => third.socket.closed);
    expect(server.drops).toContain('overload: no room for another connection');
    silent[0]?.socket.write(optionsText('TCP'));
    await eventually(() => silent[0]?.socket.closed === true);
    expect((await tlsClient(listener.port)).name).toBe('first');
    expect(server.received).toEqual([]);
  });
});

describe('certificate files', () => {
  it.each([
    ['a file that is not there', 'unreadable'],
    ['a certificate that is none', 'no-certificate'],
    ['a key that is none', 'no-key'],
    ['a key of another certificate', 'not-a-pair'],
  ])('%s is refused as %s', (_what, kind) => {
    const [mine, other] = [new TestCertificate('mine'), new TestCertificate('other')];
    cleanUps.push(() => (mine.remove(), other.remove()));
    const files = {
      unreadable: { certFile: `${mine.certFile}.not`, keyFile: mine.keyFile },
      'no-certificate': { certFile: mine.keyFile, keyFile: mine.keyFile },
      'no-key': { certFile: mine.certFile, keyFile: mine.certFile },
      'not-a-pair': { certFile: mine.certFile, keyFile: other.keyFile },
    }[kind];
    expect(files && loadCertificate(files)).toMatchObject({ kind: 'refused', problem: { kind } });
  });
});

describe('WSS', () => {
  it.each([V4, V6])('serves SIP at %s with the certificate of the day', async (address) => {
    const { files, certificates, readings } = watched();
    const server = new Server();
    const listener: Listener = later(
      await openWs({ address, port: 0, receiver: server.endpoint, certificates }),
    );
    expect(listener.transport).toBe('wss');
    const host = address === V6 ? '[::1]' : address;
    const dial = async () => {
      const ws = new WebSocket(`wss://${host}:${listener.port}/`, 'sip', { ca: files.trusted });
      cleanUps.push(() => ws.terminate());
      await new Promise((resolve, reject) => (ws.once('open', resolve), ws.once('error', reject)));
      return ws;
    };
    (await dial()).send(optionsText('WSS'));
    await eventually(() => server.received.length === 1);
    expect(server.received[0]?.flow).toMatchObject({ transport: 'wss', secure: true });
    files.renew('second');
    await eventually(() => readings.some(({ kind }) => kind === 'loaded'));
    (await dial()).send(optionsText('WSS'));
    await eventually(() => server.received.length === 2);
  });
});

describe('IPv6', () => {
  it('works over UDP, TCP and WebSocket, with the source noted', async () => {
    const server = new Server();
    const common = { address: V6, port: 0, receiver: server.endpoint };
    const udp = later(await openUdp(common));
    const tcp = later(await openTcp(common));
    const ws = later(await openWs(common));
    const socket = createSocket('udp6');
    cleanUps.push(() => socket.close());
    const heard: string[] = [];
    socket.on('message', (bytes) => heard.push(bytes.toString()));
    await new Promise<void>((resolve) => socket.bind(0, V6, resolve));
    socket.send(optionsText('UDP'), udp.port, V6);
    await eventually(() => heard.length === 1);
    expect(heard[0]).toMatch(/^SIP\/2\.0 200/);
    expect(heard[0]).toContain('received=::1');
    expect(heard[0]).toContain(`rport=${socket.address().port}`);
    const stream = tcpClient(tcp.port, V6);
    stream.socket.write(optionsText('TCP'));
    await eventually(() => stream.heard().startsWith('SIP/2.0 200'));
    const web = new WebSocket(`ws://[::1]:${ws.port}/`, 'sip');
    cleanUps.push(() => web.terminate());
    await new Promise((resolve) => web.once('open', resolve));
    web.send(optionsText('WS'));
    await eventually(() => server.received.length === 3);
    const flow = server.received[1]?.flow;
    void (flow && server.endpoint.request(request(), flow, { onFinal: () => {} }));
    await eventually(() => /^Via: SIP\/2\.0\/TCP \[::1\]:\d+;branch/m.test(stream.heard()));
  });

  it('a dual-stack socket answers IPv4 peers and knows them by their IPv4 address', async () => {
    const server = new Server();
    const udp = later(
      await openUdp({
        address: '::',
        port: 0,
        receiver: server.endpoint,
        advertise: { address: V4 },
      }),
    );
    const socket = createSocket('udp4');
    cleanUps.push(() => socket.close());
    const heard: string[] = [];
    socket.on('message', (bytes) => heard.push(bytes.toString()));
    await new Promise<void>((resolve) => socket.bind(0, V4, resolve));
    socket.send(optionsText('UDP'), udp.port, V4);
    await eventually(() => heard.length === 1);
    expect(server.received[0]?.flow.remote.address).toBe(V4);
  });
});

describe('streams that do not behave', () => {
  const open = async (limits: object) => {
    const server = new Server();
    const listener = later(
      await openTcp({
        address: V4,
        port: 0,
        receiver: server.endpoint,
        observer: server.observer,
        connectionLimits: limits,
      }),
    );
    return { server, listener, client: tcpClient(listener.port) };
  };

  it('that never finish a message are closed, however slowly they drip', async () => {
    const { server, listener, client } = await open({ partialMessageMs: 60 });
    client.socket.write(optionsText('TCP'));
    const drip = setInterval(() => client.socket.write('O'), 10);
    cleanUps.push(() => clearInterval(drip));
    await eventually(() => client.socket.closed);
    expect(server.drops).toEqual(['flow-closed: unfinished message']);
    expect(server.received).toHaveLength(1);
    expect(listener.flowCount).toBe(0);
  });

  it('that take their time between whole messages and pings are not', async () => {
    const { server, client } = await open({ partialMessageMs: 400 });
    for (let n = 1; n <= 3; n++) {
      const text = optionsText('TCP');
      client.socket.write(text.slice(0, 50));
      await new Promise((resolve) => setTimeout(resolve, 15));
      client.socket.write(`${text.slice(50)}\r\n\r\n`);
      await eventually(() => server.received.length === n);
      await new Promise((resolve) => setTimeout(resolve, 450));
    }
    expect(client.socket.closed).toBe(false);
    expect(server.drops).toEqual([]);
  });

  it('that do not read are closed by bytes and by time', async () => {
    for (const limits of [
      { bufferedBytes: 100_000, stalledMs: 60_000 },
      { bufferedBytes: 1e9, stalledMs: 50 },
    ]) {
      const { server, listener, client } = await open(limits);
      client.socket.write(optionsText('TCP'));
      await eventually(() => server.received.length === 1);
      client.socket.pause();
      const flow = server.received[0]?.flow;
      const big = new TextEncoder().encode('x'.repeat(60_000));
      for (let n = 0; n < 300; n++) flow?.send(big);
      await eventually(() => flow?.closed === true);
      expect(server.drops).toEqual(['flow-closed: peer does not read']);
      await eventually(() => listener.flowCount === 0);
    }
  });

  it('on which nobody speaks are closed', async () => {
    const { server, client } = await open({ idleMs: 60 });
    client.socket.write(optionsText('TCP'));
    await eventually(() => client.socket.closed);
    expect(server.drops).toEqual(['flow-closed: idle']);
  });

  it('beyond the limit of one address are closed before they are read', async () => {
    const { server, listener, client } = await open({ connectionsPerAddress: 1 });
    client.socket.write(optionsText('TCP'));
    await eventually(() => server.received.length === 1);
    const second = tcpClient(listener.port);
    second.socket.write(optionsText('TCP'));
    await eventually(() => second.socket.closed);
    expect(server.received).toHaveLength(1);
    client.socket.destroy();
    await eventually(() => listener.flowCount === 0);
    const third = tcpClient(listener.port);
    third.socket.write(optionsText('TCP'));
    await eventually(() => server.received.length === 2);
  });
});

describe('a request over 1,300 bytes to a device on UDP (RFC 3261 §18.1.1)', () => {
  /** A server on UDP, and a phone at one port number with UDP and, if wished, TCP. */
  const scene = async (phoneHasTcp: boolean) => {
    const phone = new Server();
    const tcpDoor = await openTcp({ address: V4, port: 0, receiver: phone.endpoint });
    const { port } = tcpDoor;
    if (phoneHasTcp) later(tcpDoor);
    else await tcpDoor.close();
    later(await openUdp({ address: V4, port, receiver: phone.endpoint }));
    const tried: string[] = [];
    const server: Server = new Server(({ remote }): Flow | undefined => {
      const to = { transport: 'tcp', remote, local: { address: V4, port: 5060 } } as const;
      if (connector.refusedLately(to)) return undefined;
      tried.push(`${remote.address}:${remote.port}`);
      return connector.flowTo(to);
    });
    const connector: StreamConnector = later(new StreamConnector({ receiver: server.endpoint }));
    const own = later(await openUdp({ address: V4, port: 0, receiver: server.endpoint }));
    const flow = own.flowTo({ address: V4, port });
    const send = async (method: string, padding: number) => {
      expect(statusOf(await ask(server.endpoint, request(method, padding), flow))).toBe(200);
      return phone.received.at(-1)?.request.via.transport;
    };
    return { send, tried, server, phone };
  };

  it('goes by TCP where the device takes it, and a small one by UDP', async () => {
    const { send, tried, server, phone } = await scene(true);
    expect(await send('MESSAGE', 1_300)).toBe('TCP');
    expect(await send('MESSAGE', 10)).toBe('UDP');
    expect(await send('MESSAGE', 5_000)).toBe('TCP');
    expect(tried).toHaveLength(2);
    expect(phone.received[0]?.flow).toBe(phone.received[2]?.flow);
    expect(server.drops).toEqual([]);
  });

  it('goes by UDP where the device refuses TCP, and is not tried again soon', async () => {
    const { send, tried } = await scene(false);
    expect(await send('MESSAGE', 1_300)).toBe('UDP');
    expect(await send('MESSAGE', 1_300)).toBe('UDP');
    expect(tried).toHaveLength(1);
  });

  it('does not wait long for an address that says nothing', async () => {
    const blackHole = createServer();
    later(blackHole);
    const server = new Server();
    const connector = later(new StreamConnector({ receiver: server.endpoint }));
    const flow = connector.flowTo({
      transport: 'tls',
      remote: await new Promise((resolve) => {
        blackHole.listen(0, V4, () => {
          const bound = blackHole.address();
          const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
          resolve({ address: V4, port });
        });
      }),
      local: { address: V4, port: 5061 },
      connectMs: 50,
    });
    if (!flow) throw new Error('no flow');
    expect(statusOf(await ask(server.endpoint, request(), flow))).toBe('transport-error');
  });
});
