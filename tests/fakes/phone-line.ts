import type { CodecName, LegKind, MediaLeg } from '../../shared/media/engine.ts';
import { makeNameAddr, parseNameAddr, type NameAddr } from '../../shared/sip/message/name-addr.ts';
import type { SipRequest, SipResponse } from '../../shared/sip/message/message.ts';
import { parseUri, type SipUri } from '../../shared/sip/message/uri.ts';
import type { Endpoint } from '../../shared/sip/transaction/endpoint.ts';
import type { Flow } from '../../shared/sip/transaction/flow.ts';
import type { ExtraHeaders } from '../../shared/sip/transaction/transaction-user.ts';

export interface PhoneAccount {
  /** Digest user name; of an extension the extension. */
  readonly user: string;
  readonly password: string;
  /** Default: the loopback address. */
  readonly domain?: string;
  /** `+sip.instance` of its REGISTER; default none. */
  readonly instance?: string;
  readonly codecs?: readonly CodecName[];
  readonly userAgent?: string;
  /** What its Allow says; default `PHONE_ALLOW`. */
  readonly allow?: string;
}

/** What the calls and subscriptions of a scripted phone need of it. */
export interface PhoneLine {
  readonly account: PhoneAccount;
  readonly endpoint: Endpoint;
  readonly flow: Flow;
  readonly domain: string;
  readonly codecs: readonly CodecName[];
  /** Values of Contact and From. */
  readonly contact: string;
  readonly address: string;
  /** Sends a request; answers a challenge by what `again` makes of the credentials. */
  request(request: SipRequest, again: (headers: ExtraHeaders) => SipRequest): Promise<SipResponse>;
  /** Sends one request as it is. */
  send(request: SipRequest): Promise<SipResponse>;
  /** The headers that answer a challenge. */
  authorize(challenge: SipResponse, request: SipRequest): ExtraHeaders;
  /** A media leg of the phone's own, whose SDP is real and whose sound is not. */
  openLeg(): MediaLeg;
  readonly legKind: LegKind;
  /** Waits until `read` gives something. */
  until<T>(what: string, read: () => T | undefined | false, withinMs?: number): Promise<T>;
}

export interface RequestOptions {
  /** Default 70. */
  readonly maxForwards?: number;
  readonly headers?: ExtraHeaders;
  readonly body?: string;
  readonly contentType?: string;
}

export const SDP = 'application/sdp';
export const PHONE_ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, REFER, NOTIFY';

/** `user;param` becomes `user@host;param`; what has a host keeps it. */
export function atHost(target: string, host: string): string {
  if (target.includes('@')) return target;
  const semicolon = target.indexOf(';');
  return semicolon < 0
    ? `${target}@${host}`
    : `${target.slice(0, semicolon)}@${host}${target.slice(semicolon)}`;
}

export function uriOf(text: string): SipUri {
  const uri = parseUri(text);
  if (uri === undefined) throw new Error(`not a URI: ${text}`);
  return uri;
}

export function addressOf(text: string): NameAddr {
  const address = parseNameAddr(text);
  if (address === undefined) throw new Error(`not an address: ${text}`);
  return address;
}

/** The address of a user part at a host, without a tag. */
export const addressAt = (user: string | undefined, host: string): NameAddr =>
  makeNameAddr({ ...uriOf(`sip:${host}`), user });
