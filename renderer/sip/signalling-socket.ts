import type { Clock } from '../../shared/domain/clock.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';
import type { SipTrace } from './trace.ts';

/** A connection attempt that hangs this long is given up, so that the next one can start. */
const CONNECT_TIMEOUT_MS = 6_000;

interface SocketDeps {
  readonly url: string;
  readonly clock: Clock;
  readonly trace: SipTrace;
}

/**
 * The WebSocket below JsSIP (RFC 7118), with what its own lacks: a trace, the time something was last heard, a limit on
 * connecting, and `drop` for a connection that is dead but does not know it (sleep, change of network).
 * The names with underscores are JsSIP's.
 */
export class SignallingSocket {
  readonly url: string;
  readonly sip_uri: string;
  via_transport: string;
  onconnect: () => void = () => {};
  ondisconnect: (error: boolean, code?: number, reason?: string) => void = () => {};
  ondata: (data: unknown) => void = () => {};

  readonly #clock: Clock;
  readonly #trace: SipTrace;
  #socket: WebSocket | null = null;
  #connectLimit: Disposable | null = null;
  #heardAt = 0;
  #openedAt = 0;

  /** @throws TypeError when `url` is not a ws: or wss: URL */
  constructor({ url, clock, trace }: SocketDeps) {
    const parsed = new URL(url);
    if (parsed.protocol !== 'ws:' && parsed.protocol !== 'wss:')
      throw new TypeError(`Not a WebSocket URL: ${url}`);
    this.url = url;
    this.sip_uri = `sip:${parsed.host};transport=ws`;
    this.via_transport = parsed.protocol === 'wss:' ? 'WSS' : 'WS';
    this.#clock = clock;
    this.#trace = trace;
  }

  /** When something last came from the server, 0 for never on this connection. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** How long a connection has been coming about; 0 when none is. */
  get connectingForMs(): number {
    return this.isConnecting() ? this.#clock.now() - this.#openedAt : 0;
  }

  connect(): void {
    if (this.isConnected() || this.isConnecting()) return;
    this.#detach();
    try {
      this.#listen(new WebSocket(this.url, 'sip'));
    } catch (cause) {
      this.#trace.add('note', `connection to ${this.url} could not be opened: ${String(cause)}`);
      queueMicrotask(() => this.ondisconnect(true, 0, 'refused by the browser'));
    }
  }

  disconnect(): void {
    this.#detach();
  }

  /** Ends a connection that no longer carries anything, without waiting for the other side. */
  drop(why: string): void {
    if (this.#socket === null) return;
    this.#trace.add('note', `connection dropped: ${why}`);
    this.#detach();
    this.ondisconnect(true, 1006, why);
  }

  send(message: string): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    if (message.trim() !== '') this.#trace.add('sent', message);
    this.#socket.send(message);
    return true;
  }

  isConnected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  isConnecting(): boolean {
    return this.#socket?.readyState === WebSocket.CONNECTING;
  }

  #listen(socket: WebSocket): void {
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#heardAt = 0;
    this.#openedAt = this.#clock.now();
    this.#connectLimit = this.#clock.after(CONNECT_TIMEOUT_MS, () =>
      this.drop('no answer while connecting'),
    );
    socket.onopen = () => {
      this.#connectLimit?.dispose();
      this.#heardAt = this.#clock.now();
      this.#trace.add('note', `connected to ${this.url}`);
      this.onconnect();
    };
    socket.onmessage = ({ data }) => {
      this.#heardAt = this.#clock.now();
      if (typeof data === 'string' && data.trim() !== '') this.#trace.add('received', data);
      this.ondata(data);
    };
    socket.onclose = ({ wasClean, code, reason }) => {
      this.#trace.add('note', `connection closed (${code}${reason === '' ? '' : ` ${reason}`})`);
      this.#detach();
      this.ondisconnect(!wasClean, code, reason);
    };
  }

  #detach(): void {
    this.#connectLimit?.dispose();
    this.#connectLimit = null;
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }
}
