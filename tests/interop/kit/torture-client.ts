import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { answerDigest } from './wire-phone.ts';

/** What came back for one message, and whether the connection lived on. */
export interface Verdict {
  /** Status lines of the responses, retransmissions left out. */
  readonly responses: readonly string[];
  /** The server closed the connection. Never over UDP. */
  readonly closed: boolean;
}

/** Sends bytes as they are and gathers what the server says until it has answered an OPTIONS sent right behind. */
export interface TortureClient {
  readonly transport: 'UDP' | 'TCP' | 'WS';
  put(bytes: Uint8Array): Promise<Verdict>;
  /** Sends bytes that leave a stream waiting, and resolves when the server has closed it; then asks anew. Streams only. */
  putUnfinished?(bytes: Uint8Array): Promise<Verdict>;
  close(): Promise<void>;
}

const PATIENCE_MS = 3_000;
let counter = 0;

const probeText = (transport: string): { readonly text: string; readonly callId: string } => {
  const callId = `probe-${++counter}-${process.pid}`;
  const text = [
    'OPTIONS sip:server.test SIP/2.0',
    `Via: SIP/2.0/${transport} 192.0.2.200;branch=z9hG4bK-${callId};rport`,
    'From: <sip:probe@server.test>;tag=p',
    'To: <sip:server.test>',
    `Call-ID: ${callId}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
  return { text, callId };
};

/** All that was heard, message by message; `settled` resolves when the probe was answered or the connection is gone. */
class Ear {
  readonly #seen = new Set<string>();
  #fresh: string[] = [];
  #wake: () => void = () => {};
  closed = false;

  hear(message: string): void {
    // A response that the server sends again is no second response.
    if (this.#seen.has(message)) return;
    this.#seen.add(message);
    this.#fresh.push(message);
    this.#wake();
  }

  gone(): void {
    this.closed = true;
    this.#wake();
  }

  async until(callId: string): Promise<Verdict> {
    const end = performance.now() + PATIENCE_MS;
    const answered = () => this.#fresh.some((message) => message.includes(callId));
    while (!answered() && !this.closed) {
      const left = end - performance.now();
      if (left <= 0)
        throw new Error(`no answer to the OPTIONS behind; heard ${this.#fresh.join('\n')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => (clearTimeout(timer), resolve());
      });
    }
    const responses = this.#fresh.filter((message) => !message.includes(callId));
    this.#fresh = [];
    return { responses, closed: this.closed };
  }
}

/**
 * Over UDP the answer to a message without `rport` goes to the port in its Via: the client listens on all of these, at a loopback
 * address of its own.
 */
export async function udpTortureClient(
  port: number,
  { address, ports }: { readonly address: string; readonly ports: readonly number[] },
): Promise<TortureClient> {
  const ear = new Ear();
  const sockets: UdpSocket[] = [];
  for (const own of new Set([5060, ...ports])) {
    const socket = createSocket('udp4');
    socket.on('message', (bytes) => ear.hear(bytes.toString('latin1')));
    socket.bind(own, address);
    await once(socket, 'listening');
    sockets.push(socket);
  }
  const [first] = sockets;
  return {
    transport: 'UDP',
    async put(bytes) {
      const probe = probeText('UDP');
      first?.send(bytes, port, '127.0.0.1');
      first?.send(probe.text, port, '127.0.0.1');
      return ear.until(probe.callId);
    },
    close: async () => void sockets.map((socket) => socket.close()),
  };
}

export interface SignIn {
  readonly extension: string;
  readonly password: string;
}

/** Signs the connection in: requests on it are then that user's (WIRE.md §10a), and get past the challenge. */
async function register(
  { extension, password }: SignIn,
  transport: string,
  ask: (text: string) => Promise<Verdict>,
): Promise<void> {
  const callId = `register-${++counter}-${process.pid}`;
  const uri = 'sip:127.0.0.1';
  const request = (cseq: number, more: readonly string[]) =>
    [
      `REGISTER ${uri} SIP/2.0`,
      `Via: SIP/2.0/${transport} 192.0.2.200;branch=z9hG4bK-${callId}-${cseq};rport`,
      `From: <sip:${extension}@127.0.0.1>;tag=r`,
      `To: <sip:${extension}@127.0.0.1>`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} REGISTER`,
      `Contact: <sip:${extension}@192.0.2.200;transport=${transport.toLowerCase()}>;expires=600`,
      ...more,
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n');
  const [challenge = ''] = (await ask(request(1, []))).responses;
  const value = /^WWW-Authenticate: (.*)$/im.exec(challenge)?.[1] ?? '';
  const login = { username: extension, password, method: 'REGISTER', uri };
  const authorization = `Authorization: ${answerDigest(value.trim(), login)}`;
  const [answer = ''] = (await ask(request(2, [authorization]))).responses;
  if (!answer.startsWith('SIP/2.0 200')) throw new Error(`sign-in: ${answer}`);
}

/** A connection that is made anew when the server closed it. */
export async function tcpTortureClient(port: number, signIn: SignIn): Promise<TortureClient> {
  let socket: Socket;
  let ear: Ear;
  const open = async (): Promise<void> => {
    const [mine, heard] = [connect(port, '127.0.0.1'), new Ear()];
    let text = '';
    mine.on('data', (bytes) => {
      text += bytes.toString('latin1');
      for (let message = cut(text); message !== ''; message = cut(text)) {
        text = text.slice(message.length);
        heard.hear(message);
      }
    });
    mine.on('close', () => heard.gone());
    mine.on('error', () => {});
    await once(mine, 'connect');
    [socket, ear] = [mine, heard];
    await register(signIn, 'TCP', (text) => ask(text));
  };
  const ask = (bytes: Uint8Array | string): Promise<Verdict> => {
    const probe = probeText('TCP');
    socket.write(bytes);
    socket.write(probe.text);
    return ear.until(probe.callId);
  };
  await open();
  return {
    transport: 'TCP',
    async put(bytes) {
      if (ear.closed) await open();
      return ask(bytes);
    },
    async putUnfinished(bytes) {
      if (ear.closed) await open();
      socket.write(bytes);
      const verdict = await ear.until('a probe that was not sent');
      await open();
      return verdict;
    },
    close: async () => void socket.destroy(),
  };
}

/** The first whole message of a stream; '' when there is none. */
function cut(text: string): string {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return '';
  const length = Number(/^content-length:\s*(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
  return text.length < end + 4 + length ? '' : text.slice(0, end + 4 + length);
}

export async function wsTortureClient(url: string, signIn: SignIn): Promise<TortureClient> {
  let socket: WebSocket;
  let ear: Ear;
  const open = async (): Promise<void> => {
    const [mine, heard] = [new WebSocket(url, 'sip'), new Ear()];
    mine.on('message', (data) => heard.hear(Buffer.from(data as Buffer).toString('latin1')));
    mine.on('close', () => heard.gone());
    await once(mine, 'open');
    [socket, ear] = [mine, heard];
    await register(signIn, 'WS', (text) => ask(text));
  };
  const ask = (bytes: Uint8Array | string): Promise<Verdict> => {
    const probe = probeText('WS');
    socket.send(bytes);
    socket.send(probe.text);
    return ear.until(probe.callId);
  };
  await open();
  return {
    transport: 'WS',
    async put(bytes) {
      if (ear.closed) await open();
      return ask(bytes);
    },
    close: async () => void socket.terminate(),
  };
}
