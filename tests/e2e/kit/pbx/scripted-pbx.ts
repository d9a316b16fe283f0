import { randomBytes } from 'node:crypto';
import type { Speaker } from '../voices.ts';
import { answersChallenge } from './digest.ts';
import { PbxSound } from './pbx-sound.ts';
import { ScriptedCall } from './scripted-call.ts';
import { newTag, ScriptedDialog, type PbxWords } from './scripted-dialog.ts';
import {
  dialledOf,
  echoed,
  headerOf,
  methodOf,
  sipText,
  statusOf,
  tagOf,
  uriOf,
  type SipText,
} from './sip-text.ts';
import { SipWire, type PhoneConnection } from './wire.ts';

export interface Caller {
  readonly name: string;
  readonly number: string;
}

/** A subscription that was accepted. */
export interface ScriptedSubscription {
  /** What was subscribed to: the user part of the Request-URI. */
  readonly resource: string;
  readonly event: string;
  readonly dialog: ScriptedDialog;
  /** Documents sent so far. */
  sent: number;
}

/** What one make of PBX does; `ScriptedPbx` does what RFC 3261 has all of them do. */
export interface PbxScript {
  readonly words: PbxWords;
  /** Who speaks on it: callers, announcements. */
  readonly speakers: readonly Speaker[];
  challenge(request: SipText, nonce: string): string;
  /** Headers of the 200 to a REGISTER. */
  registered(request: SipText): string;
  /** Headers of an INVITE that brings somebody's call. */
  invite(): string;
  /** Whether SUBSCRIBE is accepted: its status line, and the headers that go with it. */
  judge(request: SipText): { readonly status: string; readonly headers: string };
  /** It was accepted, or refreshed: says how things stand. */
  tell(subscription: ScriptedSubscription): void;
  /** A phone dials; the call is answered already. */
  dialled(call: ScriptedCall, digits: string): void;
  referred(call: ScriptedCall, refer: SipText): void;
}

/** The user agent core of a PBX whose every message is a template of its script. */
export class ScriptedPbx {
  readonly #script: PbxScript;
  readonly #sound: PbxSound;
  readonly #nonce = randomBytes(8).toString('hex');
  readonly #bindings = new Map<string, { phone: PhoneConnection; contact: string }>();
  readonly #calls = new Map<string, ScriptedCall>();
  readonly #inviting = new Map<string, (response: SipText) => void>();
  #wire: SipWire | null = null;
  #port = 0;
  readonly subscriptions = new Map<string, ScriptedSubscription>();
  /** What phones did that no script foresaw, and what they refused. A test ends with none. */
  readonly surprises: string[] = [];

  private constructor(script: PbxScript, sound: PbxSound) {
    this.#script = script;
    this.#sound = sound;
  }

  static async start(script: PbxScript): Promise<ScriptedPbx> {
    const pbx = new ScriptedPbx(script, await PbxSound.open(script.speakers));
    await pbx.startAgain();
    return pbx;
  }

  async startAgain(): Promise<void> {
    this.#wire = await SipWire.open(
      (message, phone) => this.#onMessage(message, phone),
      this.#port,
    );
    this.#port = this.#wire.port;
  }

  /** Dies with all it knew. */
  async stop(): Promise<void> {
    await this.#wire?.close();
    this.#wire = null;
    for (const call of this.#calls.values()) call.close();
    this.#bindings.clear();
    this.#calls.clear();
    this.subscriptions.clear();
  }

  async close(): Promise<void> {
    await this.stop();
    await this.#sound.close();
  }

  get webSocketUrl(): string {
    return `ws://127.0.0.1:${this.#port}/ws`;
  }

  passwordOf(user: string): string {
    return `secret-${user}`;
  }

  /** Calls that nobody has ended. */
  get liveCalls(): number {
    return [...this.#calls.values()].filter(({ over }) => !over).length;
  }

  isSignedIn(user: string): boolean {
    return this.#bindings.has(user);
  }

  /** Requests of that method since the last start, refused ones included. */
  received(method: string): readonly SipText[] {
    return (this.#wire?.received ?? []).filter((each) => methodOf(each) === method);
  }

  /** Somebody's call rings at a phone. Resolves once it is answered there. */
  async ring(user: string, caller: Caller): Promise<ScriptedCall> {
    const { words } = this.#script;
    const binding = this.#bindings.get(user);
    if (binding === undefined) throw new Error(`${user} is not signed in`);
    const dialog = new ScriptedDialog(
      {
        callId: newTag(),
        local: `"${caller.name}" <sip:${caller.number}@${words.domain}>;tag=${newTag()}`,
        remote: `<${binding.contact}>`,
        target: binding.contact,
      },
      { words, phone: binding.phone },
    );
    const { leg, sdp } = this.#sound.offer();
    const headers = `${this.#script.invite()}\nContent-Type: application/sdp`;
    const cseq = dialog.send('INVITE', headers, sdp);
    const final = await new Promise<SipText>((resolve) =>
      this.#inviting.set(dialog.callId, resolve),
    );
    dialog.confirm(final);
    dialog.acknowledge(cseq);
    const taken = leg.applyAnswer(final.body);
    if (!taken.ok) throw new Error(taken.error.detail);
    const call = new ScriptedCall({ dialog, user, leg, sound: this.#sound });
    this.#calls.set(dialog.callId, call);
    return call;
  }

  /** A request outside any dialog. */
  sendAlone(user: string, request: { method: string; headers: string; body: string }): void {
    const binding = this.#bindings.get(user);
    if (binding === undefined) throw new Error(`${user} is not signed in`);
    const { words } = this.#script;
    new ScriptedDialog(
      {
        callId: newTag(),
        local: `<sip:${words.contactUser}@${words.domain}>;tag=${newTag()}`,
        remote: `<sip:${user}@${words.domain}>`,
        target: binding.contact,
      },
      { words, phone: binding.phone },
    ).send(request.method, request.headers, request.body);
  }

  /** Final response to a request. */
  respond(
    request: SipText,
    phone: PhoneConnection,
    with_: {
      readonly status: string;
      readonly headers?: string;
      readonly body?: string;
      readonly tag?: string;
    },
  ): void {
    const { status, headers = '', body = '', tag = newTag() } = with_;
    const head = `SIP/2.0 ${status}\n${echoed(request, tag)}\n${headers}`;
    phone.send(sipText(`${head}\n${this.#script.words.onResponses}`, body));
  }

  #onMessage(message: SipText, phone: PhoneConnection): void {
    try {
      if (statusOf(message) > 0) this.#onResponse(message);
      else if (tagOf(headerOf(message, 'To')) !== '') this.#inDialog(message, phone);
      else this.#alone(message, phone);
    } catch (cause) {
      this.surprises.push(`${message.firstLine}: ${String(cause)}`);
    }
  }

  #onResponse(response: SipText): void {
    const status = statusOf(response);
    const [, method = ''] = headerOf(response, 'CSeq').split(' ');
    if (method === 'INVITE' && status >= 200) {
      const callId = headerOf(response, 'Call-ID');
      this.#inviting.get(callId)?.(response);
      this.#inviting.delete(callId);
    }
    // A subscription that ends while its NOTIFY is under way is answered 481: normal.
    if (status >= 300 && status !== 481)
      this.surprises.push(`${response.firstLine} to ${headerOf(response, 'CSeq')}`);
  }

  #alone(request: SipText, phone: PhoneConnection): void {
    const method = methodOf(request);
    if (method === 'ACK') return;
    const { words } = this.#script;
    const user = /sip:([^@]+)@/.exec(headerOf(request, 'From'))?.[1] ?? '';
    const password = this.passwordOf(user);
    if (!answersChallenge(request, { realm: words.realm, nonce: this.#nonce, password }))
      return this.respond(request, phone, {
        status: '401 Unauthorized',
        headers: this.#script.challenge(request, this.#nonce),
      });
    switch (method) {
      case 'REGISTER':
        return this.#register(request, phone, user);
      case 'SUBSCRIBE':
        return this.#subscribe(request, phone);
      case 'INVITE':
        return this.#dial(request, phone, user);
      default:
        this.surprises.push(request.firstLine);
        return this.respond(request, phone, { status: '501 Not Implemented' });
    }
  }

  #register(request: SipText, phone: PhoneConnection, user: string): void {
    const contact = uriOf(headerOf(request, 'Contact'));
    if (headerOf(request, 'Expires') === '0') this.#bindings.delete(user);
    else this.#bindings.set(user, { phone, contact });
    this.respond(request, phone, { status: '200 OK', headers: this.#script.registered(request) });
  }

  #subscribe(request: SipText, phone: PhoneConnection): void {
    const { status, headers } = this.#script.judge(request);
    if (!status.startsWith('2')) return this.respond(request, phone, { status, headers });
    const dialog = ScriptedDialog.by(request, { words: this.#script.words, phone });
    const subscription: ScriptedSubscription = {
      resource: dialledOf(request),
      event: headerOf(request, 'Event'),
      dialog,
      sent: 0,
    };
    this.subscriptions.set(dialog.callId, subscription);
    this.respond(request, phone, {
      status,
      tag: dialog.tag,
      headers: `Contact: ${dialog.contact}\n${headers}`,
    });
    this.#script.tell(subscription);
  }

  #dial(request: SipText, phone: PhoneConnection, user: string): void {
    const dialog = ScriptedDialog.by(request, { words: this.#script.words, phone });
    this.respond(request, phone, { status: '100 Trying', tag: dialog.tag });
    const { leg, sdp } = this.#sound.answer(request.body);
    const call = new ScriptedCall({ dialog, user, leg, sound: this.#sound });
    this.#calls.set(dialog.callId, call);
    this.#accept(request, call, sdp);
    this.#script.dialled(call, dialledOf(request));
  }

  #accept(request: SipText, { dialog }: ScriptedCall, sdp: string): void {
    this.respond(request, dialog.phone, {
      status: '200 OK',
      tag: dialog.tag,
      headers: `Contact: ${dialog.contact}\nContent-Type: application/sdp`,
      body: sdp,
    });
  }

  #inDialog(request: SipText, phone: PhoneConnection): void {
    const method = methodOf(request);
    if (method === 'ACK') return;
    const callId = headerOf(request, 'Call-ID');
    const subscription = this.subscriptions.get(callId);
    if (subscription !== undefined && method === 'SUBSCRIBE')
      return this.#resubscribe(request, phone, subscription);
    const call = this.#calls.get(callId);
    if (call === undefined)
      return this.respond(request, phone, { status: '481 Call/Transaction Does Not Exist' });
    switch (method) {
      case 'BYE':
        this.respond(request, phone, { status: '200 OK' });
        return call.close();
      case 'INVITE':
        return this.#accept(request, call, this.#sound.answerAgain(call.leg, request.body));
      case 'REFER':
        return this.#script.referred(call, request);
      default:
        this.surprises.push(request.firstLine);
        return this.respond(request, phone, { status: '405 Method Not Allowed' });
    }
  }

  #resubscribe(request: SipText, phone: PhoneConnection, kept: ScriptedSubscription): void {
    const gone = headerOf(request, 'Expires') === '0';
    if (gone) this.subscriptions.delete(kept.dialog.callId);
    const { headers } = this.#script.judge(request);
    this.respond(request, phone, {
      status: '200 OK',
      headers: `Contact: ${kept.dialog.contact}\n${gone ? 'Expires: 0' : headers}`,
    });
    if (!gone) this.#script.tell(kept);
  }
}
