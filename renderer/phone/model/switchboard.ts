import { createStore, type StoreApi } from 'zustand/vanilla';
import { DisposableStore, onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import { accountMarks, type AccountMark } from '../../../shared/phone/account-mark.ts';
import { alertingCards } from '../../../shared/phone/alerts.ts';
import type { Call } from '../../../shared/phone/call.ts';
import {
  mergeParks,
  noParks,
  oldestWaiting,
  type ParkView,
} from '../../../shared/phone/merged-parks.ts';
import type { Card } from '../../../shared/phone/park-card.ts';
import { listAudioDevices, onAudioDevicesChanged } from '../../sip/audio/devices.ts';
import { RINGTONES } from '../../sip/audio/ringtones.ts';
import { Emitter } from '../../sip/emitter.ts';
import { watchChime } from '../observers/chime.ts';
import { browserDesk, desktopDesk, type NotificationDesk } from '../observers/notifier.ts';
import { watchRinging } from '../observers/ringer.ts';
import { shareDesk } from '../observers/shared-desk.ts';
import type { Account } from './account.ts';
import { CallFloor } from './call-floor.ts';
import type { PhoneEvent } from './phone-event.ts';
import { Session, type SessionWorld } from './session.ts';
import type { MachineSettings } from './settings-store.ts';
import { Sounds } from './sounds.ts';

export interface SwitchboardState {
  /** The accounts that are signed in, the one that dials first. */
  readonly sessions: readonly Session[];
  /** How they are told apart, by account; empty while there is but one. */
  readonly marks: ReadonlyMap<string, AccountMark>;
}

/** Something happened on one of the accounts. */
export interface SwitchboardEvent {
  readonly session: Session;
  readonly event: PhoneEvent;
}

/**
 * The accounts that are signed in at the same time, with all that they share: the calls, of which one is heard at a time, the one
 * list of parked calls, microphone, speaker, ringer and chime.
 */
export class Switchboard implements Disposable {
  readonly state: StoreApi<SwitchboardState> = createStore<SwitchboardState>(() => ({
    sessions: [],
    marks: new Map(),
  }));
  readonly parks: StoreApi<ParkView> = createStore<ParkView>(() => noParks);
  readonly events = new Emitter<SwitchboardEvent>();
  readonly floor: CallFloor;
  readonly sounds: Sounds;
  readonly machine: MachineSettings;
  readonly world: SessionWorld;
  readonly #disposables = new DisposableStore();
  readonly #watches = new Map<Session, Disposable>();
  readonly #deskOf: () => NotificationDesk;
  #accounts: readonly Account[] = [];

  constructor(world: SessionWorld, machine: MachineSettings) {
    this.world = world;
    this.machine = machine;
    this.floor = new CallFloor(world.clock);
    this.#deskOf = shareDesk(
      world.desktop === null
        ? browserDesk({ retrieve: (parkId) => this.retrieveByParkId(parkId), show: () => {} })
        : desktopDesk(world.desktop),
    );
    this.sounds = this.#disposables.add(
      new Sounds({
        settings: machine,
        clock: world.clock,
        microphoneSource: world.profile?.microphone ?? 'device',
        devices: { list: listAudioDevices, onChange: onAudioDevicesChanged },
        onBlocked: () => this.#each(({ phone }) => phone.update({ soundBlocked: true })),
        say: (what) => this.first?.phone.notify(what),
      }),
    );
    this.#observe();
  }

  get sessions(): readonly Session[] {
    return this.state.getState().sessions;
  }

  /** The account that dials unless another is chosen; `null` while nobody is signed in. */
  get first(): Session | null {
    return this.sessions[0] ?? null;
  }

  find(account: string): Session | null {
    return this.sessions.find((session) => session.account.key === account) ?? null;
  }

  /** A session of this desk; it is on the screen once it is added. */
  make(account: Account, password: string): Session {
    const { floor, sounds, machine } = this;
    return new Session(account, password, {
      world: this.world,
      floor,
      sounds,
      machine,
      desk: this.#deskOf(),
      mark: () => this.state.getState().marks.get(account.key)?.text ?? null,
    });
  }

  /** Shows it with the others, behind them. */
  add(session: Session): void {
    const watch = new DisposableStore();
    watch.add(session.phone.events.listen((event) => this.events.emit({ session, event })));
    watch.add(
      onDispose(
        session.phone.state.subscribe((now, before) => {
          if (now.board !== before.board || now.parkListSupported !== before.parkListSupported)
            this.#merge();
        }),
      ),
    );
    this.#watches.set(session, watch);
    this.#arrange([...this.sessions, session]);
  }

  /** Takes it from the screen and signs it out. The others go on. */
  async remove(session: Session): Promise<void> {
    this.#watches.get(session)?.dispose();
    this.#watches.delete(session);
    this.#arrange(this.sessions.filter((each) => each !== session));
    await session.close();
  }

  /** The accounts as they are called now, and in which order: the first of them that is signed in dials. */
  arrange(accounts: readonly Account[]): void {
    const place = (session: Session) =>
      accounts.findIndex(({ key }) => key === session.account.key);
    this.#arrange(
      this.sessions.toSorted((a, b) => place(a) - place(b)),
      accounts,
    );
  }

  /** A press on a card of the one list. Ignored while another retrieve is under way. */
  retrieve(key: string, confirmed = false): void {
    const { cards, retrieving } = this.parks.getState();
    if (retrieving !== null) return;
    const placed = cards.find((each) => each.key === key);
    const session = placed === undefined ? this.first : this.find(placed.account);
    session?.phone.retrieve(placed?.card.id ?? key, confirmed);
  }

  /** The card with this id that is known to wait; where two PBXs give one id, that of the account which dials. */
  retrieveByParkId(parkId: string): void {
    const named = this.parks.getState().cards.filter(({ card }) => card.id === parkId);
    const placed = named.find(({ frozen }) => !frozen) ?? named[0];
    this.retrieve(placed?.key ?? parkId);
  }

  /** Whichever waits longest, over all accounts. */
  retrieveOldest(): void {
    const oldest = oldestWaiting(this.parks.getState());
    if (oldest !== null) this.retrieve(oldest.key);
  }

  retrieveNumber(number: number): void {
    const placed = this.parks.getState().cards.find((each) => each.number === number);
    if (placed !== undefined) this.retrieve(placed.key);
  }

  snooze(key: string): void {
    const placed = this.parks.getState().cards.find((each) => each.key === key);
    if (placed !== undefined) void this.find(placed.account)?.server.snooze(placed.card.id);
  }

  /** Whether this account is not to be disturbed: its calls come without a sound. */
  isQuiet(account: string): boolean {
    return this.find(account)?.settings.current.doNotDisturb === true;
  }

  /** One switch for all accounts; each may be switched by itself as well. */
  setDoNotDisturb(doNotDisturb: boolean): void {
    this.#each(({ settings }) => settings.change({ doNotDisturb }));
  }

  /** Ends all calls and signs everybody out. */
  async close(): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.close()));
    this.dispose();
  }

  dispose(): void {
    for (const watch of this.#watches.values()) watch.dispose();
    this.#watches.clear();
    this.#disposables.dispose();
  }

  #each(run: (session: Session) => void): void {
    for (const session of this.sessions) run(session);
  }

  #arrange(sessions: readonly Session[], accounts: readonly Account[] = this.#accounts): void {
    this.#accounts = accounts;
    const known = new Map(accounts.map((account) => [account.key, account]));
    const marked = sessions.map(({ account }) => known.get(account.key) ?? account);
    this.state.setState({
      sessions,
      marks: sessions.length < 2 ? new Map() : accountMarks(marked),
    });
    this.#merge();
  }

  #merge(): void {
    const boards = this.sessions.map(({ account, phone }) => {
      const { board, parkListSupported } = phone.state.getState();
      const server = `${account.webSocketUrl} ${account.domain}`;
      return { account: account.key, server, board, supported: parkListSupported };
    });
    this.parks.setState(mergeParks(boards, this.parks.getState()), true);
  }

  #observe(): void {
    const { floor, machine, sounds, world } = this;
    const settings = () => machine.current;
    const calls = (): readonly Call[] => floor.calls.calls;
    this.#disposables.add(
      watchRinging(
        {
          calls,
          onChange: (run) => this.#onAnyChange(run),
          onEvent: (run) => this.events.listen(({ event }) => run(event)),
        },
        {
          ringer: sounds.ringer,
          ear: sounds.ear,
          ringtone: () => RINGTONES[settings().ringtone],
          doNotDisturb: (account) => this.isQuiet(account),
          keyTones: () => settings().keyTones,
        },
      ),
    );
    this.#disposables.add(
      watchChime(
        {
          calls,
          waiting: () => this.#chiming(),
          onChange: (run) => this.#onAnyChange(run),
        },
        {
          player: sounds.chime,
          clock: world.clock,
          settings: () => ({
            enabled: settings().chimeOn,
            repeatMs: settings().chimeEverySeconds * 1000,
          }),
        },
      ),
    );
  }

  /** What is unknown does not chime, nor what waits at an account that is not to be disturbed. */
  #chiming(): readonly Card[] {
    return this.parks.getState().cards.flatMap(({ account, card, frozen }) => {
      if (frozen || this.isQuiet(account)) return [];
      const me = this.find(account)?.phone.state.getState().board.me ?? '';
      return alertingCards([card], me);
    });
  }

  #onAnyChange(run: () => void): Disposable {
    const all = new DisposableStore();
    all.add(onDispose(this.floor.state.subscribe(run)));
    all.add(onDispose(this.parks.subscribe(run)));
    all.add(this.machine.onChange(run));
    const accounts = () => this.sessions.map(({ settings }) => settings.onChange(run));
    let own = accounts();
    all.add(
      onDispose(
        this.state.subscribe(() => {
          for (const each of own) each.dispose();
          own = accounts();
          run();
        }),
      ),
    );
    all.add(onDispose(() => own.forEach((each) => each.dispose())));
    return all;
  }
}
