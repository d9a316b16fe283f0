import { onDispose } from '../../shared/domain/disposable.ts';
import { makeRequest, type HeaderPairs } from '../../shared/sip/message/builders.ts';
import type { SipRequest, SipResponse } from '../../shared/sip/message/message.ts';
import { parseNameAddr, withTag, type NameAddr } from '../../shared/sip/message/name-addr.ts';
import { parseUri } from '../../shared/sip/message/uri.ts';
import type { Flow, TransportName } from '../../shared/sip/transaction/flow.ts';
import type {
  ReplyOptions,
  ServerTransaction,
} from '../../shared/sip/transaction/transaction-user.ts';

/** A flow that goes nowhere and can be closed. */
export class SpyFlow implements Flow {
  static #count = 0;
  readonly id = `spy-${(SpyFlow.#count += 1)}`;
  readonly transport: TransportName;
  readonly secure = false;
  readonly remote: { readonly address: string; readonly port: number };
  readonly local = { address: '127.0.0.1', port: 5060 };
  closed = false;
  readonly #listeners = new Set<() => void>();

  constructor(transport: TransportName = 'ws', port = 40_000) {
    this.transport = transport;
    this.remote = { address: '127.0.0.1', port };
  }

  get reliable(): boolean {
    return this.transport !== 'udp';
  }

  send(): 'sent' {
    return 'sent';
  }

  close(): void {
    this.closed = true;
    for (const listener of [...this.#listeners]) listener();
  }

  onClose(run: () => void) {
    this.#listeners.add(run);
    return onDispose(() => this.#listeners.delete(run));
  }

  towards(): Flow {
    return this;
  }
}

export interface AskedRequest {
  readonly method?: string;
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly contact?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly headers?: HeaderPairs;
}

/** A request as it came in, and what was replied to it. */
export class FakeServerTransaction implements ServerTransaction {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly localTag = 'local';
  readonly replies: { readonly status: number; readonly options: ReplyOptions }[] = [];

  constructor(asked: AskedRequest, flow: Flow = new SpyFlow()) {
    const { uri = 'sip:pbx.test', from = '<sip:101@pbx.test>', to = from, contact } = asked;
    const requestUri = parseUri(uri);
    if (requestUri === undefined) throw new Error(`no URI: ${uri}`);
    this.flow = flow;
    this.request = makeRequest({
      method: asked.method ?? 'REGISTER',
      uri: requestUri,
      from: withTag(address(from), 'their-tag'),
      to: address(to),
      callId: asked.callId ?? 'call-1',
      cseq: asked.cseq ?? 1,
      headers: [
        ...(contact === undefined ? [] : [['Contact', contact] as const]),
        ...(asked.headers ?? []),
      ],
    });
  }

  get status(): number | undefined {
    return this.replies.at(-1)?.status;
  }

  /** Values of a header in the last reply. */
  replied(name: string): readonly string[] {
    const headers = this.replies.at(-1)?.options.headers ?? [];
    return headers.filter(([key]) => key === name).map(([, value]) => value);
  }

  get answerable(): boolean {
    return this.replies.length === 0;
  }

  get finalStatus(): number | undefined {
    return this.status;
  }

  reply(status: number, options: ReplyOptions = {}): SipResponse | undefined {
    this.replies.push({ status, options });
    return undefined;
  }

  onCancel = nothing;
  onAck = nothing;
  onEnd = nothing;
}

const nothing = () => ({ dispose: () => undefined });

function address(text: string): NameAddr {
  const parsed = parseNameAddr(text);
  if (parsed === undefined) throw new Error(`no address: ${text}`);
  return parsed;
}
