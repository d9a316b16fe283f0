/** What carries one leg's packets: ICE + DTLS-SRTP, or a port pair with RTP or SDES SRTP. */
import type { GoneReason, LegKind } from '../engine.ts';
import type { Fingerprint, IceCredentials, RemoteAudio } from './sdp/remote-audio.ts';
import type { SdesCrypto } from './sdp/sdes-crypto.ts';
import type { Address } from './udp-socket.ts';

/** A transport as our own SDP describes it. */
export type LocalTransport =
  | {
      readonly kind: 'webrtc';
      readonly ice: IceCredentials;
      readonly fingerprint: Fingerprint;
      readonly candidates: readonly Address[];
    }
  | {
      readonly kind: 'sdes';
      readonly rtp: Address;
      readonly rtcpPort: number;
      readonly rtcpMux: boolean;
      readonly crypto: readonly SdesCrypto[];
    }
  | {
      readonly kind: 'rtp';
      readonly rtp: Address;
      readonly rtcpPort: number;
      readonly rtcpMux: boolean;
    };

/** An answer's description may depend on the offer: an ICE restart is answered with new credentials, one of the keys is taken. */
export type DescriptionPurpose =
  { readonly kind: 'offer' } | { readonly kind: 'answer'; readonly remote: RemoteAudio };

/** The far side's end of the packets' way. */
export type RemotePath = Pick<
  RemoteAudio,
  'transport' | 'address' | 'port' | 'rtcpPort' | 'nullAddress'
>;

export interface LegTransport {
  readonly kind: LegKind;
  /** Packets can be sent. */
  readonly ready: boolean;
  /** Our own description, before the far side gets it. Repeating one changes nothing. */
  prepare(local: LocalTransport): void;
  /** Both SDPs of an exchange are agreed; ours is the one prepared last. */
  commit(remote: RemotePath): void;
  /**
   * Sends `packet[0, length)`, a fixed 12-octet header and a payload, with room for a tag behind it. Takes the buffer over.
   * @param rollover high 32 bits of the packet's 48-bit index
   */
  sendRtp(packet: Buffer, length: number, rollover: number): void;
  sendRtcp(packet: Buffer): void;
  /** About twice a second: is the far side still there? `stalledMs` is how much later than planned this call comes. */
  checkLiveness(nowMs: number, stalledMs: number): void;
  close(): void;
}

export interface TransportEvents {
  /** A plain RTP packet in `packet[0, length)`. The buffer may be kept. */
  readonly onRtp: (packet: Buffer, length: number) => void;
  readonly onRtcp: (packet: Buffer) => void;
  /** ICE and DTLS are up. A port pair is ready once both SDPs are agreed, which whoever agreed them knows. */
  readonly onReady: () => void;
  readonly onGone: (reason: GoneReason) => void;
  readonly onRejected: () => void;
}
