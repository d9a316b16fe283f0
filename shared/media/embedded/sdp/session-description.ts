/** SDP as lines (RFC 8866), read strictly within limits and without meaning; `remote-audio.ts` gives it meaning. */
import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';

/** Far above what phones send (Chromium: 3 kB, 80 lines), far below what could hurt. */
export const SDP_LIMITS = { octets: 32_768, lines: 1_000, mediaLines: 32, formats: 64 } as const;

export interface SdpAttribute {
  readonly name: string;
  /** Empty for a flag such as `a=rtcp-mux`. */
  readonly value: string;
}

export interface MediaDescription {
  readonly media: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  /** Address of this section's own `c=` line. */
  readonly connection?: string;
  readonly attributes: readonly SdpAttribute[];
}

export interface SessionDescription {
  readonly sessionId: string;
  readonly sessionVersion: string;
  readonly connection?: string;
  readonly attributes: readonly SdpAttribute[];
  readonly media: readonly MediaDescription[];
}

interface Section {
  connection?: string;
  readonly attributes: SdpAttribute[];
}
type MediaSection = Section & Pick<MediaDescription, 'media' | 'port' | 'protocol' | 'formats'>;

/** First value of an attribute, looked up in the media section and then, where given, in the session. */
export function attributeOf(
  name: string,
  ...sections: readonly { readonly attributes: readonly SdpAttribute[] }[]
): string | undefined {
  for (const section of sections) {
    const found = section.attributes.find((attribute) => attribute.name === name);
    if (found) return found.value;
  }
  return undefined;
}

export function attributesOf(
  name: string,
  section: { readonly attributes: readonly SdpAttribute[] },
): readonly string[] {
  return section.attributes.filter((one) => one.name === name).map((one) => one.value);
}

const cut = (line: string): string => line.slice(0, 80);

/** The address of `c=IN IP4 192.0.2.1` or `c=IN IP6 …`, without TTL. */
function readConnection(value: string): string | undefined {
  const [network, type, address] = value.split(' ');
  if (network !== 'IN' || (type !== 'IP4' && type !== 'IP6')) return undefined;
  return address?.split('/')[0];
}

function readMediaLine(value: string): MediaSection | undefined {
  const [media, port, protocol, ...formats] = value.trim().split(/ +/);
  if (!media || !port || !protocol || formats.length === 0) return undefined;
  const number = /^\d{1,5}(\/\d{1,4})?$/.test(port) ? Number.parseInt(port, 10) : -1;
  if (number < 0 || number > 65_535 || formats.length > SDP_LIMITS.formats) return undefined;
  return { media, port: number, protocol, formats, attributes: [] };
}

function readAttribute(value: string): SdpAttribute {
  const colon = value.indexOf(':');
  if (colon < 0) return { name: value.trim(), value: '' };
  return { name: value.slice(0, colon), value: value.slice(colon + 1).trim() };
}

/** One line into the section it belongs to; false when the line is broken. */
function takeLine(line: string, section: Section): boolean {
  const value = line.slice(2);
  switch (line.charAt(0)) {
    case 'c': {
      const address = readConnection(value);
      if (address === undefined) return false;
      section.connection ??= address;
      return true;
    }
    case 'a':
      section.attributes.push(readAttribute(value));
      return true;
    default:
      return true; // b=, t=, s=, k= … say nothing that the engine uses
  }
}

/** The error is one English line for the log, cut to 80 characters of what was found. */
export function parseSdp(text: string): Result<SessionDescription, string> {
  if (text.length > SDP_LIMITS.octets) return err(`longer than ${SDP_LIMITS.octets}`);
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line !== '');
  if (lines.length > SDP_LIMITS.lines) return err(`more than ${SDP_LIMITS.lines} lines`);
  if (lines[0]?.trim() !== 'v=0') return err(`does not start with v=0: ${cut(lines[0] ?? '')}`);
  const session: Section = { attributes: [] };
  const media: MediaSection[] = [];
  let origin: readonly string[] = [];
  for (const line of lines.slice(1)) {
    if (!/^[a-z]=/.test(line)) return err(`not a line of SDP: ${cut(line)}`);
    if (line.startsWith('o=')) origin = line.slice(2).split(' ');
    if (line.startsWith('m=')) {
      const section = readMediaLine(line.slice(2));
      if (!section || media.length === SDP_LIMITS.mediaLines) return err(`m-line: ${cut(line)}`);
      media.push(section);
    } else if (!takeLine(line, media.at(-1) ?? session)) return err(`c-line: ${cut(line)}`);
  }
  const [, sessionId = '', sessionVersion = ''] = origin;
  return ok({ sessionId, sessionVersion, ...session, media });
}
