import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** What a phone sends by, and what arrives. */
export interface Wire {
  readonly transport: 'UDP' | 'WS';
  /** `host:port` for Via and Contact. */
  readonly local: string;
  send(text: string): void;
  close(): Promise<void>;
}

/** A response as text, with the few readings that tests need. */
export class WireResponse {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get status(): number {
    return Number(/^SIP\/2\.0 (\d{3})/.exec(this.text)?.[1]);
  }

  get reason(): string {
    return /^SIP\/2\.0 \d{3} (.*)/.exec(this.text)?.[1]?.trim() ?? '';
  }

  all(name: string): string[] {
    const pattern = new RegExp(`^${name}:\\s*(.*)$`, 'gim');
    return [...this.text.matchAll(pattern)].map((match) => match[1]?.trim() ?? '');
  }

  get(name: string): string {
    return this.all(name)[0] ?? '';
  }
}

export interface RegisterOptions {
  readonly extension: string;
  readonly password?: string;
  /** Contact value; default the phone's own with `expires`. `null`: no Contact. */
  readonly contact?: string | null;
  readonly expires?: number;
  readonly headers?: readonly string[];
  readonly host?: string;
  readonly callId?: string;
  readonly cseq?: number;
}

export interface ReinviteOptions {
  /** From, To and Call-ID lines of the dialog. */
  readonly dialog: readonly string[];
  /** Also the next higher one is used when the request is challenged. */
  readonly cseq: number;
  readonly sdp: string;
  readonly login: { readonly username: string; readonly password: string };
}

/** A phone of the test's own, made of text: it shares no code with the stack under test. */
export class WirePhone {
  readonly wire: Wire;
  readonly #waiting: ((message: string) => void)[] = [];
  readonly #arrived: string[] = [];
  #cseq = 0;

  private constructor(wire: Wire) {
    this.wire = wire;
  }

  static async udp(serverPort: number, localPort = 0): Promise<WirePhone> {
    const socket: Socket = createSocket('udp4');
    socket.bind(localPort, '127.0.0.1');
    await once(socket, 'listening');
    const phone = new WirePhone({
      transport: 'UDP',
      local: `127.0.0.1:${socket.address().port}`,
      send: (text) => socket.send(text, serverPort, '127.0.0.1'),
      close: () => new Promise((resolve) => socket.close(() => resolve())),
    });
    socket.on('message', (data) => phone.#take(data.toString()));
    return phone;
  }

  static async webSocket(url: string): Promise<WirePhone> {
    const socket = new WebSocket(url, 'sip');
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error(`cannot connect to ${url}`)));
    });
    const phone = new WirePhone({
      transport: 'WS',
      local: `${randomBytes(6).toString('hex')}.invalid`,
      send: (text) => socket.send(text),
      close: async () => {
        if (socket.readyState === WebSocket.CLOSED) return;
        const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
        socket.close();
        await closed;
      },
    });
    socket.addEventListener('message', (event) => phone.#take(String(event.data)));
    return phone;
  }

  /** The next message from the server, at most 15 s away: machines may be busy. */
  next(): Promise<string> {
    const arrived = this.#arrived.shift();
    if (arrived !== undefined) return Promise.resolve(arrived);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the server said nothing for 15 s')), 15_000);
      this.#waiting.push((message) => {
        clearTimeout(timer);
        resolve(message);
      });
    });
  }

  /** Sends a request made of lines and returns the final answer. */
  async request(
    method: string,
    uri: string,
    lines: readonly string[],
    maxForwards = 70,
  ): Promise<WireResponse> {
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`;
    const via = `Via: SIP/2.0/${this.wire.transport} ${this.wire.local};branch=${branch};rport`;
    const head = [`${method} ${uri} SIP/2.0`, via, `Max-Forwards: ${maxForwards}`, ...lines];
    this.wire.send(`${[...head, 'Content-Length: 0', '', ''].join('\r\n')}`);
    for (;;) {
      const response = new WireResponse(await this.next());
      if (response.text.includes(branch) && response.status >= 200) return response;
    }
  }

  /** A re-INVITE with SDP: answers a challenge, and acknowledges whatever final answer comes. */
  async reinvite(target: string, options: ReinviteOptions): Promise<WireResponse> {
    const { dialog, cseq, sdp, login } = options;
    const send = async (number: number, authorization: readonly string[]) => {
      const branch = `z9hG4bK${randomBytes(8).toString('hex')}`;
      const via = `Via: SIP/2.0/${this.wire.transport} ${this.wire.local};branch=${branch};rport`;
      const common = [via, 'Max-Forwards: 70', ...dialog];
      const body = ['Content-Type: application/sdp', `Content-Length: ${sdp.length}`, '', sdp];
      const contact = `Contact: <sip:${login.username}@${this.wire.local}>`;
      const head = [`INVITE ${target} SIP/2.0`, ...common, `CSeq: ${number} INVITE`, contact];
      this.wire.send([...head, ...authorization, ...body].join('\r\n'));
      let response = new WireResponse(await this.next());
      while (!response.text.includes(branch) || response.status < 200) {
        response = new WireResponse(await this.next());
      }
      // RFC 3261 §13.2.2.4, §17.1.1.3: a transaction of its own after a 2xx, the INVITE's after a refusal.
      const ack =
        response.status < 300 ? [via.replace(branch, `${branch}a`), ...common.slice(1)] : common;
      const end = [`CSeq: ${number} ACK`, 'Content-Length: 0', '', ''];
      this.wire.send([`ACK ${target} SIP/2.0`, ...ack, ...end].join('\r\n'));
      return response;
    };
    const first = await send(cseq, []);
    if (first.status !== 401) return first;
    const challenge = first.get('WWW-Authenticate');
    const answer = answerDigest(challenge, { ...login, method: 'INVITE', uri: target });
    return send(cseq + 1, [`Authorization: ${answer}`]);
  }

  /** REGISTER; when challenged and given a password, once more with the answer. */
  async register(options: RegisterOptions): Promise<WireResponse> {
    const { extension, host = '127.0.0.1', password } = options;
    const callId = options.callId ?? randomBytes(8).toString('hex');
    const uri = `sip:${host}`;
    const once = (authorization?: string) => {
      this.#cseq = options.cseq ?? this.#cseq + 1;
      return this.request('REGISTER', uri, [
        `From: <sip:${extension}@${host}>;tag=${randomBytes(4).toString('hex')}`,
        `To: <sip:${extension}@${host}>`,
        `Call-ID: ${callId}`,
        `CSeq: ${this.#cseq} REGISTER`,
        ...this.#contactLines(options),
        ...(options.headers ?? []),
        ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
      ]);
    };
    const first = await once();
    if (first.status !== 401 || password === undefined) return first;
    const challenge = first.get('WWW-Authenticate');
    return once(
      answerDigest(challenge, { username: extension, password, method: 'REGISTER', uri }),
    );
  }

  async close(): Promise<void> {
    await this.wire.close();
  }

  #contactLines({ extension, contact, expires = 600 }: RegisterOptions): string[] {
    if (contact === null) return [];
    const ws = this.wire.transport === 'WS' ? ';transport=ws' : '';
    const own = `<sip:${extension}@${this.wire.local}${ws}>;expires=${expires}`;
    return [`Contact: ${contact ?? own}`];
  }

  #take(message: string): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#arrived.push(message);
    else waiting(message);
  }
}

export interface DigestLogin {
  readonly username: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
}

/** An Authorization value for a challenge, by the formulas of RFC 2617 and RFC 7616 alone. */
export function answerDigest(challenge: string, login: DigestLogin): string {
  const param = (name: string) =>
    new RegExp(`${name}="?([^",]+)"?`, 'i').exec(challenge)?.[1] ?? '';
  const algorithm = param('algorithm') || 'MD5';
  const hash = (text: string) =>
    createHash(algorithm === 'SHA-256' ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const [realm, nonce] = [param('realm'), param('nonce')];
  const cnonce = randomBytes(8).toString('hex');
  const ha1 = hash(`${login.username}:${realm}:${login.password}`);
  const ha2 = hash(`${login.method}:${login.uri}`);
  const response = hash(`${ha1}:${nonce}:00000001:${cnonce}:auth:${ha2}`);
  return (
    `Digest username="${login.username}", realm="${realm}", nonce="${nonce}", uri="${login.uri}", ` +
    `response="${response}", algorithm=${algorithm}, qop=auth, nc=00000001, cnonce="${cnonce}"`
  );
}
