import type { SipMessage } from '../message/message.ts';
import type { ParseOutcome } from '../message/parse-outcome.ts';
import type { Disposable } from './disposable.ts';

/** Lower-case transport names as in the `transport` URI parameter (RFC 3261 §19.1.1, RFC 7118 §5.2). */
export type TransportName = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

export interface SocketAddress {
  /** An IP address as text; IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
}

/** What became of the bytes handed to a flow. A stream may still lose them later; then the flow closes. */
export type SendResult = 'sent' | 'closed' | 'too-large';

/**
 * One path to one peer: a connection, or for datagrams the pair of our socket and the peer's address (RFC 5626 §2).
 * A flow is an identity: two messages came from the same place when their flows are the same object. The other way round it holds for
 * connections, and for datagrams while somebody watches the flow; a peer that nobody watched may come back after minutes as another.
 */
export interface Flow {
  /** Unique in this process and never reused. */
  readonly id: string;
  readonly transport: TransportName;
  /** The transport delivers or tells: no retransmission timers needed (everything but UDP). */
  readonly reliable: boolean;
  /** Encrypted on this hop (TLS, WSS, or behind a reverse proxy that says so). */
  readonly secure: boolean;
  readonly remote: SocketAddress;
  /** Our end as the peer should address it: what goes into Via and Contact. */
  readonly local: SocketAddress;
  readonly closed: boolean;
  /** Never throws. */
  send(bytes: Uint8Array): SendResult;
  /** Closes the connection; for a datagram flow this only forgets the peer. Harmless twice. */
  close(): void;
  /** Runs `run` once when the flow closes; at once if it is closed already. Datagram flows close with their listener. */
  onClose(run: () => void): Disposable;
  /**
   * Closes the connection once nothing at all was heard on it for so many ms, keep-alives included; the last call counts. Absent where
   * the transport sees by itself whether the peer is there, or has nothing to close.
   */
  closeWhenSilentFor?(ms: number): void;
  /** Datagrams: the flow from the same socket to another peer. Connections: the flow itself. */
  towards(remote: SocketAddress): Flow;
}

/** A request that could not be read, with what is needed to answer it. */
export type RejectedMessage = Extract<ParseOutcome, { kind: 'rejected' }>;

/** What a listener hands up. `Endpoint` is one; nothing it does throws into the transport. */
export interface MessageReceiver {
  receive(message: SipMessage, flow: Flow): void;
  /** A request too broken to act on but whole enough to be answered (400, 413, 505 …). */
  receiveRejected(rejected: RejectedMessage, flow: Flow): void;
}

/** An open door for SIP. */
export interface Listener {
  readonly transport: TransportName;
  /** Where it really listens (port 0 is resolved). */
  readonly address: string;
  readonly port: number;
  /** Flows that are open now. Datagram listeners report the peers heard of lately. */
  readonly flowCount: number;
  /** Stops listening and closes every flow. Resolves when the sockets are gone; harmless twice. */
  close(): Promise<void>;
}
