import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { ParkDocuments, type ParkedSketch } from '../../fakes/park-documents.ts';
import type { TestUser } from './demo-files.ts';
import { answerHttp, type HttpMood } from './hostile-http.ts';
import { PbxSound, type PbxLeg } from './pbx/pbx-sound.ts';
import { newTag, ScriptedDialog, type PbxWords } from './pbx/scripted-dialog.ts';
import {
  dialledOf,
  echoed,
  headerOf,
  methodOf,
  readSip,
  sipText,
  statusOf,
  tagOf,
  type SipText,
} from './pbx/sip-text.ts';
import type { PhoneConnection } from './pbx/wire.ts';

/** What the server does with a request of one method. */
export type Mood =
  | 'obey'
  /** Not a word. */
  | 'silent'
  /** Something, but no answer. */
  | 'garbage'
  /** The connection ends in its middle. */
  | 'close';

const WORDS: PbxWords = {
  domain: 'pbx.test',
  realm: 'pbx.test',
  contactUser: 'hostile',
  onRequests: '',
  onResponses: 'Server: Hostile/1',
};

const GARBAGE: readonly string[] = [
  'HTTP/1.1 200 OK\r\n\r\n<html>',
  'SIP/2.0',
  'SIP/2.0 999 \r\n\r\n',
  'SIP/2.0 200 OK\r\nVia: x\r\nCSeq: 99999999999999999999 NOTHING\r\n\r\n',
  'NOTIFY sip:\r\nContent-Length: -5\r\n\r\n',
  `INVITE ${'x'.repeat(5_000)} SIP/2.0\r\nVia:\r\nFrom: "\u202e<\r\n\r\n`,
  '{"jsonrpc":"2.0"}',
  '\0\0\0',
];

/** A subscription to the list of parked calls. */
interface ListWatch {
  readonly dialog: ScriptedDialog;
  readonly documents: ParkDocuments;
}

/** A server by the words of ours (WIRE), without its manners: for each method, and for HTTP, the test says how it behaves. */
export class HostileServer {
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'sip' });
  readonly #sound: PbxSound;
  readonly #lists = new Map<string, ListWatch>();
  readonly #legs = new Map<string, PbxLeg>();
  #phone: { readonly contact: string; readonly connection: PhoneConnection } | null = null;
  /** By method; a method that is not there is obeyed. */
  readonly moods = new Map<string, Mood>();
  http: HttpMood = 'obey';
  /** What a new subscription is told. */
  parked: readonly ParkedSketch[] = [];
  /** Status lines that phones answered with. */
  readonly answers: string[] = [];
  /** Requests that came, by their first lines. */
  readonly requests: string[] = [];
  /** Phones that signed in, or said so again. */
  registrations = 0;

  private constructor(http: Server, sound: PbxSound) {
    this.#http = http;
    this.#sound = sound;
    http.on('request', (request: IncomingMessage, response: ServerResponse) =>
      answerHttp(request, response, { mood: this.http, address: this.address }),
    );
    http.on('upgrade', (request, socket, head) =>
      this.#sockets.handleUpgrade(request, socket, head, (phone) => this.#listen(phone)),
    );
  }

  static async start(): Promise<HostileServer> {
    const server = new HostileServer(createServer(), await PbxSound.open([]));
    await new Promise<void>((ready) => server.#http.listen(0, '127.0.0.1', ready));
    return server;
  }

  /** `host:port`, as it is typed under Server. */
  get address(): string {
    return `127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Where a page must be allowed to connect to. */
  get origins(): readonly string[] {
    return ['http', 'https', 'ws'].map((scheme) => `${scheme}://${this.address}`);
  }

  /** Whoever comes; any password is right. */
  user(extension: string): TestUser {
    return { extension, name: extension, password: 'x' };
  }

  get subscriptions(): number {
    return this.#lists.size;
  }

  /** A NOTIFY to whoever watches the list, with whatever body and type. */
  notify(body: string, contentType = 'application/dialog-info+xml'): void {
    for (const { dialog } of this.#lists.values()) send(dialog, body, contentType);
  }

  /** A NOTIFY as it should be, of all that is parked now. */
  tellAll(parked: readonly ParkedSketch[]): void {
    this.parked = parked;
    for (const { dialog, documents } of this.#lists.values()) send(dialog, documents.full(parked));
  }

  /** A NOTIFY as it should be, of these calls alone. */
  tell(changed: readonly ParkedSketch[]): void {
    for (const { dialog, documents } of this.#lists.values())
      send(dialog, documents.partial(changed));
  }

  /** A NOTIFY of a subscription that nobody has. */
  notifyStranger(body: string): void {
    const dialog = this.#alone('"Stranger" <sip:stranger@pbx.test>');
    if (dialog !== null) send(dialog, body);
  }

  /** Any text at all, over the phone's connection. */
  say(text: string): void {
    this.#phone?.connection.send(text);
  }

  /** A call rings; nobody will talk. `from` is the whole value of From. */
  ring(from: string): void {
    const dialog = this.#alone(from);
    if (dialog === null) return;
    const { leg, sdp } = this.#sound.offer();
    this.#legs.set(dialog.callId, leg);
    dialog.send('INVITE', 'Content-Type: application/sdp', sdp);
  }

  /** Every connection ends without a word. */
  cut(): void {
    for (const phone of this.#sockets.clients) phone.terminate();
    this.#lists.clear();
  }

  /** Well-behaved again. */
  repent(): void {
    this.moods.clear();
    this.http = 'obey';
  }

  async close(): Promise<void> {
    this.cut();
    this.#http.closeAllConnections();
    await new Promise<void>((closed) => this.#http.close(() => closed()));
    for (const leg of this.#legs.values()) leg.close();
    await this.#sound.close();
  }

  #alone(from: string): ScriptedDialog | null {
    if (this.#phone === null) return null;
    const { contact, connection } = this.#phone;
    return new ScriptedDialog(
      {
        callId: newTag(),
        local: `${from};tag=${newTag()}`,
        remote: `<${contact}>`,
        target: contact,
      },
      { words: WORDS, phone: connection },
    );
  }

  #listen(socket: WebSocket): void {
    const connection: PhoneConnection = {
      send: (text) => socket.send(text),
      cut: () => socket.terminate(),
    };
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString() : '';
      if (text.trim() !== '') this.#onMessage(readSip(text), connection);
    });
  }

  #onMessage(message: SipText, connection: PhoneConnection): void {
    if (statusOf(message) > 0) {
      this.answers.push(`${message.firstLine} to ${headerOf(message, 'CSeq')}`);
      return;
    }
    this.requests.push(message.firstLine);
    const method = methodOf(message);
    const mood = this.moods.get(method) ?? this.moods.get('*') ?? 'obey';
    switch (mood) {
      case 'silent':
        return;
      case 'close':
        return connection.cut();
      case 'garbage':
        for (const each of GARBAGE) connection.send(each);
        return;
      case 'obey':
        return this.#obey(message, connection);
    }
  }

  #obey(request: SipText, connection: PhoneConnection): void {
    switch (methodOf(request)) {
      case 'ACK':
        return;
      case 'REGISTER':
        return this.#register(request, connection);
      case 'SUBSCRIBE':
        return this.#subscribe(request, connection);
      case 'INVITE':
        return this.#answer(request, connection);
      case 'REFER':
        return respond(request, connection, { status: '202 Accepted' });
      default:
        return respond(request, connection, { status: '200 OK' });
    }
  }

  #register(request: SipText, connection: PhoneConnection): void {
    const contact = headerOf(request, 'Contact');
    const uri = /<([^>]+)>/.exec(contact)?.[1] ?? '';
    if (headerOf(request, 'Expires') !== '0') {
      this.#phone = { contact: uri, connection };
      this.registrations += 1;
    }
    respond(request, connection, {
      status: '200 OK',
      headers: `Contact: <${uri}>;expires=600\nX-Parkline-Api: http://${this.address}`,
    });
  }

  #subscribe(request: SipText, connection: PhoneConnection): void {
    const callId = headerOf(request, 'Call-ID');
    const known = this.#lists.get(callId);
    const over = headerOf(request, 'Expires') === '0';
    if (over) this.#lists.delete(callId);
    if (tagOf(headerOf(request, 'To')) !== '')
      return respond(request, connection, {
        status: known === undefined ? '481 Call/Transaction Does Not Exist' : '200 OK',
        headers: `Expires: ${over ? 0 : 600}`,
      });
    // Lamps and voicemail are nothing that this server knows.
    if (dialledOf(request) !== '*88')
      return respond(request, connection, { status: '404 Not Found' });
    const dialog = ScriptedDialog.by(request, { words: WORDS, phone: connection });
    respond(request, connection, {
      status: '200 OK',
      tag: dialog.tag,
      headers: `Contact: ${dialog.contact}\nExpires: 600`,
    });
    const documents = new ParkDocuments(() => Date.now());
    this.#lists.set(callId, { dialog, documents });
    send(dialog, documents.full(this.parked));
  }

  #answer(request: SipText, connection: PhoneConnection): void {
    const dialog = ScriptedDialog.by(request, { words: WORDS, phone: connection });
    const again = this.#legs.get(dialog.callId);
    const answer =
      again === undefined
        ? this.#sound.answer(request.body)
        : { leg: again, sdp: this.#sound.answerAgain(again, request.body) };
    this.#legs.set(dialog.callId, answer.leg);
    respond(request, connection, {
      status: '200 OK',
      tag: dialog.tag,
      headers: `Contact: ${dialog.contact}\nContent-Type: application/sdp`,
      body: answer.sdp,
    });
  }
}

function send(dialog: ScriptedDialog, body: string, type = 'application/dialog-info+xml'): void {
  const headers = `Event: dialog\nSubscription-State: active;expires=600\nContent-Type: ${type}`;
  dialog.send('NOTIFY', headers, body);
}

function respond(
  request: SipText,
  connection: PhoneConnection,
  answer: {
    readonly status: string;
    readonly headers?: string;
    readonly body?: string;
    readonly tag?: string;
  },
): void {
  const { status, headers = '', body = '', tag = newTag() } = answer;
  const head = `SIP/2.0 ${status}\n${echoed(request, tag)}\n${headers}\n${WORDS.onResponses}`;
  connection.send(sipText(head, body));
}
