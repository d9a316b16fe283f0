import { UA, URI } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import { assertNever } from '../../shared/domain/assert-never.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { DisposableStore, type Disposable } from '../../shared/domain/disposable.ts';
import type { NetworkInput } from '../../shared/phone/call-input.ts';
import type { TransferTarget } from '../../shared/phone/call.ts';
import type { FinalStatus } from '../../shared/phone/call-problem.ts';
import type { CallSpeaker } from './audio/call-speaker.ts';
import type { Microphone } from './audio/microphone.ts';
import { Conference } from './conference.ts';
import { readDialTarget } from './dial-target.ts';
import { Emitter } from './emitter.ts';
import { JsSipCall } from './jssip-call.ts';
import { configurationOf, type LineAccount } from './jssip-configuration.ts';
import { assertedParty, autoAnswerOf, partyOf, recallOf } from './jssip-words.ts';
import { LampWatch } from './lamp-watch.ts';
import { LineLiveness } from './line-liveness.ts';
import { watchParks, type ParkWatch } from './park-watch.ts';
import type { CallQuality, LineEffect, LineEvent, LineState, PhoneLine } from './phone-line.ts';
import { referRequest } from './refer.ts';
import { Registration } from './registration.ts';
import { SendingTrack } from './sending-track.ts';
import { SignallingSocket } from './signalling-socket.ts';
import type { SipTrace } from './trace.ts';
import { VoicemailWatch } from './voicemail-watch.ts';

export interface LineDeps {
  readonly clock: Clock;
  readonly trace: SipTrace;
  readonly microphone: Microphone;
  readonly speaker: CallSpeaker;
  readonly userAgent: string;
  /** Asked when a call starts: they come from the server's own HTTP. */
  iceServers(): readonly RTCIceServer[];
  /** How a key pressed in a call reaches the far side. */
  digitsBy(): 'rfc4733' | 'info';
}

const STOP_LIMIT_MS = 2_000;
const NO_CONNECTION: FinalStatus = { status: 0, phrase: 'no connection', reasonText: null };
const BAD_TARGET: FinalStatus = { status: 484, phrase: 'Address Incomplete', reasonText: null };

/** The phone's line over JsSIP: one user agent, one WebSocket, any number of calls, one park list. */
export class JsSipLine implements PhoneLine {
  readonly #account: LineAccount;
  readonly #deps: LineDeps;
  readonly #ua: UA;
  readonly #socket: SignallingSocket;
  readonly #events = new Emitter<LineEvent>();
  readonly #calls = new Map<string, JsSipCall>();
  readonly #conference: Conference;
  readonly #disposables = new DisposableStore();
  readonly #liveness: LineLiveness;
  readonly #parkList: ParkWatch;
  readonly #lamps: LampWatch;
  /** None where the PBX tells of no box. */
  readonly #voicemail: readonly VoicemailWatch[];
  #state: LineState = { kind: 'stopped' };

  constructor(account: LineAccount, deps: LineDeps) {
    this.#account = account;
    this.#deps = deps;
    this.#conference = this.#disposables.add(new Conference(deps.microphone));
    this.#socket = new SignallingSocket({
      url: account.webSocketUrl,
      clock: deps.clock,
      trace: deps.trace,
    });
    this.#ua = new UA(configurationOf(account, deps.userAgent, this.#socket));
    this.#disposables.add(new Registration(this.#ua, deps.clock, (state) => this.#become(state)));
    this.#liveness = this.#disposables.add(new LineLiveness(this.#ua, this.#socket, deps.clock));
    this.#parkList = this.#disposables.add(
      watchParks(account.parkSource, {
        ua: this.#ua,
        clock: deps.clock,
        uriOf: (digits) => this.#uri(digits).toString(),
        onEvent: (event) => this.#events.emit({ kind: 'park-list', event }),
      }),
    );
    this.#lamps = this.#disposables.add(
      new LampWatch({
        ua: this.#ua,
        clock: deps.clock,
        uriOf: (digits) => this.#uri(digits).toString(),
        onEvent: (digits, event) => this.#events.emit({ kind: 'lamp', digits, event }),
      }),
    );
    this.#voicemail = this.#watchVoicemail(account);
    this.#ua.on(
      'newRTCSession',
      (event: { originator: string; session: RTCSession; request: unknown }) => {
        if (event.originator === 'remote') this.#onInvite(event.session, event.request);
      },
    );
    this.#ua.on('disconnected', () => {
      for (const call of this.#calls.values()) call.disconnected();
    });
    this.#ua.on('sipEvent', ({ event }) => this.#onSipEvent(event));
  }

  get state(): LineState {
    return this.#state;
  }

  start(): void {
    this.#become({ kind: 'connecting' });
    this.#ua.start();
  }

  async stop(): Promise<void> {
    this.#parkList.stop();
    const gone = new Promise<void>((resolve) => {
      this.#ua.on('disconnected', () => resolve());
      this.#deps.clock.after(STOP_LIMIT_MS, resolve);
    });
    this.#ua.stop();
    await gone;
    this.#disposables.dispose();
    this.#become({ kind: 'stopped' });
  }

  nudge(why: string): void {
    this.#deps.trace.add('note', `checking the line: ${why}`);
    this.#liveness.check();
    this.#parkList.refresh();
  }

  reconnect(why: string): void {
    this.#socket.drop(why);
  }

  onEvent(run: (event: LineEvent) => void): Disposable {
    return this.#events.listen(run);
  }

  perform(effect: LineEffect): void {
    const call = effect.kind === 'mix' ? undefined : this.#calls.get(effect.call);
    switch (effect.kind) {
      case 'dial':
        return this.#dial(effect.call, effect.target);
      case 'answer':
        return call?.answer();
      case 'end':
        return call?.end();
      case 'hold':
      case 'unhold':
        return this.#hold(effect.call, effect.kind === 'hold');
      case 'set-microphone':
        call?.setMicrophone(effect.to);
        return this.#conference.setMicrophone(effect.call, effect.to);
      case 'send-digit':
        return call?.sendDigit(effect.digit);
      case 'mix':
        return this.#conference.mix(effect.calls.flatMap((id) => this.#calls.get(id) ?? []));
      case 'refer':
        return this.#refer(effect.call, effect.target);
      default:
        return assertNever(effect);
    }
  }

  resyncParkList(): void {
    this.#parkList.again();
  }

  expectParkChange(): void {
    this.#parkList.expectChange();
  }

  watchLamps(digits: readonly string[]): void {
    this.#lamps.watch(digits);
  }

  async quality(callId: string): Promise<CallQuality | null> {
    return (await this.#calls.get(callId)?.quality()) ?? null;
  }

  #dial(call: string, target: string): void {
    const uri = readDialTarget(target, this.#account.domain);
    if (uri === null) return this.#sayLater({ kind: 'refused', call, final: BAD_TARGET });
    if (!this.#ua.isConnected())
      return this.#sayLater({ kind: 'refused', call, final: NO_CONNECTION });
    const sending = new SendingTrack(this.#deps.microphone);
    try {
      const session = this.#ua.call(uri.toString(), {
        mediaStream: sending.stream,
        pcConfig: { iceServers: [...this.#deps.iceServers()] },
      });
      this.#adopt(call, session, sending);
    } catch (cause) {
      sending.dispose();
      this.#deps.trace.add('note', `call could not be started: ${String(cause)}`);
      this.#sayLater({ kind: 'refused', call, final: BAD_TARGET });
    }
  }

  #hold(call: string, hold: boolean): void {
    // A re-INVITE on a broken connection would end the call.
    if (this.#ua.isConnected()) void this.#calls.get(call)?.hold(hold);
    else this.#sayLater({ kind: hold ? 'hold-failed' : 'resume-failed', call });
  }

  #refer(call: string, target: TransferTarget): void {
    const request = referRequest(target, {
      domain: this.#account.domain,
      dialogOf: (id) => this.#calls.get(id)?.session ?? null,
    });
    const session = this.#calls.get(call);
    if (request === null || session === undefined || !this.#ua.isConnected()) {
      return this.#sayLater({
        kind: 'refer-failed',
        call,
        final: request === null ? BAD_TARGET : NO_CONNECTION,
      });
    }
    session.refer(request);
    if (target.kind === 'park') this.#parkList.expectChange();
  }

  #onInvite(session: RTCSession, request: unknown): void {
    // What the far side calls it may be of any length, and another account's call as well: one INVITE that forks has one Call-ID.
    const id = crypto.randomUUID();
    this.#adopt(id, session, null);
    const party = assertedParty(request) ?? partyOf(session.remote_identity);
    const autoAnswerAfterMs = autoAnswerOf(request);
    this.#say({
      kind: 'came-in',
      call: id,
      party,
      recall: recallOf(request, this.#account),
      ...(autoAnswerAfterMs === null ? {} : { autoAnswerAfterMs }),
    });
  }

  #adopt(id: string, session: RTCSession, sending: SendingTrack | null): void {
    const { clock, microphone, speaker } = this.#deps;
    const call = new JsSipCall(
      { id, session, sending },
      {
        clock,
        microphone,
        speaker,
        iceServers: this.#deps.iceServers(),
        digitsBy: () => this.#deps.digitsBy(),
        online: () => this.#state.kind === 'registered',
        say: (input) => this.#say(input),
        over: () => this.#calls.delete(id),
      },
    );
    this.#calls.set(id, call);
  }

  #watchVoicemail({ voicemail, extension }: LineAccount): readonly VoicemailWatch[] {
    if (voicemail.kind === 'none') return [];
    const watch = new VoicemailWatch({
      ua: this.#ua,
      clock: this.#deps.clock,
      target: this.#uri(extension).toString(),
      dial: voicemail.dial,
      say: (summary) => this.#events.emit({ kind: 'voicemail', summary }),
    });
    return [this.#disposables.add(watch)];
  }

  #onSipEvent(event: unknown): void {
    const name =
      typeof event === 'object' && event !== null && 'event' in event ? event.event : null;
    if (name !== 'park-info') return;
    this.#parkList.refresh();
    this.#events.emit({ kind: 'park-hint' });
  }

  #become(state: LineState): void {
    const isBack = state.kind === 'registered' && this.#state.kind !== 'registered';
    this.#state = state;
    if (isBack) for (const call of this.#calls.values()) call.check();
    for (const list of [this.#parkList, this.#lamps, ...this.#voicemail]) {
      if (state.kind === 'registered') list.start();
      else if (state.kind === 'offline' || state.kind === 'refused') list.lose();
    }
    this.#events.emit({ kind: 'state', state });
  }

  #say(input: NetworkInput): void {
    this.#events.emit({ kind: 'call', input });
  }

  #sayLater(input: NetworkInput): void {
    queueMicrotask(() => this.#say(input));
  }

  #uri(user: string): URI {
    return new URI('sip', user, this.#account.domain);
  }
}
