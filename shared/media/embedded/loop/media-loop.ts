/**
 * The port between what legs say in SDP and what becomes of their packets. Behind it are sockets, SRTP, bridges and the music's clock; it
 * runs in a thread of its own (`loop-thread.ts`), so that call control never delays music and music never delays call control, or, for
 * tests with a clock of their own, in the caller's (`packet-loop.ts`).
 */
import type { CodecName, GoneReason, LegKind, LegStats, ToneName } from '../../engine.ts';
import type { LocalTransport, RemotePath } from '../leg-transport.ts';
import type { Fingerprint } from '../sdp/remote-audio.ts';
import type { Payload } from '../sdp/payloads.ts';

/** A leg's name between the two sides; unique within the engine. */
export type LoopLegId = string;

/** Where a leg's packets come in. */
export type LegPlace =
  /** The one socket of every bound address. `certificate` is a `CertificateHandle`'s number. */
  | { readonly kind: 'webrtc'; readonly certificate: number }
  /** A pair that `takePair` gave. */
  | {
      readonly kind: Exclude<LegKind, 'webrtc'>;
      readonly bind: string;
      readonly port: number;
      readonly signallingAddress: string | undefined;
    };

export interface LegOrder {
  readonly place: LegPlace;
  readonly ssrc: number;
  readonly firstSequence: number;
  readonly firstTimestamp: number;
  readonly cname: string;
}

/** What packets need to know of an agreed exchange of SDPs. */
export interface LegAgreement {
  /** Counts a leg's agreements, so that news from before the last one can be told apart. */
  readonly round: number;
  readonly remote: RemotePath;
  readonly sendable: readonly Payload[];
  readonly receivable: readonly Payload[];
  /** The far side wants to hear us. */
  readonly wanted: boolean;
}

export type LoopSource =
  | { readonly kind: 'music'; readonly name: string | undefined }
  | { readonly kind: 'tone'; readonly tone: ToneName }
  | { readonly kind: 'clip'; readonly clip: number; readonly loop: boolean };

export type LoopCommand =
  | { readonly kind: 'open'; readonly leg: LoopLegId; readonly order: LegOrder }
  /** Our own description, before the far side gets it: packets that follow from it may come from now on. */
  | { readonly kind: 'prepare'; readonly leg: LoopLegId; readonly local: LocalTransport }
  | { readonly kind: 'commit'; readonly leg: LoopLegId; readonly agreement: LegAgreement }
  | { readonly kind: 'bridge'; readonly a: LoopLegId; readonly b: LoopLegId }
  | {
      readonly kind: 'play';
      readonly leg: LoopLegId;
      readonly play: number;
      readonly source: LoopSource;
    }
  | { readonly kind: 'silence'; readonly leg: LoopLegId }
  /** A digit of our own, RFC 4733. */
  | {
      readonly kind: 'send-digit';
      readonly leg: LoopLegId;
      readonly digit: string;
      readonly durationMs: number;
    }
  | { readonly kind: 'close'; readonly leg: LoopLegId }
  /** Recordings go by number; `packed` is `packAudio`'s. */
  | { readonly kind: 'add-clip'; readonly clip: number; readonly packed: Uint8Array }
  | { readonly kind: 'drop-clip'; readonly clip: number }
  | { readonly kind: 'add-music'; readonly name: string; readonly clip: number }
  | { readonly kind: 'remove-music'; readonly name: string };

export type LoopEvent =
  /** ICE and DTLS are up; of a leg without them nothing is told. */
  | { readonly kind: 'connected'; readonly leg: LoopLegId }
  | { readonly kind: 'gone'; readonly leg: LoopLegId; readonly reason: GoneReason }
  | { readonly kind: 'digit'; readonly leg: LoopLegId; readonly digit: string }
  /** The far side sends another codec than before, or its first since the agreement of that round. */
  | {
      readonly kind: 'heard';
      readonly leg: LoopLegId;
      readonly round: number;
      readonly codec: CodecName;
    }
  /** The far side is sent another codec than before. */
  | { readonly kind: 'sent'; readonly leg: LoopLegId; readonly codec: CodecName }
  /** A source that ends has been sent whole; the leg hears silence. */
  | { readonly kind: 'finished'; readonly leg: LoopLegId; readonly play: number };

/** A DTLS certificate, known by its number; its key never leaves the loop. */
export interface CertificateHandle {
  readonly number: number;
  readonly fingerprint: Fingerprint;
}

export interface MediaLoop {
  /** Commands are carried out in order. A leg that is not there (any more) is ignored. */
  post(command: LoopCommand): void;
  /** The one listener for everything that happens. */
  listen(run: (event: LoopEvent) => void): void;
  /** An even port of a bound pair on that address, from now on the caller's until the leg that is opened on it is closed; undefined when there is none left. */
  takePair(bind: string): number | undefined;
  newCertificate(): Promise<CertificateHandle>;
  /** Undefined when there is no such leg. */
  stats(leg: LoopLegId): LegStats | undefined;
  /** Closes every leg and socket. Harmless twice. */
  close(): Promise<void>;
}
