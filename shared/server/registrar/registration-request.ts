import { err, ok, type Result } from '../../domain/result.ts';
import { parseDecimal } from '../../sip/message/characters.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { formatNameAddr, type NameAddr } from '../../sip/message/name-addr.ts';
import { isSipScheme } from '../../sip/message/uri.ts';

/** How long a registration may last, in seconds. */
export interface ExpiryLimits {
  /** A shorter wish is answered 423. RFC 3261 §10.3 forbids that for an hour and more. */
  readonly minSeconds: number;
  /** A longer wish is cut to this. */
  readonly maxSeconds: number;
  /** When the device names none. */
  readonly defaultSeconds: number;
}

export const defaultExpiryLimits: ExpiryLimits = {
  minSeconds: 60,
  maxSeconds: 3600,
  defaultSeconds: 600,
};

/** One Contact of a REGISTER, read. */
export class ContactWish {
  /** Without `expires` and `q`, which are about this request and not about the device. */
  readonly contact: NameAddr;
  /** The header field as it came, if this Contact has one to itself. */
  readonly said: string | undefined;
  /** `+sip.instance` without quotes and angle brackets (RFC 5626 §4.1). */
  readonly instanceId: string | undefined;
  readonly regId: number | undefined;
  /** 0 removes the binding. */
  readonly seconds: number;
  #text: string | undefined;

  constructor(given: NameAddr, { said, seconds }: { said: string | undefined; seconds: number }) {
    this.contact = withoutRequestParams(given);
    this.said = said;
    this.instanceId = readInstance(given.params.get('+sip.instance'));
    this.regId = readRegId(given.params.get('reg-id'));
    this.seconds = seconds;
  }

  /** The Contact as it is written down and told. Made when asked for: most requests say the same as the last. */
  get text(): string {
    this.#text ??= formatNameAddr(this.contact);
    return this.#text;
  }
}

/** What a REGISTER asks for (RFC 3261 §10.3). */
export type RegistrationWish =
  | { readonly kind: 'query' }
  | { readonly kind: 'remove-all' }
  | { readonly kind: 'update'; readonly contacts: readonly ContactWish[] };

export interface RegistrationRefusal {
  readonly status: 400 | 423;
  readonly reason: string;
  readonly headers?: readonly (readonly [string, string])[];
}

/** More in one request is nobody's phone. */
const MAX_CONTACTS = 10;
const HOUR_SECONDS = 3600;
const MAX_EXPIRES = 4_294_967_295;
const MAX_REG_ID = 2_147_483_647;

/** Reads and checks everything in a REGISTER that needs no knowledge of existing bindings. */
export function readRegistration(
  request: SipRequest,
  limits: ExpiryLimits,
): Result<RegistrationWish, RegistrationRefusal> {
  const header = readExpires(request.headers.get('Expires'));
  if (request.wildcardContact) {
    return header === 0
      ? ok({ kind: 'remove-all' })
      : err({ status: 400, reason: 'Contact * needs Expires 0' });
  }
  if (!request.headers.has('Contact')) return ok({ kind: 'query' });
  if (request.contacts.length === 0) return err({ status: 400, reason: 'Unreadable Contact' });
  if (request.contacts.length > MAX_CONTACTS)
    return err({ status: 400, reason: 'Too many contacts' });
  const contacts: ContactWish[] = [];
  const values = request.headers.all('Contact');
  for (const contact of request.contacts) {
    const seconds = readSeconds(contact, header, limits);
    if (!seconds.ok) return seconds;
    const said = values.length === request.contacts.length ? values[contacts.length] : undefined;
    contacts.push(new ContactWish(contact, { said, seconds: seconds.value }));
  }
  return ok({ kind: 'update', contacts });
}

function readSeconds(
  contact: NameAddr,
  header: number | undefined,
  limits: ExpiryLimits,
): Result<number, RegistrationRefusal> {
  if (!isSipScheme(contact.uri)) return err({ status: 400, reason: 'Contact is no SIP URI' });
  const own = readExpires(contact.params.get('expires') ?? undefined);
  const asked = own ?? header ?? limits.defaultSeconds;
  if (asked > 0 && asked < limits.minSeconds && asked < HOUR_SECONDS) {
    const headers = [['Min-Expires', String(limits.minSeconds)]] as const;
    return err({ status: 423, reason: 'Interval Too Brief', headers });
  }
  return ok(Math.min(asked, limits.maxSeconds));
}

function withoutRequestParams(contact: NameAddr): NameAddr {
  if (!contact.params.has('expires') && !contact.params.has('q')) return contact;
  const params = new Map(contact.params);
  params.delete('expires');
  params.delete('q');
  return { ...contact, params };
}

/** A malformed value counts as absent here: the default is as good as the hour that RFC 3261 §10.2.1.1 names. */
function readExpires(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseDecimal(text.trim(), Number.MAX_VALUE);
  return seconds && Math.min(seconds, MAX_EXPIRES);
}

/** `"<urn:uuid:…>"` → `urn:uuid:…`; undefined when it is not of that form. */
export function readInstance(value: string | null | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const match = /^"?<([^<>"\s]{1,255})>"?$/.exec(value);
  return match?.[1];
}

function readRegId(value: string | null | undefined): number | undefined {
  if (value === null || value === undefined || !/^[0-9]{1,10}$/.test(value)) return undefined;
  const id = Number(value);
  return id >= 1 && id <= MAX_REG_ID ? id : undefined;
}
