/**
 * The port between call control and media. Call control speaks of legs, of SDP as text, and of who hears what;
 * an adapter (embedded, one day rtpengine) owns sockets, ICE, DTLS, SRTP and RTP.
 *
 * Every leg ends at the server. Park, retrieve and recall change only what a leg hears (`bridge`, `play`, `silence`);
 * a phone is asked to renegotiate only when `planBridge` says so.
 *
 * Nothing here throws for what a peer sent: hostile or unusable SDP is a `MediaRefusal`. A call in the wrong order by our
 * own code (an answer without an offer, a closed leg) is a bug and throws.
 */
import type { Disposable } from '../domain/disposable.ts';
import type { Result } from '../domain/result.ts';

/** The codecs this engine can send. Preference order for a bridge is `CODECS_BEST_FIRST`. */
export type CodecName = 'opus' | 'G722' | 'PCMU' | 'PCMA';

/** HD first (MEDIA.md): Opus, then G.722, then G.711. */
export const CODECS_BEST_FIRST: readonly CodecName[] = ['opus', 'G722', 'PCMU', 'PCMA'];

/**
 * How a leg's packets travel: `webrtc` = ICE + DTLS-SRTP (UDP/TLS/RTP/SAVPF), `sdes` = SRTP with keys in SDP (RTP/SAVP, RFC 4568),
 * `rtp` = plain RTP/AVP with symmetric latching.
 */
export type LegKind = 'webrtc' | 'sdes' | 'rtp';

/** RFC 3264 direction, always seen from the side whose SDP carries it. */
export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/**
 * What the far side's last SDP said about hold. `sendonly` (also `c=0.0.0.0`, RFC 2543's hold) and `inactive` mean that the far side
 * does not want to hear us: nothing but RTCP is sent to it. `recvonly` and `sendrecv` are `none`.
 */
export type RemoteHold = 'none' | 'sendonly' | 'inactive';

export type MediaRefusalReason =
  /** No audio m-line that is not rejected (port 0). → 488 */
  | 'no-audio'
  /** Audio, but none of Opus, G.722, PCMU, PCMA in common. → 488 */
  | 'no-common-codec'
  /** A transport profile this engine does not speak, or one that does not fit the leg (plain RTP on a WebRTC leg). → 488 */
  | 'unsupported-profile'
  /** Not SDP, beyond the limits, or lacking what its profile needs (fingerprint, ICE credentials, crypto). → 400 or 488 */
  | 'malformed'
  /** The configured RTP port range is used up. → 503 */
  | 'no-ports'
  /** An offer of ours is unanswered, so theirs cannot be taken now (glare). → 491 */
  | 'offer-pending';

export interface MediaRefusal {
  readonly reason: MediaRefusalReason;
  /** For the log, in English; may quote the offending line, cut to 80 characters. */
  readonly detail: string;
}

export interface OpenLegOptions {
  /** Names the leg in logs and statistics, e.g. `call-17/caller`. Not unique, not parsed. */
  readonly legName: string;
  /**
   * IP address the far side's signalling comes from. A plain RTP leg takes media from the address in SDP or, failing that, from this one
   * (NAT), and from nowhere else. Without it only the SDP address counts.
   */
  readonly signallingAddress?: string;
  /** Our own IP address that the signalling flow uses (`Flow.local.address`), so that media goes by the same interface when it is bound. */
  readonly localAddress?: string;
}

export interface CreateOfferOptions {
  /** Codecs to offer, best first; a re-offer may narrow or reorder them. Must not be empty. */
  readonly codecs: readonly CodecName[];
  /** Default `sendrecv`. */
  readonly direction?: MediaDirection;
}

export interface CreateAnswerOptions {
  /**
   * What the other leg of the bridge can take, best first (its `remoteCodecs`), or `CODECS_BEST_FIRST` when there is none yet. The answer
   * lists the shared codecs in this order, then the rest of what was offered: most phones send the first codec of the answer.
   */
  readonly prefer: readonly CodecName[];
}

/** Tones follow the European cadence (425 Hz); `confirm` is two short rising beeps. `confirm` ends by itself, the others repeat. */
export type ToneName = 'confirm' | 'busy' | 'congestion' | 'ringback';

export type PlaySource =
  /** Loops for ever; `name` is one that `addMusic` registered, default or unknown: the built-in music. All listeners hear one position. */
  | { readonly kind: 'music'; readonly name?: string }
  | { readonly kind: 'tone'; readonly tone: ToneName }
  /** Ends by itself unless `loop`. */
  | { readonly kind: 'clip'; readonly clip: AudioClip; readonly loop: boolean };

/** Audio made ready for every codec; from `MediaEngine.makeClip`. */
export interface AudioClip {
  readonly durationMs: number;
}

/** What a leg hears now. */
export type Hearing =
  | { readonly kind: 'silence' }
  | { readonly kind: 'bridge'; readonly other: MediaLeg }
  | { readonly kind: 'play'; readonly source: PlaySource };

/** Why a leg's far side is taken for dead. */
export type GoneReason =
  /** WebRTC: no authenticated STUN check for 15 s (consent, RFC 7675 in spirit). */
  | 'stun-silence'
  /** WebRTC: the far side's DTLS certificate does not match the fingerprint in its SDP (RFC 8122). */
  | 'fingerprint-mismatch'
  /** WebRTC: DTLS failed or was closed by the far side (close_notify, alert). */
  | 'dtls-closed';

/** Counters since the leg was opened. */
export interface LegStats {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** From gaps in sequence numbers (RFC 3550 §6.4.1), never negative. */
  readonly packetsLost: number;
  /** Interarrival jitter of what we receive, milliseconds (RFC 3550 §6.4.1). */
  readonly jitterMs: number;
  /** From the far side's last report about us; absent until one came. `remoteFractionLost` is 0..1. */
  readonly remoteFractionLost?: number;
  readonly remoteJitterMs?: number;
  /** Round trip from the far side's LSR/DLSR, milliseconds. */
  readonly roundTripMs?: number;
  /** Packets thrown away: failed authentication, replay, wrong source, not RTP. */
  readonly packetsRejected: number;
  /** Milliseconds since a media packet came; absent before the first. Silence is normal and no proof of death. */
  readonly lastReceivedAgoMs?: number;
  readonly receivingCodec?: CodecName;
  readonly sendingCodec?: CodecName;
}

/** One leg's payload type as negotiated. */
export interface PayloadRecord {
  readonly payloadType: number;
  readonly codec: CodecName | 'telephone-event';
  readonly clockRate: number;
}

/** One m-line of the session, ours or a rejected one. */
export interface MediaLineRecord {
  readonly media: string;
  readonly protocol: string;
  readonly formats: string;
  readonly mid?: string;
}

/**
 * What another process (or this one after a restart) needs to take the leg over by re-INVITE. JSON-safe, and without media keys: taking over
 * means new ICE credentials and a new certificate anyway.
 */
export interface LegRecord {
  readonly version: 1;
  readonly kind: LegKind;
  readonly legName: string;
  readonly signallingAddress?: string;
  readonly localAddress?: string;
  /** `o=` session id and the version of the last SDP we sent. */
  readonly sessionId: string;
  readonly sessionVersion: number;
  /** Empty when the session has none. */
  readonly mid: string;
  /** Index of our audio m-line among the m-lines, and how many there are (RFC 3264 §8: m-lines never go away). */
  readonly mediaIndex: number;
  readonly mediaLines: readonly MediaLineRecord[];
  readonly payloads: readonly PayloadRecord[];
  readonly ssrc: number;
  readonly localSdp: string;
  readonly remoteSdp: string;
}

export interface MediaLeg {
  /** Unique within the engine. */
  readonly id: string;
  readonly legName: string;
  readonly kind: LegKind;
  readonly closed: boolean;

  /**
   * A first offer or a re-offer (same session, o= version + 1). Stays pending until `applyAnswer` or `discardPending`; creating another
   * before that throws. Media goes on unchanged meanwhile.
   */
  createOffer(options: CreateOfferOptions): string;
  /** Takes the answer to the last offer. May be repeated (183 then 200, or a fork's better answer); the last one counts. */
  applyAnswer(sdp: string): Result<void, MediaRefusal>;
  /** Checks and stages an offer of the far side; nothing changes before `createAnswer`, so a refusal leaves the call as it was. */
  applyOffer(sdp: string): Result<void, MediaRefusal>;
  /** Commits the staged offer and answers it. Throws without one. */
  createAnswer(options: CreateAnswerOptions): string;
  /** Forgets an unanswered offer of ours (re-INVITE refused) or a staged one of theirs (we refused it). Harmless when there is none. */
  discardPending(): void;

  /** Codecs the far side can take (its last accepted SDP within ours), best first by `CODECS_BEST_FIRST`. Staged offers count, so that `prefer` for the other leg can be taken from it. */
  readonly remoteCodecs: readonly CodecName[];
  /** Every codec the far side ever offered or accepted: what a re-INVITE can ask for. Best first. */
  readonly knownCodecs: readonly CodecName[];
  /** The codec the far side is expected to send, or was last heard sending. */
  readonly receivingCodec: CodecName | undefined;
  /** The codec last sent to the far side. */
  readonly sendingCodec: CodecName | undefined;
  readonly remoteHold: RemoteHold;
  readonly hearing: Hearing;

  /** RTP and SDES: both SDPs are there. WebRTC: DTLS is up and its certificate matched. Never goes back to false but by `restore` or DTLS renewal. */
  readonly connected: boolean;
  /** Runs once when the leg connects; at once if it is connected already. */
  onConnected(run: () => void): Disposable;
  /** RFC 4733 digits `0`–`9`, `*`, `#`, `A`–`D`, each once, at the first end packet. The digit is also relayed to a bridged leg. */
  onDtmf(run: (digit: string) => void): Disposable;
  /** The far side agreed to RFC 4733 telephone events and hears us now: `sendDtmf` reaches it. */
  readonly takesDtmf: boolean;
  /**
   * Sends a digit of our own (`0`–`9`, `*`, `#`, `A`–`D`; others are ignored) after those before it; audio waits meanwhile. Nothing is sent
   * unless `takesDtmf`.
   * @param durationMs brought to 60–1000
   */
  sendDtmf(digit: string, durationMs: number): void;
  /** Runs once. RTP and SDES legs never report it: silence in RTP is normal (use session timers). The leg is not closed by it. */
  onGone(run: (reason: GoneReason) => void): Disposable;

  stats(): LegStats;
  /** Throws before both SDPs are there. */
  record(): LegRecord;
  /** Frees ports and keys; whoever was bridged to it hears silence. Closing twice is harmless. */
  close(): void;
}

/** What must happen before two legs can be bridged. */
export type BridgePlan =
  | { readonly kind: 'ready' }
  /** Re-INVITE `leg` with `codecs` first; everything else goes on meanwhile. */
  | { readonly kind: 'renegotiate'; readonly leg: MediaLeg; readonly codecs: readonly CodecName[] }
  /** The two phones have no codec in common that one of them could be asked for. → 488 */
  | { readonly kind: 'impossible' };

export interface MediaEngine {
  /** A leg without SDP yet, for a call we make. Refused only with `no-ports`. */
  open(options: OpenLegOptions & { readonly kind: LegKind }): Result<MediaLeg, MediaRefusal>;
  /** A leg for a call that comes in; the offer's profile decides its kind. The offer is staged: `createAnswer` (later is fine) commits it. */
  legFromOffer(offer: string, options: OpenLegOptions): Result<MediaLeg, MediaRefusal>;
  /**
   * A leg rebuilt after a restart or a move: new ICE credentials, new certificate, new ports. `createOffer` on it produces the re-INVITE's
   * SDP: same m-lines, mid and payload types, o= version + 1.
   */
  restore(record: LegRecord): Promise<Result<MediaLeg, MediaRefusal>>;

  /**
   * Both hear each other; a leg bridged with itself hears itself (echo). Replaces whatever each heard; legs they were bridged with before hear silence.
   * Make before break: a leg on music is sent that music until the other's first packet comes, at most 1 s longer, unless it holds; `hearing`
   * says `bridge` all the same.
   */
  bridge(a: MediaLeg, b: MediaLeg): void;
  /**
   * The leg hears the source; a leg it was bridged with hears silence. Playing the music it already hears goes on without a restart.
   * `onFinished` runs once when a source that ends has been sent whole; never if it is replaced before.
   */
  play(leg: MediaLeg, source: PlaySource, onFinished?: () => void): void;
  /** The leg hears nothing (no packets but RTCP); a leg it was bridged with hears silence too. */
  silence(leg: MediaLeg): void;
  planBridge(a: MediaLeg, b: MediaLeg): BridgePlan;

  /** Prepares a WAV file (PCM 8, 16, 24 or 32 bit, float or G.711; mono or stereo; 8–48 kHz; 0.1 s to 10 minutes) for every codec, in a thread of its own. */
  makeClip(wav: Uint8Array): Promise<Result<AudioClip, AudioRefusal>>;
  /** Registers (or replaces) a tenant's music under a name for `{kind: 'music', name}`. Listeners of that name go over to it. */
  addMusic(name: string, clip: AudioClip): void;
  /** Forgets that name: its listeners go over to the built-in music. */
  removeMusic(name: string): void;

  /** Open legs by kind, for metrics. */
  legCounts(): Readonly<Record<LegKind, number>>;
  /** Closes every leg and socket. */
  close(): Promise<void>;
}

/** Why a WAV file was not taken. */
export interface AudioRefusal {
  readonly reason: 'not-wav' | 'unsupported-format' | 'too-long' | 'too-short' | 'truncated';
  readonly detail: string;
}
