import { C } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import { assertNever } from '../../shared/domain/assert-never.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { DisposableStore } from '../../shared/domain/disposable.ts';
import type { NetworkInput } from '../../shared/phone/call-input.ts';
import type { FinalStatus } from '../../shared/phone/call-problem.ts';
import type { CallSpeaker } from './audio/call-speaker.ts';
import type { Microphone } from './audio/microphone.ts';
import { CallPath } from './call-path.ts';
import { QualityMeter } from './call-quality.ts';
import { assertedParty, audioSender, finalStatusOf, reasonOf } from './jssip-words.ts';
import { checkDialog } from './dialog-check.ts';
import type { CallQuality } from './phone-line.ts';
import { refer, type ReferRequest } from './refer.ts';
import { restartIce, setHold, surviveTransportErrors } from './reoffer.ts';
import { SendingTrack } from './sending-track.ts';

export interface CallDeps {
  readonly clock: Clock;
  readonly microphone: Microphone;
  readonly speaker: CallSpeaker;
  readonly iceServers: readonly RTCIceServer[];
  /** How a key reaches the far side, asked at each press. */
  digitsBy(): 'rfc4733' | 'info';
  /** Whether the line is registered. */
  online(): boolean;
  say(input: NetworkInput): void;
  /** The session is over, whatever was said about it. */
  over(): void;
}

interface CallStart {
  readonly id: string;
  readonly session: RTCSession;
  /** What an outgoing call was started with. */
  readonly sending: SendingTrack | null;
}

interface SessionEvent {
  readonly originator: { valueOf(): string };
}

/** JsSIP's `ended` and `failed`. */
interface EndEvent {
  readonly originator: string;
  readonly message: unknown;
  readonly cause: string;
}

/** One call over one JsSIP session: says what happens in the words of `shared/phone`, does what it is told. */
export class JsSipCall {
  readonly id: string;
  readonly session: RTCSession;
  readonly #deps: CallDeps;
  readonly #disposables = new DisposableStore();
  readonly #meter = new QualityMeter();
  readonly #played = new WeakSet<MediaStreamTrack>();
  #sending: SendingTrack | null;
  #endedByMe = false;
  #microphone: 'open' | 'muted' = 'open';
  #mixed = false;
  #path: CallPath | null = null;
  #over = false;

  constructor(start: CallStart, deps: CallDeps) {
    this.id = start.id;
    this.session = start.session;
    this.#sending = start.sending;
    this.#deps = deps;
    surviveTransportErrors(this.session);
    this.#listen();
    if (this.session.connection) this.#receive(this.session.connection);
    this.#sending?.bind(this.session);
  }

  answer(): void {
    if (!this.session.isInProgress()) return;
    const sending = new SendingTrack(this.#deps.microphone);
    this.#sending = sending;
    this.session.answer({
      mediaStream: sending.stream,
      pcConfig: { iceServers: [...this.#deps.iceServers] },
    });
    sending.bind(this.session);
  }

  /** BYE, CANCEL or 603, whatever ends it now. */
  end(): void {
    if (this.#over || this.session.isEnded()) return;
    this.#endedByMe = true;
    const ringsHere =
      this.session.direction.valueOf() === 'incoming' && this.session.isInProgress();
    this.session.terminate(ringsHere ? { status_code: 603 } : {});
  }

  async hold(hold: boolean): Promise<void> {
    const agreed = await setHold(this.session, hold, this.#deps.clock);
    if (this.#over) return;
    if (hold) this.#say({ kind: agreed ? 'hold-done' : 'hold-failed', call: this.id });
    else this.#say({ kind: agreed ? 'resume-done' : 'resume-failed', call: this.id });
  }

  /**
   * A call that rings here came over a connection that is gone, and nothing could answer it any more (RFC 7118 §5: there is no other
   * way back).
   */
  disconnected(): void {
    const { session } = this;
    if (session.direction.valueOf() !== 'incoming' || !session.isInProgress()) return;
    this.#finish({ why: 'connection-lost' });
    session.terminate({ status_code: 480 });
  }

  /** The line is back over a new connection: the server may know nothing of this call, or the network may be another one. */
  check(): void {
    if (this.#over) return;
    checkDialog(this.session, () => this.#lose());
    this.#path?.look();
  }

  /** In a conference it is the mixer that leaves the microphone out: the others must still be heard. */
  setMicrophone(to: 'open' | 'muted'): void {
    this.#microphone = to;
    this.#applyMute();
  }

  get microphone(): 'open' | 'muted' {
    return this.#microphone;
  }

  /** What the far side sends; `null` before there is a connection. */
  get received(): MediaStreamTrack | null {
    const connection: RTCPeerConnection | null = this.session.connection;
    return connection?.getReceivers().find(({ track }) => track.kind === 'audio')?.track ?? null;
  }

  /** Sends a conference's mix in place of the microphone; `null`: the microphone again. */
  sendMix(track: MediaStreamTrack | null): void {
    if (this.#over) return;
    this.#mixed = track !== null;
    this.#applyMute();
    this.#sending?.sendInstead(track);
  }

  /** By RFC 4733 events in the sound; by INFO where a PBX wants that, or agreed on no events. */
  sendDigit(digit: string): void {
    if (!this.session.isEstablished()) return;
    const inSound =
      this.#deps.digitsBy() === 'rfc4733' &&
      audioSender(this.session)?.dtmf?.canInsertDTMF === true;
    const transportType = inSound ? C.DTMF_TRANSPORT.RFC2833 : C.DTMF_TRANSPORT.INFO;
    this.session.sendDTMF(digit, { duration: 160, interToneGap: 80, transportType });
  }

  refer(request: ReferRequest): void {
    const call = this.id;
    refer(this.session, request, {
      accepted: () => this.#say({ kind: 'refer-accepted', call }),
      succeeded: (receipt) => this.#say({ kind: 'refer-succeeded', call, receipt }),
      failed: (final) => this.#say({ kind: 'refer-failed', call, final }),
    });
  }

  async quality(): Promise<CallQuality | null> {
    const connection: RTCPeerConnection | null = this.session.connection;
    return connection === null || this.#over ? null : this.#meter.read(await connection.getStats());
  }

  #applyMute(): void {
    if (this.#microphone === 'muted' && !this.#mixed) this.session.mute({ audio: true });
    else if (this.session.isMuted().audio === true) this.session.unmute({ audio: true });
  }

  #listen(): void {
    const { session, id: call } = this;
    session.on('peerconnection', ({ peerconnection }) => this.#receive(peerconnection));
    // The server needs no candidate of ours (ICE-lite); waiting for the last one would cost seconds.
    session.on('icecandidate', ({ ready }) => ready());
    session.on('connecting', () => this.#sending?.apply());
    session.on('progress', (event: SessionEvent) => {
      if (event.originator.valueOf() === 'remote') this.#say({ kind: 'rings', call });
    });
    session.on('accepted', (event: SessionEvent) => this.#onAccepted(event));
    session.on('confirmed', (event: SessionEvent) => this.#onConfirmed(event));
    session.on('reinvite', ({ request }) => this.#identify(request));
    session.on('update', ({ request }) => this.#identify(request));
    session.on('refer', ({ reject }) => reject());
    session.on('ended', (event) => this.#onEnded(event));
    session.on('failed', (event) => this.#onFailed(event));
  }

  /** Outgoing: the 2xx, which says who really answered. */
  #onAccepted(event: SessionEvent): void {
    if (event.originator.valueOf() !== 'remote') return;
    const response = 'response' in event ? event.response : null;
    this.#say({ kind: 'answered', call: this.id, party: assertedParty(response) });
  }

  /** Incoming: the ACK. */
  #onConfirmed(event: SessionEvent): void {
    if (event.originator.valueOf() === 'remote')
      this.#say({ kind: 'answered', call: this.id, party: null });
  }

  #identify(message: unknown): void {
    const party = assertedParty(message);
    if (party !== null) this.#say({ kind: 'party-changed', call: this.id, party });
  }

  #lose(): void {
    if (!this.session.isEnded()) this.session.terminate({ cause: C.causes.DIALOG_ERROR });
  }

  #receive(connection: RTCPeerConnection): void {
    this.#followPath(connection);
    const play = (track: MediaStreamTrack) => {
      if (track.kind !== 'audio' || this.#played.has(track)) return;
      this.#played.add(track);
      this.#disposables.add(this.#deps.speaker.play(new MediaStream([track]), this.id));
    };
    connection.addEventListener('track', ({ track }) => play(track));
    for (const receiver of connection.getReceivers()) play(receiver.track);
  }

  #followPath(connection: RTCPeerConnection): void {
    this.#path?.dispose();
    this.#path = new CallPath(connection, {
      clock: this.#deps.clock,
      online: () => !this.#over && this.#deps.online(),
      renew: () => restartIce(this.session, this.#deps.clock),
    });
  }

  #onEnded(event: EndEvent): void {
    if (event.originator.valueOf() === 'remote') return this.#finish({ why: 'bye' });
    const lost =
      event.cause === 'Connection Error' ||
      event.cause === 'Dialog Error' ||
      (event.cause === 'RTP Timeout' && this.#path?.wasThere === true);
    this.#finish({ why: lost ? 'connection-lost' : 'media' });
  }

  /** The call never was answered. */
  #onFailed(event: EndEvent): void {
    if (this.session.direction.valueOf() === 'incoming')
      this.#finish({ why: whyIncomingFailed(event) });
    else this.#finish({ final: finalStatusOf(event.message) ?? withoutAnswer(event.cause) });
  }

  #finish(end: { readonly why: GoneWhy } | { readonly final: FinalStatus }): void {
    if (this.#over) return;
    this.#over = true;
    this.#sending?.dispose();
    this.#path?.dispose();
    this.#disposables.dispose();
    this.#deps.over();
    // What I ended myself is known already.
    if (this.#endedByMe) return;
    if ('why' in end) this.#deps.say({ kind: 'gone', call: this.id, why: end.why });
    else this.#deps.say({ kind: 'refused', call: this.id, final: end.final });
  }

  #say(input: NetworkInput): void {
    if (!this.#over) this.#deps.say(input);
  }
}

type GoneWhy = Extract<NetworkInput, { kind: 'gone' }>['why'];

function whyIncomingFailed(event: EndEvent): GoneWhy {
  if (event.originator.valueOf() !== 'remote')
    return event.cause === 'Connection Error' ? 'connection-lost' : 'media';
  // RFC 3326: a CANCEL that names a 200 was answered by another device.
  return reasonOf(event.message)?.cause === 200 ? 'answered-elsewhere' : 'cancel';
}

type Silence = 'Connection Error' | 'Request Timeout' | 'other';

/** A call that failed without a response: status 0, or the status that says as much. */
function withoutAnswer(cause: string): FinalStatus {
  const silence: Silence =
    cause === 'Connection Error' || cause === 'Request Timeout' ? cause : 'other';
  switch (silence) {
    case 'Connection Error':
      return { status: 0, phrase: 'no connection', reasonText: null };
    case 'Request Timeout':
      return { status: 408, phrase: 'Request Timeout', reasonText: null };
    case 'other':
      return { status: 488, phrase: cause, reasonText: null };
    default:
      return assertNever(silence);
  }
}
