/** Our own SDP. One audio line lives; every other line of the session is rejected with port 0 and stays (RFC 3264 §6, §8). */
import { isIPv6 } from 'node:net';
import type { MediaDirection, MediaLineRecord } from '../../engine.ts';
import type { LocalTransport } from '../leg-transport.ts';
import type { Address } from '../udp-socket.ts';
import type { Payload } from './payloads.ts';
import type { DtlsSetup } from './remote-audio.ts';
import { formatCrypto } from './sdes-crypto.ts';

export interface LocalDescription {
  readonly sessionId: string;
  readonly version: number;
  readonly transport: LocalTransport;
  /** Every m-line of the session; the one at `index` is ours. */
  readonly mediaLines: readonly MediaLineRecord[];
  readonly index: number;
  /** Empty for none. */
  readonly mid: string;
  /** Named in `a=group:BUNDLE`. */
  readonly bundled: boolean;
  readonly protocol: string;
  /** Best first. */
  readonly payloads: readonly Payload[];
  readonly direction: MediaDirection;
  readonly setup: DtlsSetup;
  readonly ssrc: number;
  readonly cname: string;
}

const typed = (address: string): string => `IN ${isIPv6(address) ? 'IP6' : 'IP4'} ${address}`;

/** RFC 8445 §5.1.2.1: type preference 126 (host), the first candidate best, component 1. */
const priorityOf = (position: number): number => 126 * 2 ** 24 + (65_535 - position) * 2 ** 8 + 255;

function candidateLine({ address, port }: Address, position: number): string {
  return `a=candidate:${position + 1} 1 udp ${priorityOf(position)} ${address} ${port} typ host`;
}

const ENCODING_NAMES = {
  opus: 'opus/48000/2',
  G722: 'G722/8000',
  PCMU: 'PCMU/8000',
  PCMA: 'PCMA/8000',
} as const;

function payloadLines({ codec, payloadType, clockRate }: Payload): readonly string[] {
  switch (codec) {
    case 'telephone-event':
      return [`a=rtpmap:${payloadType} telephone-event/${clockRate}`, `a=fmtp:${payloadType} 0-16`];
    case 'opus':
      return [
        `a=rtpmap:${payloadType} ${ENCODING_NAMES.opus}`,
        `a=fmtp:${payloadType} minptime=10;useinbandfec=1`,
      ];
    default:
      return [`a=rtpmap:${payloadType} ${ENCODING_NAMES[codec]}`];
  }
}

const defaultAddress = (transport: LocalTransport): Address =>
  transport.kind === 'webrtc'
    ? (transport.candidates[0] ?? { address: '0.0.0.0', port: 9 })
    : transport.rtp;

function transportLines(local: LocalDescription): readonly string[] {
  const { transport } = local;
  if (transport.kind === 'webrtc') {
    return [
      'a=rtcp-mux',
      `a=ice-ufrag:${transport.ice.ufrag}`,
      `a=ice-pwd:${transport.ice.pwd}`,
      `a=fingerprint:${transport.fingerprint.algorithm} ${transport.fingerprint.value}`,
      `a=setup:${local.setup}`,
      ...transport.candidates.map(candidateLine),
      'a=end-of-candidates',
    ];
  }
  return [
    ...(transport.rtcpMux ? ['a=rtcp-mux'] : [`a=rtcp:${transport.rtcpPort}`]),
    ...(transport.kind === 'sdes'
      ? transport.crypto.map((crypto) => `a=crypto:${formatCrypto(crypto)}`)
      : []),
  ];
}

function audioLines(local: LocalDescription): readonly string[] {
  const { address, port } = defaultAddress(local.transport);
  const formats = local.payloads.map((payload) => payload.payloadType).join(' ');
  const webrtc = local.transport.kind === 'webrtc';
  return [
    `m=audio ${port} ${local.protocol} ${formats}`,
    `c=${typed(address)}`,
    ...(local.mid === '' ? [] : [`a=mid:${local.mid}`]),
    ...transportLines(local),
    `a=${local.direction}`,
    ...local.payloads.flatMap(payloadLines),
    'a=ptime:20',
    ...(webrtc ? [`a=msid:${local.cname} audio`] : []),
    `a=ssrc:${local.ssrc} cname:${local.cname}`,
  ];
}

const rejectedLines = (line: MediaLineRecord): readonly string[] => [
  `m=${line.media} 0 ${line.protocol} ${line.formats}`,
  ...(line.mid === undefined ? [] : [`a=mid:${line.mid}`]),
  'a=inactive',
];

export function writeSdp(local: LocalDescription): string {
  const { address } = defaultAddress(local.transport);
  const webrtc = local.transport.kind === 'webrtc';
  const lines = [
    'v=0',
    `o=- ${local.sessionId} ${local.version} ${typed(address)}`,
    's=-',
    `c=${typed(address)}`,
    't=0 0',
    ...(webrtc ? ['a=ice-lite'] : []),
    ...(local.bundled ? [`a=group:BUNDLE ${local.mid}`] : []),
    ...(webrtc ? ['a=msid-semantic: WMS *'] : []),
    ...local.mediaLines.flatMap((line, i) =>
      i === local.index ? audioLines(local) : rejectedLines(line),
    ),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
