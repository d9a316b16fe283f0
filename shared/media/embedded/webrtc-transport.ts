/** A WebRTC leg's way: ICE-lite (RFC 8445 §2.5), DTLS server, SRTP. */
import type { DtlsCertificate } from './dtls/certificate.ts';
import { matchesFingerprint } from './dtls/certificate.ts';
import { DtlsSession } from './dtls/dtls-session.ts';
import type { DtlsKeys } from './dtls/dtls-session.ts';
import type { IceEndpoint, IceMux, IcePath } from './ice/ice-mux.ts';
import type { LegTransport, LocalTransport, RemotePath, TransportEvents } from './leg-transport.ts';
import { looksLikeRtcp, RTP_HEADER_LENGTH } from './rtp/rtp-packet.ts';
import type { Fingerprint, IceCredentials } from './sdp/remote-audio.ts';
import { SrtpReceiver } from './srtp/srtp-receiver.ts';
import { SrtpSender } from './srtp/srtp-sender.ts';

/** Chromium checks at least every 2.7 s; RFC 7675 gives consent 30 s, the server gives it half. */
export const STUN_SILENCE_MS = 15_000;
/** A check later than this means that we slept, not the phone. */
const OWN_STALL_MS = 2_000;

export interface WebRtcOptions {
  readonly mux: IceMux;
  readonly certificate: DtlsCertificate;
  readonly nowMs: () => number;
}

type Security =
  | { readonly kind: 'waiting' }
  /** DTLS is done, but the SDP with the fingerprint has not come yet (an early answerer). */
  | { readonly kind: 'unverified'; readonly keys: DtlsKeys }
  | { readonly kind: 'up'; readonly sender: SrtpSender; readonly receiver: SrtpReceiver }
  | { readonly kind: 'ended' };

export class WebRtcTransport implements LegTransport, IceEndpoint {
  readonly kind = 'webrtc';
  readonly #options: WebRtcOptions;
  readonly #events: TransportEvents;
  #ice: IceCredentials | undefined;
  /** After an ICE restart the old credentials serve until a check with the new ones has come. */
  #oldIce: IceCredentials | undefined;
  #fingerprints: readonly Fingerprint[] = [];
  #path: IcePath | undefined;
  #dtls: DtlsSession | undefined;
  #security: Security = { kind: 'waiting' };
  /** Monotonic; undefined until there is something to wait for. */
  #heardAt: number | undefined;

  constructor(options: WebRtcOptions, events: TransportEvents) {
    this.#options = options;
    this.#events = events;
  }

  get ready(): boolean {
    return this.#security.kind === 'up' && this.#path !== undefined;
  }

  prepare(local: LocalTransport): void {
    if (local.kind !== 'webrtc' || local.ice.ufrag === this.#ice?.ufrag) return;
    this.#dropOldIce();
    this.#oldIce = this.#ice;
    this.#ice = local.ice;
    this.#options.mux.register(local.ice.ufrag, this);
  }

  commit({ transport }: RemotePath): void {
    if (transport.kind !== 'webrtc') return;
    this.#heardAt ??= this.#options.nowMs();
    if (!this.#stillCertified(transport.fingerprints)) this.#renewDtls();
    this.#fingerprints = transport.fingerprints;
    if (this.#security.kind === 'unverified') this.#verify(this.#security.keys);
  }

  passwordFor(ufrag: string): string | undefined {
    if (ufrag === this.#ice?.ufrag) return this.#ice.pwd;
    return ufrag === this.#oldIce?.ufrag ? this.#oldIce.pwd : undefined;
  }

  onCheck(
    path: IcePath,
    check: { readonly localUfrag: string; readonly nominated: boolean },
  ): void {
    this.#heardAt = this.#options.nowMs();
    const current = check.localUfrag === this.#ice?.ufrag;
    if (!current && !this.#oldIce) return;
    // Until the far side nominates, any proven address will do: media may flow before (RFC 8445 §12.1).
    if (this.#path === undefined || check.nominated || (current && this.#oldIce)) this.#path = path;
    if (current) this.#dropOldIce();
  }

  onDatagram(packet: Buffer, path: IcePath): void {
    const first = packet[0] ?? 0;
    if (first >= 20 && first <= 63) this.#receiveDtls(packet, path);
    else if (first >= 128 && first <= 191) this.#receiveSrtp(packet);
  }

  sendRtp(packet: Buffer, length: number, rollover: number): void {
    const security = this.#security;
    if (security.kind !== 'up' || !this.#path) return;
    const size = { headerLength: RTP_HEADER_LENGTH, length };
    const end = security.sender.protectRtp(packet, size, rollover);
    this.#path.socket.send(packet.subarray(0, end), this.#path.remote);
  }

  sendRtcp(packet: Buffer): void {
    const security = this.#security;
    if (security.kind !== 'up' || !this.#path) return;
    this.#path.socket.send(security.sender.protectRtcp(packet), this.#path.remote);
  }

  checkLiveness(nowMs: number, stalledMs: number): void {
    if (this.#heardAt === undefined || this.#security.kind === 'ended') return;
    if (stalledMs > OWN_STALL_MS) this.#heardAt = Math.min(this.#heardAt + stalledMs, nowMs);
    if (nowMs - this.#heardAt > STUN_SILENCE_MS) this.#events.onGone('stun-silence');
  }

  close(): void {
    this.#security = { kind: 'ended' };
    this.#dtls?.end();
    this.#dropOldIce();
    if (this.#ice) this.#options.mux.forgetUfrag(this.#ice.ufrag);
    this.#options.mux.forget(this);
  }

  #dropOldIce(): void {
    if (!this.#oldIce) return;
    this.#options.mux.forgetUfrag(this.#oldIce.ufrag);
    this.#oldIce = undefined;
  }

  /** Before the first SDP there is nothing to compare with. */
  #stillCertified(announced: readonly Fingerprint[]): boolean {
    const known = this.#fingerprints;
    return (
      known.length === 0 || known.some((one) => announced.some((two) => one.value === two.value))
    );
  }

  /** The far side has a new certificate: a new association replaces the old one (RFC 8842 §5). */
  #renewDtls(): void {
    this.#dtls?.end();
    this.#dtls = undefined;
    this.#security = { kind: 'waiting' };
  }

  #receiveDtls(packet: Buffer, path: IcePath): void {
    if (this.#security.kind === 'ended') return;
    this.#path ??= path;
    this.#dtls ??= new DtlsSession(this.#options.certificate, {
      send: (datagram) => this.#path?.socket.send(datagram, this.#path.remote),
      onKeys: (keys) => this.#onKeys(keys),
      onClosed: () => this.#end('dtls-closed'),
    });
    this.#dtls.receive(packet);
  }

  #onKeys(keys: DtlsKeys): void {
    if (this.#fingerprints.length === 0) this.#security = { kind: 'unverified', keys };
    else this.#verify(keys);
  }

  #verify(keys: DtlsKeys): void {
    if (!matchesFingerprint(keys.remoteCertificate, this.#fingerprints)) {
      this.#end('fingerprint-mismatch');
      return;
    }
    this.#security = {
      kind: 'up',
      sender: new SrtpSender(keys.local),
      receiver: new SrtpReceiver(keys.remote),
    };
    this.#events.onReady();
  }

  #end(reason: 'dtls-closed' | 'fingerprint-mismatch'): void {
    if (this.#security.kind === 'ended') return;
    this.#security = { kind: 'ended' };
    this.#dtls?.end();
    this.#events.onGone(reason);
  }

  #receiveSrtp(packet: Buffer): void {
    const security = this.#security;
    if (security.kind !== 'up') return;
    if (looksLikeRtcp(packet)) {
      const plain = security.receiver.unprotectRtcp(packet);
      if (typeof plain === 'string') this.#events.onRejected();
      else this.#events.onRtcp(plain);
      return;
    }
    const result = security.receiver.unprotectRtp(packet);
    if (result.kind === 'ok') this.#events.onRtp(packet, result.length);
    else this.#events.onRejected();
  }
}
