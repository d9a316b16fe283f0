/** SDP for the fake media engine: enough for a real parser on the other side, read by plain patterns. */
import type { Result } from '../../shared/domain/result.ts';
import type {
  CodecName,
  LegKind,
  MediaDirection,
  MediaRefusal,
  MediaRefusalReason,
} from '../../shared/media/engine.ts';

export const PAYLOAD_TYPES: Readonly<Record<CodecName, number>> = {
  opus: 111,
  G722: 9,
  PCMU: 0,
  PCMA: 8,
};
export const RTPMAPS: Readonly<Record<CodecName, string>> = {
  opus: 'opus/48000/2',
  G722: 'G722/8000',
  PCMU: 'PCMU/8000',
  PCMA: 'PCMA/8000',
};
export const PROFILES: Readonly<Record<LegKind, string>> = {
  webrtc: 'UDP/TLS/RTP/SAVPF',
  sdes: 'RTP/SAVP',
  rtp: 'RTP/AVP',
};
export const FINGERPRINT = Array.from({ length: 32 }, () => 'AB').join(':');

export interface ReadSdp {
  readonly kind: LegKind;
  readonly codecs: readonly CodecName[];
  readonly direction: MediaDirection;
  readonly mid: string;
}

export const refuse = (
  reason: MediaRefusalReason,
  detail: string,
): Result<never, MediaRefusal> => ({
  ok: false,
  error: { reason, detail },
});

function kindOfProfile(profile: string): LegKind | undefined {
  if (/TLS\/RTP\/SAVPF?$/.test(profile)) return 'webrtc';
  if (/^RTP\/SAVPF?$/.test(profile)) return 'sdes';
  return /^RTP\/AVPF?$/.test(profile) ? 'rtp' : undefined;
}

function codecOfPayload(sdp: string, payloadType: string): CodecName | undefined {
  const mapped = new RegExp(`^a=rtpmap:${payloadType} ([^/\\s]+)`, 'm').exec(sdp)?.[1];
  const name = mapped ?? { '0': 'PCMU', '8': 'PCMA', '9': 'G722' }[payloadType];
  return (['opus', 'G722', 'PCMU', 'PCMA'] as const).find(
    (codec) => codec.toLowerCase() === name?.toLowerCase(),
  );
}

export function readSdp(sdp: string): Result<ReadSdp, MediaRefusal> {
  if (!sdp.startsWith('v=0')) return refuse('malformed', 'no v=0');
  const line = /^m=audio ([1-9]\d*) (\S+) ([\d ]+)/m.exec(sdp);
  if (!line) return refuse('no-audio', 'no usable m=audio');
  const kind = kindOfProfile(line[2] ?? '');
  if (!kind) return refuse('unsupported-profile', line[2] ?? '');
  if (kind === 'webrtc' && !/^a=fingerprint:/m.test(sdp))
    return refuse('malformed', 'no fingerprint');
  const formats = (line[3] ?? '').trim().split(/ +/);
  const codecs = formats.flatMap((payload) => codecOfPayload(sdp, payload) ?? []);
  if (codecs.length === 0) return refuse('no-common-codec', line[0]);
  const said = /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(sdp)?.[1];
  const direction = (['sendonly', 'recvonly', 'inactive'] as const).find((word) => word === said);
  const oldHold = /^c=IN IP4 0\.0\.0\.0/m.test(sdp) && kind !== 'webrtc';
  const mid = /^a=mid:(\S+)/m.exec(sdp)?.[1] ?? '0';
  return {
    ok: true,
    value: { kind, codecs, direction: direction ?? (oldHold ? 'sendonly' : 'sendrecv'), mid },
  };
}

export const ANSWERS: Readonly<Record<MediaDirection, MediaDirection>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};
