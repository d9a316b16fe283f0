/** A leg of the fake media engine: real SDP text, packets replaced by triggers (`connect`, `press`, `goAway`). */
import type { Disposable } from '../../shared/domain/disposable.ts';
import type { Result } from '../../shared/domain/result.ts';
import { bestFirst, orderByPreference } from '../../shared/media/codec-plan.ts';
import type {
  CodecName,
  CreateAnswerOptions,
  CreateOfferOptions,
  GoneReason,
  Hearing,
  LegKind,
  LegRecord,
  LegStats,
  MediaDirection,
  MediaLeg,
  MediaRefusal,
  OpenLegOptions,
  RemoteHold,
} from '../../shared/media/engine.ts';
import {
  ANSWERS,
  FINGERPRINT,
  PAYLOAD_TYPES,
  PROFILES,
  readSdp,
  refuse,
  RTPMAPS,
} from './fake-media-sdp.ts';
import type { ReadSdp } from './fake-media-sdp.ts';

class Listeners<T extends unknown[]> {
  readonly #runs = new Set<(...args: T) => void>();

  add(run: (...args: T) => void): Disposable {
    this.#runs.add(run);
    return { dispose: () => void this.#runs.delete(run) };
  }

  emit(...args: T): void {
    for (const run of [...this.#runs]) run(...args);
  }
}

/** What a fake leg needs of its engine. */
export interface FakeLegOwner {
  readonly connectAtOnce: boolean;
  forget(leg: FakeMediaLeg): void;
}

export class FakeMediaLeg implements MediaLeg {
  readonly id: string;
  readonly legName: string;
  readonly kind: LegKind;
  readonly options: OpenLegOptions;
  closed = false;
  connected = false;
  hearing: Hearing = { kind: 'silence' };
  remoteHold: RemoteHold = 'none';
  sendingCodec: CodecName | undefined;
  /** What `sendDtmf` was asked for, oldest first. */
  readonly sentDigits: { readonly digit: string; readonly durationMs: number }[] = [];
  /** The last SDP each side sent. */
  localSdp = '';
  remoteSdp = '';

  readonly #engine: FakeLegOwner;
  readonly #connectedRuns = new Listeners<[]>();
  readonly #digits = new Listeners<[string]>();
  readonly #gone = new Listeners<[GoneReason]>();
  readonly #sessionId: string;
  readonly #known = new Set<CodecName>();
  #version = 0;
  #mid = '0';
  #codecs: readonly CodecName[] = [];
  #receiving: CodecName | undefined;
  #offered: readonly CodecName[] | undefined;
  #offerOpen = false;
  #staged: { readonly read: ReadSdp; readonly sdp: string } | undefined;

  constructor(engine: FakeLegOwner, id: string, kind: LegKind, options: OpenLegOptions) {
    this.#engine = engine;
    this.id = id;
    this.kind = kind;
    this.legName = options.legName;
    this.options = options;
    this.#sessionId = String(1_000_000 + Number(id.replace(/\D/g, '')));
  }

  get remoteCodecs(): readonly CodecName[] {
    return bestFirst(this.#staged?.read.codecs ?? this.#codecs);
  }

  get knownCodecs(): readonly CodecName[] {
    return bestFirst([...this.#known, ...(this.#staged?.read.codecs ?? [])]);
  }

  get receivingCodec(): CodecName | undefined {
    return this.#receiving;
  }

  /** True while an offer of ours waits for its answer. */
  get offerOpen(): boolean {
    return this.#offerOpen;
  }

  createOffer(options: CreateOfferOptions): string {
    this.#mustBeOpen();
    if (this.#offerOpen) throw new Error(`${this.legName}: an offer is unanswered`);
    if (options.codecs.length === 0) throw new Error(`${this.legName}: an offer needs a codec`);
    this.#offerOpen = true;
    this.#offered = options.codecs;
    this.localSdp = this.#write(options.codecs, options.direction ?? 'sendrecv', 'actpass');
    return this.localSdp;
  }

  applyAnswer(sdp: string): Result<void, MediaRefusal> {
    this.#mustBeOpen();
    const offered = this.#offered;
    if (!offered) throw new Error(`${this.legName}: an answer without an offer`);
    const read = readSdp(sdp);
    if (!read.ok) return read;
    if (read.value.kind !== this.kind) return refuse('unsupported-profile', read.value.kind);
    const codecs = read.value.codecs.filter((codec) => offered.includes(codec));
    if (codecs.length === 0) return refuse('no-common-codec', read.value.codecs.join(' '));
    this.#offerOpen = false;
    this.#accept({ ...read.value, codecs }, sdp);
    return { ok: true, value: undefined };
  }

  applyOffer(sdp: string): Result<void, MediaRefusal> {
    this.#mustBeOpen();
    if (this.#offerOpen) return refuse('offer-pending', this.legName);
    const read = readSdp(sdp);
    if (!read.ok) return read;
    if (read.value.kind !== this.kind) return refuse('unsupported-profile', read.value.kind);
    this.#staged = { read: read.value, sdp };
    return { ok: true, value: undefined };
  }

  createAnswer(options: CreateAnswerOptions): string {
    this.#mustBeOpen();
    const staged = this.#staged;
    if (!staged) throw new Error(`${this.legName}: an answer without an offer`);
    this.#staged = undefined;
    this.#mid = staged.read.mid;
    const codecs = orderByPreference(staged.read.codecs, options.prefer);
    this.localSdp = this.#write(codecs, ANSWERS[staged.read.direction], 'passive');
    this.#accept({ ...staged.read, codecs }, staged.sdp);
    return this.localSdp;
  }

  discardPending(): void {
    this.#staged = undefined;
    this.#offerOpen = false;
  }

  onConnected(run: () => void): Disposable {
    if (this.connected) run();
    return this.connected ? { dispose: () => undefined } : this.#connectedRuns.add(run);
  }

  onDtmf(run: (digit: string) => void): Disposable {
    return this.#digits.add(run);
  }

  get takesDtmf(): boolean {
    return this.remoteHold === 'none' && /^a=rtpmap:\d+ telephone-event\//m.test(this.remoteSdp);
  }

  sendDtmf(digit: string, durationMs: number): void {
    if (this.takesDtmf) this.sentDigits.push({ digit, durationMs });
  }

  onGone(run: (reason: GoneReason) => void): Disposable {
    return this.#gone.add(run);
  }

  stats(): LegStats {
    return {
      packetsSent: 0,
      packetsReceived: 0,
      bytesSent: 0,
      bytesReceived: 0,
      packetsLost: 0,
      jitterMs: 0,
      packetsRejected: 0,
      ...(this.#receiving && { receivingCodec: this.#receiving }),
      ...(this.sendingCodec && { sendingCodec: this.sendingCodec }),
    };
  }

  record(): LegRecord {
    if (!this.localSdp || !this.remoteSdp) throw new Error(`${this.legName}: not negotiated yet`);
    const formats = this.#codecs.map((codec) => PAYLOAD_TYPES[codec]).join(' ');
    return {
      version: 1,
      kind: this.kind,
      legName: this.legName,
      sessionId: this.#sessionId,
      sessionVersion: this.#version,
      mid: this.#mid,
      mediaIndex: 0,
      mediaLines: [{ media: 'audio', protocol: PROFILES[this.kind], formats }],
      payloads: this.#codecs.map((codec) => ({
        payloadType: PAYLOAD_TYPES[codec],
        codec,
        clockRate: codec === 'opus' ? 48_000 : 8_000,
      })),
      ssrc: 1,
      localSdp: this.localSdp,
      remoteSdp: this.remoteSdp,
    };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#engine.forget(this);
  }

  /** Trigger: DTLS comes up (WebRTC). RTP and SDES legs connect by themselves with the second SDP. */
  connect(): void {
    if (this.connected) return;
    this.connected = true;
    this.#connectedRuns.emit();
  }

  /** Trigger: the far side presses a key. */
  press(digits: string): void {
    for (const digit of digits) this.#digits.emit(digit);
  }

  /** Trigger: the far side is gone. */
  goAway(reason: GoneReason = 'stun-silence'): void {
    this.#gone.emit(reason);
  }

  /** Takes over what a record says; `FakeMediaEngine.restore` calls it. */
  resume(record: LegRecord): void {
    this.#version = record.sessionVersion;
    this.#mid = record.mid;
    this.#codecs = record.payloads.flatMap(({ codec }) =>
      codec === 'telephone-event' ? [] : codec,
    );
    for (const codec of this.#codecs) this.#known.add(codec);
    this.localSdp = record.localSdp;
    this.remoteSdp = record.remoteSdp;
  }

  #accept(read: ReadSdp, sdp: string): void {
    this.remoteSdp = sdp;
    this.#codecs = read.codecs;
    for (const codec of read.codecs) this.#known.add(codec);
    this.#receiving = read.codecs[0];
    this.sendingCodec = read.codecs[0];
    this.remoteHold =
      read.direction === 'sendonly' || read.direction === 'inactive' ? read.direction : 'none';
    if (this.kind !== 'webrtc' || this.#engine.connectAtOnce) this.connect();
  }

  #write(codecs: readonly CodecName[], direction: MediaDirection, setup: string): string {
    this.#version += 1;
    const payloads = [...codecs.map((codec) => PAYLOAD_TYPES[codec]), 126];
    const secured =
      this.kind === 'webrtc'
        ? [
            'a=rtcp-mux',
            `a=ice-ufrag:fake${this.id}`,
            'a=ice-pwd:fakefakefakefakefakefake',
            `a=fingerprint:sha-256 ${FINGERPRINT}`,
            `a=setup:${setup}`,
            'a=candidate:1 1 udp 2130706431 127.0.0.1 40000 typ host',
          ]
        : this.kind === 'sdes'
          ? ['a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj']
          : [];
    const session = this.kind === 'webrtc' ? ['a=ice-lite', `a=group:BUNDLE ${this.#mid}`] : [];
    return [
      'v=0',
      `o=- ${this.#sessionId} ${this.#version} IN IP4 127.0.0.1`,
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      ...session,
      `m=audio 40000 ${PROFILES[this.kind]} ${payloads.join(' ')}`,
      ...(this.kind === 'webrtc' ? [`a=mid:${this.#mid}`] : []),
      ...secured,
      ...codecs.map((codec) => `a=rtpmap:${PAYLOAD_TYPES[codec]} ${RTPMAPS[codec]}`),
      'a=rtpmap:126 telephone-event/8000',
      'a=fmtp:126 0-16',
      'a=ptime:20',
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  #mustBeOpen(): void {
    if (this.closed) throw new Error(`${this.legName}: closed`);
  }
}
