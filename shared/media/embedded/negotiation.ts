/** Offer and answer of one leg (RFC 3264, RFC 9429 where a browser is at the other end): what was said, what is open, what is agreed. No packets. */
import { ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import { bestFirst, orderByPreference } from '../codec-plan.ts';
import type {
  CodecName,
  CreateOfferOptions,
  LegKind,
  LegRecord,
  MediaDirection,
  MediaLineRecord,
  MediaRefusal,
} from '../engine.ts';
import type { DescriptionPurpose, LocalTransport } from './leg-transport.ts';
import { eventPayloadsFor, payloadFor } from './sdp/payloads.ts';
import type { Payload } from './sdp/payloads.ts';
import { readRemoteAudio, refuse } from './sdp/remote-audio.ts';
import type { DtlsSetup, RemoteAudio } from './sdp/remote-audio.ts';
import { OFFERED_SUITES } from './sdp/sdes-crypto.ts';
import { attributeOf } from './sdp/session-description.ts';
import { writeSdp } from './sdp/write-sdp.ts';

/** Both sides have spoken. */
export interface Agreement {
  readonly remote: RemoteAudio;
  /** The far side's payload types for what we may send, best first. */
  readonly sendable: readonly Payload[];
  /** Every payload type that may come in, ours and theirs, old ones included (packets under way). */
  readonly receivable: readonly Payload[];
  /** Ours. */
  readonly direction: MediaDirection;
}

type Exchange =
  | { readonly kind: 'idle' }
  | { readonly kind: 'offered' }
  | { readonly kind: 'staged'; readonly remote: RemoteAudio; readonly sdp: string };

export interface NegotiationOptions {
  readonly kind: LegKind;
  readonly legName: string;
  readonly sessionId: string;
  readonly ssrc: number;
  readonly cname: string;
  readonly describe: (purpose: DescriptionPurpose) => LocalTransport;
}

const PROTOCOLS: Readonly<Record<LegKind, string>> = {
  webrtc: 'UDP/TLS/RTP/SAVPF',
  sdes: 'RTP/SAVP',
  rtp: 'RTP/AVP',
};

const ANSWERED: Readonly<Record<MediaDirection, MediaDirection>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

/** Without telephone events. */
export const codecsOf = (payloads: readonly Payload[]): readonly CodecName[] =>
  payloads.flatMap(({ codec }) => (codec === 'telephone-event' ? [] : codec));

const lineOf = (line: RemoteAudio['mediaLines'][number]): MediaLineRecord => {
  const mid = attributeOf('mid', line);
  const { media, protocol } = line;
  return { media, protocol, formats: line.formats.join(' '), ...(mid !== undefined && { mid }) };
};

/**
 * An answer takes one of the suites of the offer (RFC 4568 §5.1.3). With any other there is no key of ours that the far side knows, and
 * the call would be silent; which of the offer's lines it counts as is not asked, since phones get the tag wrong.
 */
function withOfferedKeys(remote: RemoteAudio): RemoteAudio | undefined {
  const { transport } = remote;
  if (transport.kind !== 'sdes') return remote;
  const crypto = transport.crypto.filter(({ keys }) => OFFERED_SUITES.includes(keys.profile.name));
  return crypto.length === 0 ? undefined : { ...remote, transport: { ...transport, crypto } };
}

export class Negotiation {
  readonly #options: NegotiationOptions;
  #version = 0;
  /** Empty when the session has none. */
  #mid: string;
  #bundled: boolean;
  #index = 0;
  #protocol: string;
  #mediaLines: readonly MediaLineRecord[];
  #exchange: Exchange = { kind: 'idle' };
  /** What our last SDP listed. */
  #local: { payloads: readonly Payload[]; direction: MediaDirection } | undefined;
  /** Every payload type this leg has ever used: numbers are not given another meaning (RFC 3264 §8.3.2). */
  #used: readonly Payload[] = [];
  readonly #known = new Set<CodecName>();
  #agreement: Agreement | undefined;
  #localSdp = '';
  #remoteSdp = '';

  constructor(options: NegotiationOptions) {
    this.#options = options;
    this.#protocol = PROTOCOLS[options.kind];
    this.#bundled = options.kind === 'webrtc';
    this.#mid = this.#bundled ? '0' : '';
    this.#mediaLines = [{ media: 'audio', protocol: this.#protocol, formats: '' }];
  }

  get agreement(): Agreement | undefined {
    return this.#agreement;
  }

  get remoteCodecs(): readonly CodecName[] {
    if (this.#exchange.kind === 'staged')
      return bestFirst(codecsOf(this.#exchange.remote.payloads));
    return bestFirst(codecsOf(this.#agreement?.sendable ?? []));
  }

  get knownCodecs(): readonly CodecName[] {
    return bestFirst([...this.#known, ...this.remoteCodecs]);
  }

  createOffer({ codecs, direction = 'sendrecv' }: CreateOfferOptions): string {
    if (this.#exchange.kind !== 'idle') {
      throw new Error(`${this.#options.legName}: an exchange is ${this.#exchange.kind}`);
    }
    if (codecs.length === 0) throw new Error(`${this.#options.legName}: an offer needs a codec`);
    const payloads = this.#payloadsFor(codecs);
    this.#exchange = { kind: 'offered' };
    const transport = this.#options.describe({ kind: 'offer' });
    return this.#write({ payloads, direction, transport, setup: 'actpass' });
  }

  /** Takes the answer to our last offer, also a second one (RFC 3261 §13.2.2.4's forks, or a 183 before the 200). */
  applyAnswer(sdp: string): Result<Agreement, MediaRefusal> {
    const local = this.#local;
    if (!local) throw new Error(`${this.#options.legName}: an answer without an offer`);
    const read = readRemoteAudio(sdp, this.#options.kind);
    if (!read.ok) return read;
    const remote = withOfferedKeys(read.value);
    if (remote === undefined)
      return refuse('malformed', 'answer with an a=crypto suite not offered');
    if (remote.transport.kind === 'webrtc' && remote.transport.setup === 'passive') {
      return refuse('unsupported-profile', 'answer with a=setup:passive; we are the DTLS server');
    }
    const sendable = remote.payloads.filter((theirs) =>
      local.payloads.some(
        (ours) => ours.codec === theirs.codec && ours.clockRate === theirs.clockRate,
      ),
    );
    if (codecsOf(sendable).length === 0) {
      return refuse('no-common-codec', remote.payloads.map((one) => one.codec).join(' '));
    }
    this.#exchange = { kind: 'idle' };
    return ok(this.#agree(remote, { sdp, sendable, direction: local.direction }));
  }

  stageOffer(sdp: string): Result<void, MediaRefusal> {
    if (this.#exchange.kind === 'offered') {
      return refuse('offer-pending', 'our own offer is unanswered');
    }
    const read = readRemoteAudio(sdp, this.#options.kind);
    if (!read.ok) return read;
    const { transport } = read.value;
    if (transport.kind === 'webrtc' && transport.setup === 'passive') {
      return refuse('unsupported-profile', 'offer with a=setup:passive; we are the DTLS server');
    }
    this.#exchange = { kind: 'staged', remote: read.value, sdp };
    return ok(undefined);
  }

  answer(prefer: readonly CodecName[]): { readonly sdp: string; readonly agreement: Agreement } {
    if (this.#exchange.kind !== 'staged') {
      throw new Error(`${this.#options.legName}: an answer without an offer`);
    }
    const { remote, sdp } = this.#exchange;
    this.#exchange = { kind: 'idle' };
    this.#follow(remote);
    const ordered = orderByPreference(codecsOf(remote.payloads), prefer);
    const audio = ordered.flatMap((codec) => remote.payloads.filter((one) => one.codec === codec));
    const events = remote.payloads.filter((one) => one.codec === 'telephone-event');
    const payloads = [...audio, ...events];
    const direction = ANSWERED[remote.direction];
    const transport = this.#options.describe({ kind: 'answer', remote });
    const answer = this.#write({ payloads, direction, transport, setup: 'passive' });
    return { sdp: answer, agreement: this.#agree(remote, { sdp, sendable: payloads, direction }) };
  }

  discard(): void {
    this.#exchange = { kind: 'idle' };
  }

  /** What a record needs of the negotiation. Throws before both SDPs are there. */
  record(): Omit<LegRecord, 'signallingAddress' | 'localAddress'> {
    if (!this.#agreement) throw new Error(`${this.#options.legName}: not negotiated yet`);
    return {
      version: 1,
      kind: this.#options.kind,
      legName: this.#options.legName,
      sessionId: this.#options.sessionId,
      sessionVersion: this.#version,
      mid: this.#mid,
      mediaIndex: this.#index,
      mediaLines: this.#mediaLines,
      payloads: this.#used,
      ssrc: this.#options.ssrc,
      localSdp: this.#localSdp,
      remoteSdp: this.#remoteSdp,
    };
  }

  /** Continues where a record ended; the next thing is an offer of ours. */
  resume(record: LegRecord): void {
    this.#version = record.sessionVersion;
    this.#index = record.mediaIndex;
    this.#mid = record.mid;
    this.#mediaLines = record.mediaLines;
    this.#protocol = record.mediaLines[record.mediaIndex]?.protocol ?? this.#protocol;
    this.#bundled = record.localSdp.includes('\na=group:BUNDLE ');
    this.#used = record.payloads;
    this.#localSdp = record.localSdp;
    this.#remoteSdp = record.remoteSdp;
    for (const codec of codecsOf(record.payloads)) this.#known.add(codec);
  }

  #payloadsFor(codecs: readonly CodecName[]): readonly Payload[] {
    const audio: Payload[] = [];
    for (const codec of codecs) audio.push(payloadFor(codec, [...this.#used, ...audio]));
    const events = eventPayloadsFor(codecs, this.#options.kind, [...this.#used, ...audio]);
    return [...audio, ...events];
  }

  /** An offer sets the shape of the session for all that follows: its m-lines, mid and profile. */
  #follow(remote: RemoteAudio): void {
    this.#index = remote.index;
    this.#mediaLines = remote.mediaLines.map(lineOf);
    this.#protocol = remote.protocol;
    this.#mid = remote.mid ?? '';
    this.#bundled = remote.bundled;
  }

  #write(say: {
    readonly payloads: readonly Payload[];
    readonly direction: MediaDirection;
    readonly transport: LocalTransport;
    readonly setup: DtlsSetup;
  }): string {
    const { sessionId, ssrc, cname } = this.#options;
    this.#version += 1;
    this.#remember(say.payloads);
    this.#local = { payloads: say.payloads, direction: say.direction };
    this.#localSdp = writeSdp({
      ...say,
      sessionId,
      ssrc,
      cname,
      version: this.#version,
      mediaLines: this.#mediaLines,
      index: this.#index,
      mid: this.#mid,
      bundled: this.#bundled,
      protocol: this.#protocol,
    });
    return this.#localSdp;
  }

  #agree(
    remote: RemoteAudio,
    how: {
      readonly sdp: string;
      readonly sendable: readonly Payload[];
      readonly direction: MediaDirection;
    },
  ): Agreement {
    this.#remoteSdp = how.sdp;
    this.#remember(how.sendable);
    for (const codec of codecsOf(remote.payloads)) this.#known.add(codec);
    const { sendable, direction } = how;
    this.#agreement = { remote, sendable, direction, receivable: this.#used };
    return this.#agreement;
  }

  /** Newer meanings come first, so that they win when a far side reuses a number. */
  #remember(payloads: readonly Payload[]): void {
    const older = this.#used.filter(
      (one) =>
        !payloads.some(
          (two) =>
            two.payloadType === one.payloadType ||
            (two.codec === one.codec && two.clockRate === one.clockRate),
        ),
    );
    this.#used = [...payloads, ...older];
  }
}
