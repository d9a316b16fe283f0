import { z } from 'zod';
import { PBX_KINDS, type PbxChoice } from './pbx-profile.ts';

/** What somebody prepared for signing in: by a link, a file or a QR code. Only ever fills the form; a person presses the button. */
export interface SignInDraft {
  readonly server: string;
  readonly extension: string;
  /** `''`: to be typed. */
  readonly password: string;
  readonly webSocketUrl: string;
  readonly domain: string;
  /** `null`: the server describes itself. */
  readonly pbx: PbxChoice | null;
}

const LONGEST_LINK = 2_000;
const LONGEST_FILE = 10_000;

/** Members as a link or a file spells them; `pbx` is one of {@link PBX_KINDS}. */
const draftSchema = z.object({
  server: z.string().trim().min(1).max(300),
  extension: z.string().trim().max(64).default(''),
  password: z.string().max(300).default(''),
  webSocketUrl: z.string().trim().max(500).default(''),
  domain: z.string().trim().max(253).default(''),
  pbx: z.enum(PBX_KINDS).optional(),
  slots: z.string().max(200).default(''),
  parkCode: z.string().max(20).default(''),
});

/**
 * Reads `parkline:sign-in?server=pbx.example&extension=101&pbx=asterisk&slots=701-720` or
 * `https://pbx.example/#sign-in?extension=101`, where the server is the page's own; what stands behind `#` is sent to nobody.
 * Members: `server`, `extension`, `password`, `webSocketUrl`, `domain`, `pbx`, `slots`, `parkCode`, percent-encoded.
 * @returns `null` for anything else, and for markup, control characters or an https link that names another server
 */
export function readSignInLink(text: string): SignInDraft | null {
  const link = text.trim();
  if (link.length > LONGEST_LINK || /[\s\p{Cc}<>]/u.test(link)) return null;
  const own = /^parkline:(?:\/\/)?sign-in\/?\?(.*)$/i.exec(link)?.[1];
  if (own !== undefined) return draftFrom(membersOf(own));
  const page = /^(https?:\/\/([^/?#@]+))(?:\/[^?#]*)?#sign-in\?(.*)$/i.exec(link);
  if (page === null) return null;
  const members = membersOf(page[3] ?? '');
  // A page signs in to the server that it came from, and to no other.
  if ('server' in members) return null;
  const secure = link.toLowerCase().startsWith('https:');
  return draftFrom({ ...members, server: secure ? page[2] : page[1] });
}

/** Reads a sign-in file: the same members as JSON. `null` for anything else. */
export function readSignInFile(text: string): SignInDraft | null {
  if (text.length > LONGEST_FILE) return null;
  try {
    return draftFrom(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The link that {@link readSignInLink} reads, for whoever prepares one. */
export function signInLinkOf(draft: SignInDraft): string {
  const { pbx, ...plain } = draft;
  const members = Object.entries({ ...plain, ...(pbx === null ? {} : spread(pbx)) })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `parkline:sign-in?${members.join('&')}`;
}

const spread = ({ kind, slots, parkCode }: PbxChoice) => ({ pbx: kind, slots, parkCode });

/** The first of each name counts. */
function membersOf(query: string): Record<string, string> {
  const members: Record<string, string> = {};
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    if (at <= 0) continue;
    const [name, value] = [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
    if (name !== null && value !== null && !Object.hasOwn(members, name)) members[name] = value;
  }
  return members;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function draftFrom(raw: unknown): SignInDraft | null {
  const checked = draftSchema.safeParse(raw);
  if (!checked.success) return null;
  const { pbx, slots, parkCode, ...rest } = checked.data;
  if (Object.values(rest).some((value) => /\p{Cc}/u.test(value))) return null;
  return { ...rest, pbx: pbx === undefined ? null : { kind: pbx, slots, parkCode } };
}
