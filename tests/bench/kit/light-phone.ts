import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { between, branchOf, headerOf, message, responseLines, statusOf } from './wire-text.ts';

const HOST = '127.0.0.1';
const LONGEST_WAIT_MS = 10_000;

/** A request before it is sent: Via is added, and Authorization when it is challenged. */
export interface LightRequest {
  readonly method: string;
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  /** Further header lines. */
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** One call as a light phone keeps it: what its next request needs. */
export interface LightCall {
  readonly target: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
}

export interface LightPhoneOptions {
  readonly user: string;
  readonly password: string;
  readonly serverPort: number;
  /** Where its SDP says that it hears: a port that is bound, so that nothing bounces. */
  readonly rtpPort: number;
}

type Waiting = (response: string) => void;

/**
 * A phone for load: real SIP over a UDP socket of its own, made of text, with nothing behind it. It answers every INVITE with
 * 200 and every other request too, and takes part in digest anew for each request that is challenged.
 */
export class LightPhone {
  readonly user: string;
  /** Hears of every request that came in, after it was answered; `at`: when it was read, ms of `performance.now()`. */
  onRequest: (request: string, method: string, at: number) => void = () => undefined;
  readonly #options: LightPhoneOptions;
  readonly #socket: Socket;
  readonly #waiting = new Map<string, Waiting>();
  readonly #sdp: string;
  readonly #ha1 = new Map<string, string>();
  readonly #port: number;
  #count = 0;
  #provenAt = 0;
  #answeredInvite = { branch: '', response: '' };

  static async open(options: LightPhoneOptions): Promise<LightPhone> {
    // Never asks the resolver: a look-up per datagram would be the dearest part of it.
    const lookup = (host: string, _: unknown, tell: (e: null, a: string, f: number) => void) =>
      tell(null, host, 4);
    const socket = createSocket({ type: 'udp4', lookup, recvBufferSize: 1 << 20 });
    const listening = once(socket, 'listening');
    socket.bind(0, HOST);
    await listening;
    return new LightPhone(options, socket);
  }

  private constructor(options: LightPhoneOptions, socket: Socket) {
    this.user = options.user;
    this.#options = options;
    this.#socket = socket;
    this.#port = socket.address().port;
    this.#sdp = sdpOf(options.rtpPort);
    socket.on('message', (bytes) => this.#receive(bytes.toString('latin1')));
  }

  /** When its last challenged request went out with its proof; ms, `performance.now()`. */
  get provenAt(): number {
    return this.#provenAt;
  }

  async register(): Promise<void> {
    const address = this.#address('reg');
    await this.request({
      method: 'REGISTER',
      uri: `sip:${HOST}`,
      from: address,
      to: `<sip:${this.user}@${HOST}>`,
      callId: this.#name('reg'),
      headers: [`Contact: ${this.#contact};expires=3600`],
    });
  }

  /** SUBSCRIBEs to the `dialog` package of a user part. */
  async subscribe(target: string): Promise<void> {
    await this.request({
      method: 'SUBSCRIBE',
      uri: `sip:${target}@${HOST}`,
      from: this.#address(this.#name('sub')),
      to: `<sip:${target}@${HOST}>`,
      callId: this.#name('sub'),
      headers: [
        `Contact: ${this.#contact}`,
        'Event: dialog',
        'Accept: application/dialog-info+xml',
        'Expires: 3600',
      ],
    });
  }

  /** Calls, and acknowledges the answer. */
  async call(target: string): Promise<LightCall> {
    const [uri, from] = [`sip:${target}@${HOST}`, this.#address(this.#name('call'))];
    const callId = this.#name('call');
    const response = await this.request({
      method: 'INVITE',
      uri,
      from,
      to: `<${uri}>`,
      callId,
      headers: [
        `Contact: ${this.#contact}`,
        'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY, UPDATE, REFER',
        'Supported: replaces',
        'Content-Type: application/sdp',
      ],
      body: this.#sdp,
    });
    const call = {
      target: between(headerOf(response, 'Contact'), ['<', '>']),
      from,
      to: headerOf(response, 'To'),
      callId,
    };
    this.#acknowledge(call, headerOf(response, 'CSeq').split(' ')[0] ?? '1');
    return call;
  }

  /** A request inside a call. */
  within(call: LightCall, method: string, headers: readonly string[] = []): Promise<string> {
    const { target: uri, from, to, callId } = call;
    return this.request({ method, uri, from, to, callId, headers });
  }

  /** Sends a request, answering one challenge; gives the 2xx. @throws when it is anything else */
  async request(request: LightRequest): Promise<string> {
    const first = await this.#attempt(request, []);
    const response = statusOf(first) === 401 ? await this.#prove(request, first) : first;
    if (statusOf(response) < 300) return response;
    throw new Error(`${request.method} of ${this.user}: ${response.slice(0, 60)}`);
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  #prove(request: LightRequest, challenge: string): Promise<string> {
    if (request.method === 'INVITE') this.#acknowledgeFailure(request, challenge);
    const authorization = this.#authorization(request, challenge);
    this.#provenAt = performance.now();
    return this.#attempt(request, [authorization]);
  }

  #attempt(request: LightRequest, extra: readonly string[]): Promise<string> {
    const { method, body = '', headers = [] } = request;
    this.#count += 1;
    const branch = `z9hG4bK${this.user}x${this.#count}`;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(branch);
        reject(new Error(`no answer to ${method} of ${this.user}`));
      }, LONGEST_WAIT_MS);
      this.#waiting.set(branch, (response) => {
        clearTimeout(late);
        resolve(response);
      });
      const lines = this.#requestLines(request, [String(this.#count), branch]);
      this.#send(message([...lines, ...headers, ...extra], body));
    });
  }

  #requestLines(
    { method, uri, from, to, callId }: LightRequest,
    [cseq, branch]: readonly [string, string],
  ): string[] {
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${HOST}:${this.#port};branch=${branch};rport`,
      'Max-Forwards: 70',
      `From: ${from}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
    ];
  }

  #acknowledge(call: LightCall, cseq: string): void {
    const { target: uri, from, to, callId } = call;
    const branch = `z9hG4bK${this.user}a${this.#count}`;
    this.#send(
      message(this.#requestLines({ method: 'ACK', uri, from, to, callId }, [cseq, branch])),
    );
  }

  #acknowledgeFailure(request: LightRequest, response: string): void {
    const to = headerOf(response, 'To');
    const cseq = headerOf(response, 'CSeq').split(' ')[0] ?? '1';
    const lines = this.#requestLines({ ...request, method: 'ACK', to }, [cseq, branchOf(response)]);
    this.#send(message(lines));
  }

  #authorization({ method, uri }: LightRequest, challenge: string): string {
    const offered = headerOf(challenge, 'WWW-Authenticate');
    const [realm, nonce] = [quoted(offered, 'realm'), quoted(offered, 'nonce')];
    const known = this.#ha1.get(realm);
    const ha1 = known ?? md5(`${this.user}:${realm}:${this.#options.password}`);
    if (known === undefined) this.#ha1.set(realm, ha1);
    const ha2 = md5(`${method}:${uri}`);
    const response = md5(`${ha1}:${nonce}:00000001:c0ffee:auth:${ha2}`);
    return `Authorization: Digest username="${this.user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c0ffee"`;
  }

  #receive(text: string): void {
    if (!text.startsWith('SIP/2.0 ')) return this.#answer(text, performance.now());
    if (text.startsWith('SIP/2.0 1')) return;
    const branch = branchOf(text);
    const waiting = this.#waiting.get(branch);
    this.#waiting.delete(branch);
    waiting?.(text);
  }

  #answer(request: string, at: number): void {
    const method = request.slice(0, request.indexOf(' '));
    if (method === 'INVITE') return this.#answerInvite(request, at);
    if (method !== 'ACK') this.#send(message(responseLines(request, '200 OK', 'light')));
    this.onRequest(request, method, at);
  }

  #answerInvite(request: string, at: number): void {
    const branch = branchOf(request);
    if (branch === this.#answeredInvite.branch) return this.#send(this.#answeredInvite.response);
    const lines = responseLines(request, '200 OK', this.#name('in'));
    const contact = [`Contact: ${this.#contact}`, 'Content-Type: application/sdp'];
    const response = message([...lines, ...contact], this.#sdp);
    this.#answeredInvite = { branch, response };
    this.#send(response);
    this.onRequest(request, 'INVITE', at);
  }

  /** The call that an answered INVITE made, from this side. */
  answered(invite: string): LightCall {
    return {
      target: between(headerOf(invite, 'Contact'), ['<', '>']),
      from: headerOf(this.#answeredInvite.response, 'To'),
      to: headerOf(invite, 'From'),
      callId: headerOf(invite, 'Call-ID'),
    };
  }

  #send(text: string): void {
    this.#socket.send(Buffer.from(text, 'latin1'), this.#options.serverPort, HOST, ignore);
  }

  get #contact(): string {
    return `<sip:${this.user}@${HOST}:${this.#port}>`;
  }

  #address(tag: string): string {
    return `<sip:${this.user}@${HOST}>;tag=${tag}`;
  }

  #name(kind: string): string {
    this.#count += 1;
    // The port too: several devices of a user are several phones.
    return `${kind}${this.user}p${this.#port}x${this.#count}`;
  }
}

const ignore = (): void => undefined;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const quoted = (value: string, name: string): string => between(value, [`${name}="`, '"']);

const sdpOf = (port: number): string =>
  `v=0\r\no=- 1 1 IN IP4 ${HOST}\r\ns=-\r\nc=IN IP4 ${HOST}\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n`;
