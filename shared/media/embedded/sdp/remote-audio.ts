/** What a far side's SDP says about its audio, in the engine's words: one m-line chosen, its transport, its payload types, its wish about hold. */
import { isIP } from 'node:net';
import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import type { LegKind, MediaDirection, MediaRefusal, MediaRefusalReason } from '../../engine.ts';
import { readPayloads } from './payloads.ts';
import type { Payload } from './payloads.ts';
import { readCryptoLines } from './sdes-crypto.ts';
import type { SdesCrypto } from './sdes-crypto.ts';
import { attributeOf, attributesOf, parseSdp } from './session-description.ts';
import type { MediaDescription, SessionDescription } from './session-description.ts';

export interface IceCredentials {
  readonly ufrag: string;
  readonly pwd: string;
}

export interface Fingerprint {
  readonly algorithm: 'sha-256' | 'sha-384' | 'sha-512';
  /** Upper-case hexadecimal octets joined by colons. */
  readonly value: string;
}

export type DtlsSetup = 'actpass' | 'active' | 'passive' | 'holdconn';

/** How the far side's packets travel. */
export type RemoteTransport =
  | {
      readonly kind: 'webrtc';
      readonly ice: IceCredentials;
      readonly fingerprints: readonly Fingerprint[];
      readonly setup: DtlsSetup;
    }
  | { readonly kind: 'sdes'; readonly crypto: readonly SdesCrypto[]; readonly rtcpMux: boolean }
  | { readonly kind: 'rtp'; readonly rtcpMux: boolean };

export interface RemoteAudio {
  readonly transport: RemoteTransport;
  /** The m-line's index, and every m-line as it came, for the answer's rejections. */
  readonly index: number;
  readonly mediaLines: readonly MediaDescription[];
  readonly protocol: string;
  readonly mid: string | undefined;
  readonly bundled: boolean;
  readonly direction: MediaDirection;
  /** RFC 2543's hold: `c=0.0.0.0`, and what IPv6 phones made of it: `c=::`. */
  readonly nullAddress: boolean;
  /** Where to send RTP; a WebRTC leg takes it from ICE instead. `undefined` for a host name (mDNS, FQDN), which is not resolved. */
  readonly address: string | undefined;
  readonly port: number;
  readonly rtcpPort: number;
  readonly payloads: readonly Payload[];
}

export function refuse(
  reason: MediaRefusalReason,
  detail: string,
): { readonly ok: false; readonly error: MediaRefusal } {
  return err({ reason, detail });
}

/** RFC 5764 (also without the F of feedback), RFC 4568, RFC 3551. `TCP/…` and T.38 are not spoken. */
function kindOf(section: MediaDescription, session: SessionDescription): LegKind | undefined {
  switch (section.protocol.toUpperCase()) {
    case 'UDP/TLS/RTP/SAVPF':
    case 'UDP/TLS/RTP/SAVP':
      return 'webrtc';
    case 'RTP/SAVPF':
    case 'RTP/SAVP':
      // Old WebRTC stacks name no TLS in the profile, but a fingerprint says it is DTLS.
      return attributeOf('fingerprint', section, session) !== undefined ? 'webrtc' : 'sdes';
    case 'RTP/AVP':
    case 'RTP/AVPF':
      return 'rtp';
    default:
      return undefined;
  }
}

const PREFERENCE: readonly LegKind[] = ['webrtc', 'sdes', 'rtp'];

interface Choice {
  readonly section: MediaDescription;
  readonly index: number;
  readonly kind: LegKind;
}

/** The best audio m-line: of the leg's kind when the leg has one, else the best protected. */
function chooseAudio(
  session: SessionDescription,
  wanted: LegKind | undefined,
): Result<Choice, MediaRefusal> {
  const audio = session.media.flatMap((section, index) =>
    section.media === 'audio' && (section.port !== 0 || isBundleOnly(section))
      ? [{ section, index, kind: kindOf(section, session) }]
      : [],
  );
  const [first] = audio;
  if (!first) return refuse('no-audio', 'no m=audio with a port');
  for (const kind of wanted ? [wanted] : PREFERENCE) {
    const found = audio.find((one) => one.kind === kind);
    if (found) return ok({ section: found.section, index: found.index, kind });
  }
  return refuse('unsupported-profile', first.section.protocol);
}

const isBundleOnly = (section: MediaDescription): boolean =>
  attributeOf('bundle-only', section) !== undefined;

const DIRECTIONS: readonly MediaDirection[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

function directionOf(section: MediaDescription, session: SessionDescription): MediaDirection {
  for (const part of [section, session]) {
    for (const direction of DIRECTIONS) {
      if (attributeOf(direction, part) !== undefined) return direction;
    }
  }
  return 'sendrecv';
}

function readFingerprints(
  section: MediaDescription,
  session: SessionDescription,
): readonly Fingerprint[] {
  const lines = [...attributesOf('fingerprint', section), ...attributesOf('fingerprint', session)];
  return lines.flatMap((line) => {
    const [name = '', value = ''] = line.split(/ +/);
    const algorithm = name.toLowerCase();
    if (algorithm !== 'sha-256' && algorithm !== 'sha-384' && algorithm !== 'sha-512') return [];
    return /^[0-9a-f]{2}(:[0-9a-f]{2}){31,63}$/i.test(value)
      ? [{ algorithm, value: value.toUpperCase() }]
      : [];
  });
}

const SETUPS: readonly DtlsSetup[] = ['actpass', 'active', 'passive', 'holdconn'];

function readWebRtc(
  section: MediaDescription,
  session: SessionDescription,
): Result<RemoteTransport, MediaRefusal> {
  const ufrag = attributeOf('ice-ufrag', section, session) ?? '';
  const pwd = attributeOf('ice-pwd', section, session) ?? '';
  const iceChars = /^[A-Za-z0-9+/]+$/; // RFC 8839 §5.4
  if (!iceChars.test(ufrag) || ufrag.length < 4 || ufrag.length > 256) {
    return refuse('malformed', `ice-ufrag ${ufrag.slice(0, 40)}`);
  }
  if (!iceChars.test(pwd) || pwd.length < 22 || pwd.length > 256) {
    return refuse('malformed', 'ice-pwd');
  }
  const fingerprints = readFingerprints(section, session);
  if (fingerprints.length === 0) return refuse('malformed', 'no fingerprint of SHA-256 or better');
  if (attributeOf('rtcp-mux', section) === undefined) {
    return refuse('unsupported-profile', 'WebRTC without rtcp-mux');
  }
  const said = attributeOf('setup', section, session);
  const setup = SETUPS.find((one) => one === said) ?? 'actpass';
  return ok({ kind: 'webrtc', ice: { ufrag, pwd }, fingerprints, setup });
}

function readTransport(
  choice: Choice,
  session: SessionDescription,
): Result<RemoteTransport, MediaRefusal> {
  const { section, kind } = choice;
  const rtcpMux = attributeOf('rtcp-mux', section) !== undefined;
  switch (kind) {
    case 'webrtc':
      return readWebRtc(section, session);
    case 'rtp':
      return ok({ kind, rtcpMux });
    case 'sdes': {
      const crypto = readCryptoLines(attributesOf('crypto', section));
      if (crypto.length === 0) return refuse('malformed', 'no a=crypto this engine can use');
      return ok({ kind, crypto, rtcpMux });
    }
  }
}

function rtcpPortOf(section: MediaDescription): number {
  const said = Number.parseInt(attributeOf('rtcp', section) ?? '', 10);
  return said > 0 && said <= 65_535 ? said : section.port + 1;
}

const isBundled = (mid: string | undefined, session: SessionDescription): boolean =>
  mid !== undefined &&
  attributesOf('group', session).some((group) => {
    const [semantics, ...mids] = group.split(/ +/);
    return semantics === 'BUNDLE' && mids.includes(mid);
  });

const isNowhere = (address: string | undefined): boolean =>
  address === '0.0.0.0' || address === '::';

/**
 * Reads an offer or answer.
 * @param wanted the leg's kind, when it has one already: an m-line of another kind is refused
 */
export function readRemoteAudio(sdp: string, wanted?: LegKind): Result<RemoteAudio, MediaRefusal> {
  const parsed = parseSdp(sdp);
  if (!parsed.ok) return refuse('malformed', parsed.error);
  const session = parsed.value;
  const choice = chooseAudio(session, wanted);
  if (!choice.ok) return choice;
  const { section, index } = choice.value;
  const transport = readTransport(choice.value, session);
  if (!transport.ok) return transport;
  const payloads = readPayloads(section);
  if (!payloads.some((payload) => payload.codec !== 'telephone-event')) {
    return refuse('no-common-codec', section.formats.join(' ').slice(0, 80));
  }
  const connection = section.connection ?? session.connection;
  if (connection === undefined && transport.value.kind !== 'webrtc') {
    return refuse('malformed', 'no c= line');
  }
  const mid = attributeOf('mid', section);
  return ok({
    transport: transport.value,
    index,
    mediaLines: session.media,
    protocol: section.protocol,
    mid,
    bundled: isBundled(mid, session),
    direction: directionOf(section, session),
    nullAddress: isNowhere(connection) && transport.value.kind !== 'webrtc',
    address: connection !== undefined && isIP(connection) ? connection : undefined,
    port: section.port,
    rtcpPort: rtcpPortOf(section),
    payloads,
  });
}
