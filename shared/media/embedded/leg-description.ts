/** What our own SDP says about a leg's way: ICE credentials, port, keys. Decided here, obeyed by the leg's transport (`LegTransport.prepare`). */
import { randomBytes } from 'node:crypto';
import type { LegKind } from '../engine.ts';
import type { DescriptionPurpose, LocalTransport } from './leg-transport.ts';
import type { Fingerprint, IceCredentials, RemoteAudio } from './sdp/remote-audio.ts';
import { OFFERED_SUITES } from './sdp/sdes-crypto.ts';
import { SRTP_PROFILES } from './srtp/srtp-profile.ts';
import type { SrtpKeys, SrtpProfileName } from './srtp/srtp-profile.ts';
import type { Address } from './udp-socket.ts';

export interface LegDescription {
  /** An answer's description may depend on the offer: an ICE restart is answered with new credentials, one of the keys is taken. */
  describe(purpose: DescriptionPurpose): LocalTransport;
  /** Both SDPs of an exchange are agreed. */
  commit(remote: RemoteAudio): void;
}

/** Printable characters of RFC 8839's ice-char: 6 bits each. */
function iceCredentials(): IceCredentials {
  const text = (octets: number): string =>
    randomBytes(octets).toString('base64').replace(/=+$/, '');
  return { ufrag: text(9), pwd: text(24) };
}

export interface WebRtcDescriptionOptions {
  readonly fingerprint: Fingerprint;
  /** What our SDP advertises, best first. */
  readonly candidates: readonly Address[];
}

export class WebRtcDescription implements LegDescription {
  readonly #options: WebRtcDescriptionOptions;
  #ice = iceCredentials();
  #remoteIce: IceCredentials | undefined;

  constructor(options: WebRtcDescriptionOptions) {
    this.#options = options;
  }

  describe(purpose: DescriptionPurpose): LocalTransport {
    if (purpose.kind === 'answer' && this.#isRestart(purpose.remote)) this.#ice = iceCredentials();
    return { kind: 'webrtc', ice: this.#ice, ...this.#options };
  }

  commit({ transport }: RemoteAudio): void {
    if (transport.kind === 'webrtc') this.#remoteIce = transport.ice;
  }

  #isRestart({ transport }: RemoteAudio): boolean {
    const known = this.#remoteIce;
    if (!known || transport.kind !== 'webrtc') return false;
    return known.ufrag !== transport.ice.ufrag || known.pwd !== transport.ice.pwd;
  }
}

export interface RtpDescriptionOptions {
  readonly kind: Exclude<LegKind, 'webrtc'>;
  /** The bound address, or another one that a 1:1 NAT maps to it. */
  readonly advertised: string;
  /** Of RTP; RTCP is one above. */
  readonly port: number;
}

function newKeys(name: SrtpProfileName): SrtpKeys {
  const profile = SRTP_PROFILES[name];
  const masterKey = randomBytes(profile.keyLength);
  return { profile, masterKey, masterSalt: randomBytes(profile.saltLength) };
}

export class RtpDescription implements LegDescription {
  readonly #options: RtpDescriptionOptions;
  /** Our keys, one per suite, for the leg's whole life: a re-offer repeats them, so the packet index goes on. */
  readonly #ownKeys = new Map<SrtpProfileName, SrtpKeys>();

  constructor(options: RtpDescriptionOptions) {
    this.#options = options;
  }

  describe(purpose: DescriptionPurpose): LocalTransport {
    const { kind, advertised, port } = this.#options;
    const remote = purpose.kind === 'answer' ? purpose.remote.transport : undefined;
    const rtcpMux = remote !== undefined && remote.kind !== 'webrtc' && remote.rtcpMux;
    const common = {
      rtp: { address: advertised, port },
      rtcpPort: rtcpMux ? port : port + 1,
      rtcpMux,
    };
    if (kind === 'rtp') return { kind, ...common };
    const taken = remote?.kind === 'sdes' ? remote.crypto[0] : undefined;
    const crypto = taken
      ? [{ tag: taken.tag, keys: this.#keysFor(taken.keys.profile.name) }]
      : OFFERED_SUITES.map((name, i) => ({ tag: i + 1, keys: this.#keysFor(name) }));
    return { kind, ...common, crypto };
  }

  commit(): void {
    // Where the far side is, and with which keys, is the transport's business.
  }

  #keysFor(name: SrtpProfileName): SrtpKeys {
    const keys = this.#ownKeys.get(name) ?? newKeys(name);
    this.#ownKeys.set(name, keys);
    return keys;
  }
}
