import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { makeRequest } from '../../shared/sip/message/builders.ts';
import type { SipRequest } from '../../shared/sip/message/message.ts';
import { Endpoint } from '../../shared/sip/transaction/endpoint.ts';
import type { Flow, Listener } from '../../shared/sip/transaction/flow.ts';
import type { DropReason } from '../../shared/sip/transaction/ports.ts';
import type {
  ClientOutcome,
  ServerTransaction,
} from '../../shared/sip/transaction/transaction-user.ts';
import { systemSipClock, systemSipRandom } from '../../shared/sip/transport/system-ports.ts';
import { openTcp } from '../../shared/sip/transport/tcp.ts';
import { openUdp } from '../../shared/sip/transport/udp.ts';
import { attachWs, openWs } from '../../shared/sip/transport/ws.ts';
import { address as nameAddr } from '../fakes/sip-pair.ts';

const LOOPBACK = '127.0.0.1';

/** An endpoint whose every request is kept, with what it dropped and what went wrong above it. */
class Server {
  readonly errors: unknown[] = [];
  readonly drops: DropReason[] = [];
  readonly received: ServerTransaction[] = [];
  readonly observer = {
    callbackFailed: (error: unknown) => void this.errors.push(error),
    dropped: (why: DropReason) => void this.drops.push(why),
  };
  readonly endpoint = new Endpoint({
    clock: systemSipClock,
    random: systemSipRandom,
    observer: this.observer,
  });

  constructor(answer: (transaction: ServerTransaction) => void = (tx) => void tx.reply(200)) {
    this.endpoint.onRequest((transaction) => {
      this.received.push(transaction);
      answer(transaction);
    });
  }
}

const cleanUps: (() => unknown)[] = [];
const later = <T extends { close(): unknown }>(closable: T): T => {
  cleanUps.push(() => closable.close());
  return closable;
};

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const until = async (condition: () => boolean, withinMs = 5_000): Promise<void> => {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

const options = (cseq = 1): SipRequest =>
  makeRequest({
    method: 'OPTIONS',
    uri: nameAddr('<sip:server@127.0.0.1>').uri,
    from: nameAddr('<sip:test@127.0.0.1>;tag=t'),
    to: nameAddr('<sip:server@127.0.0.1>'),
    callId: `call-${Math.random()}`,
    cseq,
  });

const ask = (endpoint: Endpoint, request: SipRequest, flow: Flow): Promise<ClientOutcome> =>
  new Promise((onFinal) => endpoint.request(request, flow, { onFinal }));

const statusOf = (outcome: ClientOutcome): number | string =>
  outcome.kind === 'response' ? outcome.response.status : outcome.kind;

const rawOptions = (transport: string, extra = ''): string =>
  [
    `OPTIONS sip:server@${LOOPBACK} SIP/2.0`,
    `Via: SIP/2.0/${transport} client.invalid;branch=z9hG4bK${Math.random().toString(36).slice(2)};rport`,
    'Max-Forwards: 70',
    'From: <sip:raw@client.invalid>;tag=raw',
    `To: <sip:server@${LOOPBACK}>`,
    `Call-ID: ${Math.random()}`,
    'CSeq: 1 OPTIONS',
    extra,
    'Content-Length: 0',
    '',
    '',
  ]
    .filter((line, index) => line !== '' || index > 7)
    .join('\r\n');

async function udpClient(): Promise<{ socket: UdpSocket; heard: string[] }> {
  const socket = createSocket('udp4');
  cleanUps.push(() => socket.close());
  const heard: string[] = [];
  socket.on('message', (bytes) => heard.push(bytes.toString()));
  await new Promise<void>((resolve) => socket.bind(0, LOOPBACK, resolve));
  return { socket, heard };
}

async function wsClient(
  listener: Listener,
  path = '/',
): Promise<{ ws: WebSocket; heard: string[] }> {
  const ws = new WebSocket(`ws://${LOOPBACK}:${listener.port}${path}`, 'sip');
  cleanUps.push(() => ws.terminate());
  const heard: string[] = [];
  ws.on('message', (data: Buffer) => heard.push(data.toString()));
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('error', reject);
  });
  return { ws, heard };
}

describe('UDP', () => {
  const open = (server: Server) =>
    openUdp({ address: LOOPBACK, port: 0, receiver: server.endpoint, observer: server.observer });

  it('carries requests and answers both ways between two endpoints', async () => {
    const a = new Server();
    const b = new Server();
    const [from, to] = [later(await open(a)), later(await open(b))];
    const forth = await ask(
      a.endpoint,
      options(),
      from.flowTo({ address: LOOPBACK, port: to.port }),
    );
    expect(statusOf(forth)).toBe(200);
    const [heard] = b.received;
    expect(heard?.flow.remote).toEqual({ address: LOOPBACK, port: from.port });
    const back = heard && (await ask(b.endpoint, options(), heard.flow));
    expect(back && statusOf(back)).toBe(200);
  });

  it('answers to the source when asked (rport), and says where the request came from', async () => {
    const server = new Server();
    const listener = later(await open(server));
    const { socket, heard } = await udpClient();
    socket.send(rawOptions('UDP'), listener.port, LOOPBACK);
    await until(() => heard.length > 0);
    expect(heard[0]).toMatch(/^SIP\/2\.0 200 OK/);
    expect(heard[0]).toContain(`received=${LOOPBACK};rport=${socket.address().port}`.split(';')[0]);
    expect(heard[0]).toContain(`rport=${socket.address().port}`);
  });

  it('answers to the port in Via when not asked', async () => {
    const server = new Server();
    const listener = later(await open(server));
    const { socket } = await udpClient();
    const named = await udpClient();
    const request = rawOptions('UDP')
      .replace(';rport', '')
      .replace('client.invalid;', `${LOOPBACK}:${named.socket.address().port};`);
    socket.send(request, listener.port, LOOPBACK);
    await until(() => named.heard.length > 0);
    expect(named.heard[0]).toMatch(/^SIP\/2\.0 200 OK/);
  });

  it('is one flow per peer, found again by address', async () => {
    const server = new Server();
    const listener = later(await open(server));
    const { socket } = await udpClient();
    socket.send(rawOptions('UDP'), listener.port, LOOPBACK);
    socket.send(rawOptions('UDP'), listener.port, LOOPBACK);
    await until(() => server.received.length === 2);
    expect(server.received[0]?.flow).toBe(server.received[1]?.flow);
    expect(listener.flowTo({ address: LOOPBACK, port: socket.address().port })).toBe(
      server.received[0]?.flow,
    );
    expect(listener.flowCount).toBe(1);
  });

  it('forgets the peer silent longest when there are too many', async () => {
    const server = new Server();
    const { endpoint } = server;
    const listener = later(
      await openUdp({ address: LOOPBACK, port: 0, receiver: endpoint, maxPeers: 2 }),
    );
    const first = listener.flowTo({ address: LOOPBACK, port: 1001 });
    listener.flowTo({ address: LOOPBACK, port: 1002 });
    listener.flowTo({ address: LOOPBACK, port: 1001 });
    listener.flowTo({ address: LOOPBACK, port: 1003 });
    expect(listener.flowCount).toBe(2);
    expect(listener.flowTo({ address: LOOPBACK, port: 1001 })).toBe(first);
  });

  it('forgets peers that fell silent, but none that somebody watches', async () => {
    const { endpoint } = new Server();
    const listener = later(
      await openUdp({ address: LOOPBACK, port: 0, receiver: endpoint, silentPeerMs: 40 }),
    );
    const watched = listener.flowTo({ address: LOOPBACK, port: 1001 });
    watched.onClose(() => undefined);
    listener.flowTo({ address: LOOPBACK, port: 1002 });
    const last = listener.flowTo({ address: LOOPBACK, port: 1003 });
    await until(() => listener.flowCount === 1);
    expect(listener.flowTo({ address: LOOPBACK, port: 1001 })).toBe(watched);
    const again = listener.flowTo({ address: LOOPBACK, port: 1003 });
    expect(again).not.toBe(last);
    // Who goes on speaking is not silent.
    for (let turn = 0; turn < 10; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 15));
      expect(listener.flowTo({ address: LOOPBACK, port: 1003 })).toBe(again);
    }
  });

  it('reports a message that fits no datagram, and a closed listener', async () => {
    const server = new Server();
    const listener = later(await open(server));
    const flow = listener.flowTo({ address: LOOPBACK, port: 9 });
    expect(flow.send(new Uint8Array(70_000))).toBe('too-large');
    let closed = 0;
    flow.onClose(() => (closed += 1));
    await listener.close();
    await listener.close();
    expect(closed).toBe(1);
    expect(flow.send(new Uint8Array(10))).toBe('closed');
    expect(statusOf(await ask(server.endpoint, options(), flow))).toBe('transport-error');
  });

  it('wants an address to advertise on a wildcard', async () => {
    const { endpoint } = new Server();
    await expect(openUdp({ address: '0.0.0.0', port: 0, receiver: endpoint })).rejects.toThrow(
      'advertise',
    );
    const listener = later(
      await openUdp({
        address: '0.0.0.0',
        port: 0,
        receiver: endpoint,
        advertise: { address: LOOPBACK },
      }),
    );
    expect(listener.flowTo({ address: LOOPBACK, port: 9 }).local.address).toBe(LOOPBACK);
  });

  it('rejects an address that is taken', async () => {
    const { endpoint } = new Server();
    const listener = later(await openUdp({ address: LOOPBACK, port: 0, receiver: endpoint }));
    await expect(
      openUdp({ address: LOOPBACK, port: listener.port, receiver: endpoint }),
    ).rejects.toThrow('EADDRINUSE');
  });
});

describe('WebSocket', () => {
  const open = (server: Server, more = {}) =>
    openWs({
      address: LOOPBACK,
      port: 0,
      receiver: server.endpoint,
      observer: server.observer,
      ...more,
    });

  it('carries requests and answers both ways', async () => {
    const server = new Server();
    const listener = later(await open(server));
    const { ws, heard } = await wsClient(listener);
    ws.send(rawOptions('WS'));
    await until(() => heard.length === 1);
    expect(heard[0]).toMatch(/^SIP\/2\.0 200 OK/);
    const flow = server.received[0]?.flow;
    if (!flow) throw new Error('no flow');
    expect(flow).toMatchObject({ transport: 'ws', reliable: true, secure: false, closed: false });
    const answer = ask(server.endpoint, options(), flow);
    await until(() => heard.length === 2);
    const [, request = ''] = heard;
    expect(request).toMatch(
      /^OPTIONS [^\r]+\r\nVia: SIP\/2\.0\/WS 127\.0\.0\.1:\d+;branch=z9hG4bK/,
    );
    const kept = request.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
    ws.send(['SIP/2.0 204 Fine', ...kept, 'Content-Length: 0', '', ''].join('\r\n'));
    expect(statusOf(await answer)).toBe(204);
  });

  it('speaks only with clients that offer the sip subprotocol', async () => {
    const listener = later(await open(new Server()));
    const url = `ws://${LOOPBACK}:${listener.port}/`;
    for (const protocols of [[], ['chat']]) {
      const ws = new WebSocket(url, protocols);
      const problem = await new Promise<Error>((resolve) => ws.once('error', resolve));
      expect(problem.message).toContain('400');
    }
    const both = new WebSocket(url, ['chat', 'sip']);
    await new Promise((resolve) => both.once('open', resolve));
    expect(both.protocol).toBe('sip');
    both.terminate();
  });

  it('serves its own path and origin only', async () => {
    const listener = later(
      await open(new Server(), {
        path: '/sip',
        allowOrigin: (origin: string | undefined) => origin === undefined || origin === 'app://x',
      }),
    );
    const refusal = async (path: string, origin?: string) => {
      const ws = new WebSocket(`ws://${LOOPBACK}:${listener.port}${path}`, 'sip', { origin });
      return new Promise<string>((resolve) => {
        ws.once('error', (error) => resolve(error.message));
        ws.once('open', () => (ws.terminate(), resolve('open')));
      });
    };
    expect(await refusal('/elsewhere')).toContain('404');
    expect(await refusal('/sip', 'https://evil.test')).toContain('403');
    expect(await refusal('/sip', 'app://x')).toBe('open');
    expect(await refusal('/sip?x=1')).toBe('open');
  });

  it('shares an HTTP server, and leaves it running when it is closed', async () => {
    const http = createServer((_request, response) => void response.end('page'));
    cleanUps.push(() => new Promise((resolve) => http.close(resolve)));
    await new Promise<void>((resolve) => http.listen(0, LOOPBACK, resolve));
    const server = new Server();
    const listener = later(attachWs({ server: http, path: '/sip', receiver: server.endpoint }));
    const { ws, heard } = await wsClient(listener, '/sip');
    ws.send(rawOptions('WS'));
    await until(() => heard.length === 1);
    await listener.close();
    await until(() => ws.readyState === WebSocket.CLOSED);
    const page = await fetch(`http://${LOOPBACK}:${listener.port}/`, {
      headers: { connection: 'close' },
    });
    expect(await page.text()).toBe('page');
  });

  it('answers a double line break with one, and pings', async () => {
    const listener = later(await open(new Server(), { pingEveryMs: 20 }));
    const { ws, heard } = await wsClient(listener);
    let pings = 0;
    ws.on('ping', () => (pings += 1));
    ws.send('\r\n\r\n');
    await until(() => heard.length === 1 && pings > 2);
    expect(heard).toEqual(['\r\n']);
    expect(ws.readyState).toBe(WebSocket.OPEN);
  });

  it('closes a connection whose peer no longer answers pings', async () => {
    const server = new Server();
    const listener = later(await open(server, { pingEveryMs: 30 }));
    const ws = new WebSocket(`ws://${LOOPBACK}:${listener.port}/`, 'sip', { autoPong: false });
    cleanUps.push(() => ws.terminate());
    await new Promise((resolve) => ws.once('open', resolve));
    await until(() => listener.flowCount === 1);
    await until(() => listener.flowCount === 0);
  });

  it('closes a connection that never says anything', async () => {
    const listener = later(await open(new Server(), { connectionLimits: { firstMessageMs: 30 } }));
    const { ws } = await wsClient(listener);
    await until(() => ws.readyState === WebSocket.CLOSED);
    expect(listener.flowCount).toBe(0);
  });

  it('closes a connection that sends too many messages', async () => {
    const server = new Server();
    const listener = later(await open(server, { connectionLimits: { messagesPerSecond: 5 } }));
    const { ws } = await wsClient(listener);
    for (let n = 0; n < 50; n++) ws.send(rawOptions('WS'));
    await until(() => ws.readyState === WebSocket.CLOSED);
    expect(server.received.length).toBeLessThan(20);
    expect(server.drops).toContain('overload');
  });

  it('refuses connections beyond its limit, and takes new ones when others have gone', async () => {
    const listener = later(
      await open(new Server(), { connectionLimits: { connectionsPerAddress: 1 } }),
    );
    const { ws } = await wsClient(listener);
    await expect(wsClient(listener)).rejects.toThrow('503');
    ws.terminate();
    await until(() => listener.flowCount === 0);
    await wsClient(listener);
  });

  it('closes a peer that does not read', async () => {
    const server = new Server();
    const listener = later(await open(server, { connectionLimits: { bufferedBytes: 100_000 } }));
    const { ws } = await wsClient(listener);
    ws.send(rawOptions('WS'));
    await until(() => server.received.length === 1);
    const flow = server.received[0]?.flow;
    ws.pause();
    const big = new TextEncoder().encode('x'.repeat(60_000));
    let result = 'sent';
    for (let n = 0; n < 1_000 && result === 'sent'; n++) result = flow?.send(big) ?? 'none';
    expect(result).toBe('closed');
    expect(flow?.closed).toBe(true);
    expect(listener.flowCount).toBe(0);
  });

  it('reports a connection that closed to the request that waits on it', async () => {
    const server = new Server();
    const listener = later(await open(server));
    const { ws } = await wsClient(listener);
    ws.send(rawOptions('WS'));
    await until(() => server.received.length === 1);
    const flow = server.received[0]?.flow;
    if (!flow) throw new Error('no flow');
    const outcome = ask(server.endpoint, options(), flow);
    ws.terminate();
    expect(await outcome).toEqual({ kind: 'transport-error', reason: 'closed' });
  });
});

describe('TCP', () => {
  it('cuts a stream into messages, answers pings, and closes what it cannot follow', async () => {
    const server = new Server();
    const listener = later(
      await openTcp({
        address: LOOPBACK,
        port: 0,
        receiver: server.endpoint,
        observer: server.observer,
      }),
    );
    const socket = connect(listener.port, LOOPBACK);
    cleanUps.push(() => socket.destroy());
    let heard = '';
    let ended = false;
    socket.on('data', (bytes) => (heard += bytes.toString()));
    socket.on('close', () => (ended = true));
    const two = rawOptions('TCP') + rawOptions('TCP');
    socket.write(two.slice(0, 100));
    await until(() => listener.flowCount === 1);
    socket.write(two.slice(100));
    await until(() => heard.split('SIP/2.0 200 OK').length === 3);
    heard = '';
    socket.write('\r\n\r\n');
    await until(() => heard === '\r\n');
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await until(() => ended);
    expect(listener.flowCount).toBe(0);
    expect(server.errors).toEqual([]);
  });
});

describe('hostile bytes', () => {
  const nasty = (): (string | Buffer)[] => [
    '',
    '\0',
    '\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    Buffer.from(Array.from({ length: 1_000 }, (_, n) => (n * 37) % 256)),
    'OPTIONS',
    'OPTIONS sip: SIP/2.0\r\n\r\n',
    rawOptions('UDP').replace('CSeq: 1 OPTIONS', 'CSeq: 99999999999999 OPTIONS'),
    rawOptions('UDP').replace('CSeq: 1 OPTIONS', 'CSeq: 1 INVITE'),
    rawOptions('UDP').replace('SIP/2.0\r\n', 'SIP/7.0\r\n'),
    rawOptions('UDP').replace(/Via: [^\r]+\r\n/, ''),
    rawOptions('UDP').replace(/Via: [^\r]+/, 'Via: ;;;;,,,,'),
    rawOptions('UDP', `X: ${'a'.repeat(20_000)}`),
    rawOptions('UDP', 'Y: 1\r\n'.repeat(400) + 'Z: 1'),
    rawOptions('UDP').replace('Content-Length: 0', 'Content-Length: 9999'),
    rawOptions('UDP').replaceAll('OPTIONS', 'ACK'),
    rawOptions('UDP').replaceAll('OPTIONS', 'CANCEL'),
    'SIP/2.0 200 OK\r\n\r\n',
    'SIP/2.0 999 OK\r\nVia: x\r\n\r\n',
    rawOptions('UDP').replace(/^[^\r]+/, 'SIP/2.0 200 OK'),
  ];

  it('over UDP they are dropped or refused, and the next request is served', async () => {
    const server = new Server();
    const listener = later(
      await openUdp({
        address: LOOPBACK,
        port: 0,
        receiver: server.endpoint,
        observer: server.observer,
      }),
    );
    const { socket, heard } = await udpClient();
    for (const bytes of nasty()) socket.send(bytes, listener.port, LOOPBACK);
    socket.send(rawOptions('UDP', 'Subject: last'), listener.port, LOOPBACK);
    await until(() => heard.some((text) => text.startsWith('SIP/2.0 200')));
    expect(server.received).toHaveLength(1);
    expect(server.errors).toEqual([]);
    expect(heard.filter((text) => !/^SIP\/2\.0 (200|400|481|505|513)/.test(text))).toEqual([]);
  });

  it('over WebSocket they are dropped or refused, and others are not disturbed', async () => {
    const server = new Server();
    const listener = later(
      await openWs({
        address: LOOPBACK,
        port: 0,
        receiver: server.endpoint,
        observer: server.observer,
      }),
    );
    const { ws, heard } = await wsClient(listener);
    for (const bytes of nasty()) ws.send(bytes);
    ws.send(rawOptions('WS', 'Subject: last'));
    await until(() => heard.some((text) => text.startsWith('SIP/2.0 200')));
    const rude = await wsClient(listener);
    rude.ws.send('x'.repeat(300_000));
    await until(() => rude.ws.readyState === WebSocket.CLOSED);
    ws.send(rawOptions('WS'));
    await until(() => server.received.length === 2);
    expect(server.errors).toEqual([]);
  });

  it('a handler that throws costs its own request only', async () => {
    const server = new Server(() => {
      throw new Error('a bug above');
    });
    const listener = later(
      await openWs({
        address: LOOPBACK,
        port: 0,
        receiver: server.endpoint,
        observer: server.observer,
      }),
    );
    const { ws, heard } = await wsClient(listener);
    ws.send(rawOptions('WS'));
    await until(() => heard.length === 1);
    expect(heard[0]).toMatch(/^SIP\/2\.0 500/);
    expect(server.errors).toHaveLength(1);
  });
});
