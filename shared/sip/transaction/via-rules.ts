import { VIA } from '../message/header-names.ts';
import type { SipRequest } from '../message/message.ts';
import { withParams } from '../message/params.ts';
import { BRANCH_COOKIE, type Via } from '../message/via.ts';
import type { Flow, SocketAddress } from './flow.ts';
import type { SipRandom } from './ports.ts';

const DEFAULT_PORT = 5060;
const BRANCH_BITS = 128;

/** A branch that no one can guess or repeat (RFC 3261 §8.1.1.7). */
export const newBranch = (random: SipRandom): string =>
  `${BRANCH_COOKIE}${random.token(BRANCH_BITS)}`;

/** An address as it stands in Via and URIs: IPv6 in brackets. */
export const hostOfAddress = (address: string): string =>
  address.includes(':') ? `[${address}]` : address;

/** Our Via for a request that leaves by `flow`; over UDP it asks for the answer to the port it comes from (RFC 3581 §3). */
export function ownVia({ transport, local }: Flow, branch: string): string {
  const rport = transport === 'udp' ? ';rport' : '';
  const sentBy = `${hostOfAddress(local.address)}:${local.port}`;
  return `SIP/2.0/${transport.toUpperCase()} ${sentBy};branch=${branch}${rport}`;
}

/** Notes in the topmost Via where the request came from (RFC 3261 §18.2.1, RFC 3581 §4). */
export function stampSource(request: SipRequest, flow: Flow): void {
  const [top] = request.vias;
  if (top === undefined) return;
  const source = hostOfAddress(flow.remote.address);
  const asksForPort = top.params.has('rport');
  if (!asksForPort && sameHost(top.host, source)) return;
  const received = ['received', flow.remote.address] as const;
  const where = asksForPort ? [received, ['rport', `${flow.remote.port}`] as const] : [received];
  const stamped: Via = { ...top, params: withParams(top.params, where) };
  const said = request.headers.find(VIA)?.value ?? '';
  request.replaceTopVia(stamped, stampedText(said, top, flow.remote));
}

/** A Via of the usual spelling with its source noted: nothing else of it need be written anew. Undefined for any other. */
function stampedText(
  said: string,
  { params }: Via,
  { address, port }: SocketAddress,
): string | undefined {
  if (said.includes(',') || said.includes('"') || params.has('received')) return undefined;
  if (!params.has('rport')) return `${said};received=${address}`;
  const from = said.indexOf(RPORT);
  const to = from + RPORT.length;
  const isBare = from > 0 && (to === said.length || said.startsWith(';', to));
  return isBare ? `${said.slice(0, to)}=${port}${said.slice(to)};received=${address}` : undefined;
}

const RPORT = ';rport';

/**
 * Where the responses to a stamped request go (RFC 3261 §18.2.2, RFC 3581 §4): back by the connection; for datagrams to the source
 * address, at the source port if the client asked for that, else at the port it names. `maddr` is not followed: it would let a sender
 * aim our answers at others.
 */
export function responseFlow(request: SipRequest, flow: Flow): Flow {
  if (flow.reliable) return flow;
  const via = request.via;
  if (via.params.has('rport')) return flow;
  return flow.towards({ address: flow.remote.address, port: via.port ?? DEFAULT_PORT });
}

/** The topmost Via of a response names us as we did when we sent `from` there, and is the only one (RFC 3261 §8.1.3.3, §18.1.2). */
export const isOwnVia = (vias: readonly Via[], from: SocketAddress): boolean => {
  const [top] = vias;
  return (
    vias.length === 1 &&
    top !== undefined &&
    (top.port ?? DEFAULT_PORT) === from.port &&
    sameHost(top.host, hostOfAddress(from.address))
  );
};

const sameHost = (a: string, b: string): boolean => a === b || a.toLowerCase() === b.toLowerCase();
