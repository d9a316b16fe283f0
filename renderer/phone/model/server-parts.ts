import type { Clock } from '../../../shared/domain/clock.ts';
import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import { ServerHttp, type HttpAnswer, type ParkHistoryEntry } from '../../sip/server-http.ts';
import type { Phone } from './phone.ts';

const REFRESH_MS = 60_000;

interface ServerPartsDeps {
  readonly phone: Phone;
  readonly clock: Clock;
  readonly extension: string;
  readonly password: string;
}

/** Loads what only our server has, as soon as its REGISTER 200 says where, and keeps it fresh. Another PBX: nothing happens. */
export class ServerPartsLoader implements Disposable {
  readonly #deps: ServerPartsDeps;
  readonly #subscription: Disposable;
  #http: ServerHttp | null = null;
  #baseUrl: string | null = null;
  #timer: Disposable | null = null;
  #iceServers: readonly RTCIceServer[] = [];

  constructor(deps: ServerPartsDeps) {
    this.#deps = deps;
    this.#subscription = onDispose(
      deps.phone.state.subscribe((state, before) => {
        if (state.line !== before.line && state.line.kind === 'registered')
          this.#onRegistered(state.line.apiBaseUrl);
      }),
    );
  }

  get iceServers(): readonly RTCIceServer[] {
    return this.#iceServers;
  }

  async parkHistory(): Promise<HttpAnswer<readonly ParkHistoryEntry[]>> {
    return this.#http?.parkHistory() ?? { kind: 'failed', reason: 'not-found' };
  }

  /** Has the demonstration's caller ring me. */
  async ringMe(): Promise<void> {
    const answer = await (this.#http?.ringMe() ??
      Promise.resolve({ kind: 'failed', reason: 'not-found' } as const));
    this.#deps.phone.notify(
      answer.kind === 'ok'
        ? { kind: 'demo-ringing' }
        : { kind: 'demo-failed', reason: answer.reason },
    );
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#timer?.dispose();
  }

  #onRegistered(baseUrl: string | null): void {
    if (baseUrl === null) {
      this.#http = null;
      this.#deps.phone.update({ server: { kind: 'absent' } });
      return;
    }
    if (this.#http === null || this.#baseUrl !== baseUrl) {
      const { clock, extension, password } = this.#deps;
      this.#baseUrl = baseUrl;
      this.#http = new ServerHttp({ baseUrl, extension, password }, clock);
    }
    void this.#load(this.#http);
  }

  async #load(http: ServerHttp): Promise<void> {
    this.#timer?.dispose();
    const [me, directory, ice] = [await http.me(), await http.directory(), await http.iceServers()];
    if (this.#http !== http) return;
    if (me.kind === 'ok')
      this.#deps.phone.update({
        displayName: me.value.displayName,
        group: me.value.group,
        ...(me.value.featureCodes === undefined ? {} : { codes: me.value.featureCodes }),
      });
    if (ice.kind === 'ok') this.#iceServers = ice.value;
    if (directory.kind === 'ok') {
      this.#deps.phone.update({
        server: { kind: 'ready', directory: directory.value, loadedAt: this.#deps.clock.now() },
      });
    }
    this.#timer = this.#deps.clock.after(REFRESH_MS, () => void this.#load(http));
  }
}
