import type { Forwarding } from '../../../shared/domain/call-forwarding.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import { DisposableStore, onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import { ServerHttp, type HttpAnswer, type ParkHistoryEntry } from '../../sip/server-http.ts';
import type { Phone } from './phone.ts';
import type { SettingsStore } from './settings-store.ts';

const REFRESH_MS = 60_000;
/** After an interruption, of the server above all, colleagues come back at about the same time as I do: not all are there at once. */
const SOON_MS = 4_000;

interface ServerPartsDeps {
  readonly phone: Phone;
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly extension: string;
  readonly password: string;
}

/** Loads what only our server has, as soon as its REGISTER 200 says where, and keeps it fresh. Another PBX: nothing happens. */
export class ServerPartsLoader implements Disposable {
  readonly #deps: ServerPartsDeps;
  readonly #subscriptions = new DisposableStore();
  #http: ServerHttp | null = null;
  #baseUrl: string | null = null;
  #timer: Disposable | null = null;
  #iceServers: readonly RTCIceServer[] = [];
  #told: Promise<unknown> = Promise.resolve();
  /** The server may believe from this phone that nobody is to disturb me. */
  #saidOn = false;

  constructor(deps: ServerPartsDeps) {
    this.#deps = deps;
    this.#subscriptions.add(
      onDispose(
        deps.phone.state.subscribe((state, before) => {
          if (state.line !== before.line && state.line.kind === 'registered')
            this.#onRegistered(state.line.apiBaseUrl);
        }),
      ),
    );
    this.#subscriptions.add(
      onDispose(
        deps.settings.state.subscribe((settings, before) => {
          if (settings.doNotDisturb !== before.doNotDisturb && this.#http !== null)
            this.#tellDoNotDisturb(this.#http, 'changed');
        }),
      ),
    );
  }

  get iceServers(): readonly RTCIceServer[] {
    return this.#iceServers;
  }

  async parkHistory(): Promise<HttpAnswer<readonly ParkHistoryEntry[]>> {
    return this.#http?.parkHistory() ?? { kind: 'failed', reason: 'not-found' };
  }

  /** Reads again who is signed in or not to be disturbed: somebody is about to choose a colleague. */
  async refreshDirectory(): Promise<void> {
    if (this.#http !== null) await this.#loadDirectory(this.#http);
  }

  /** More time before a parked call is recalled; what the server makes of it comes with the next NOTIFY. */
  async snooze(parkId: string): Promise<void> {
    const answer = await (this.#http?.snooze(parkId) ??
      Promise.resolve({ kind: 'failed', reason: 'not-found' } as const));
    this.#deps.phone.notify(
      answer.kind === 'ok' ? { kind: 'snoozed' } : { kind: 'snooze-failed', reason: answer.reason },
    );
  }

  /** Has the server send my calls on, and says how that went. True when it was taken. */
  async setForwarding(forwarding: Forwarding): Promise<boolean> {
    const outcome = (await this.#http?.setForwarding(forwarding)) ?? 'offline';
    if (outcome === 'saved') this.#deps.phone.update({ forwarding });
    this.#deps.phone.notify(
      outcome === 'saved'
        ? { kind: 'forwarding-saved', forwarding }
        : { kind: 'forwarding-failed', reason: outcome },
    );
    return outcome === 'saved';
  }

  /**
   * Has my calls ring here again, and says how that went. The rest of the forwarding stays as it is at the server, where another
   * phone of mine may have changed it since it was read.
   */
  async stopForwarding(): Promise<boolean> {
    const me = await this.#http?.me();
    const forwarding = me?.kind === 'ok' ? me.value.forwarding : null;
    if (forwarding !== null) return this.setForwarding({ ...forwarding, always: null });
    const isOffline = me === undefined || (me.kind === 'failed' && me.reason === 'offline');
    const reason = isOffline ? 'offline' : 'server';
    this.#deps.phone.notify({ kind: 'forwarding-failed', reason });
    return false;
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
    // What is still being loaded starts no timer any more.
    this.#http = null;
    this.#subscriptions.dispose();
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
    this.#tellDoNotDisturb(this.#http, 'registered');
    void this.#load(this.#http, SOON_MS);
  }

  /**
   * One after the other, each what is so when its turn comes: the last to arrive is right. Nobody is told of a failure:
   * an older server does not know of it, and after an interruption the next registration says it again. Of several phones of a
   * user the latest word counts, so one that only comes back says nothing where nobody has pressed anything.
   */
  #tellDoNotDisturb(http: ServerHttp, why: 'changed' | 'registered'): void {
    this.#told = this.#told.then(async () => {
      const { doNotDisturb } = this.#deps.settings.current;
      if (why === 'registered' && !doNotDisturb && !this.#saidOn) return;
      if (doNotDisturb) this.#saidOn = true;
      const answer = await http.setDoNotDisturb(doNotDisturb);
      if (answer.kind === 'ok') this.#saidOn = doNotDisturb;
    });
  }

  /** @param againMs when all of it is read again */
  async #load(http: ServerHttp, againMs: number): Promise<void> {
    this.#timer?.dispose();
    const [me, ice] = [await http.me(), await http.iceServers()];
    if (this.#http !== http) return;
    if (me.kind === 'ok')
      this.#deps.phone.update({
        displayName: me.value.displayName,
        group: me.value.group?.name ?? null,
        forwarding: me.value.forwarding,
        ...(me.value.featureCodes === undefined ? {} : { codes: me.value.featureCodes }),
      });
    if (ice.kind === 'ok') this.#iceServers = ice.value;
    await this.#loadDirectory(http);
    if (this.#http !== http) return;
    this.#timer = this.#deps.clock.after(againMs, () => void this.#load(http, REFRESH_MS));
  }

  async #loadDirectory(http: ServerHttp): Promise<void> {
    const directory = await http.directory();
    if (this.#http !== http || directory.kind !== 'ok') return;
    this.#deps.phone.update({
      server: { kind: 'ready', directory: directory.value, loadedAt: this.#deps.clock.now() },
    });
  }
}
