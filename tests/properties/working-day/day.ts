import { vi } from 'vitest';
import { memoryKeeper } from '../../fakes/memory-keeper.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { scriptedPhone } from '../../fakes/scripted-phone.ts';
import { watchChime } from '../../../renderer/phone/observers/chime.ts';
import { watchNotifications } from '../../../renderer/phone/observers/notifier.ts';
import { History } from '../../../renderer/phone/model/history.ts';
import type { Phone } from '../../../renderer/phone/model/phone.ts';
import type { TonePlayer } from '../../../renderer/sip/audio/tone-player.ts';
import { DisposableStore, onDispose } from '../../../shared/domain/disposable.ts';
import { alertingCards } from '../../../shared/phone/alerts.ts';
import { liveCalls } from '../../../shared/phone/call-list.ts';
import type { Call } from '../../../shared/phone/call.ts';
import { waitingCards } from '../../../shared/phone/park-board.ts';
import { Chance } from './chance.ts';
import { CountedClock } from './counted-clock.ts';
import { DayLine } from './day-line.ts';
import { DayOffice } from './day-office.ts';

/** Until all that was said has arrived, ms. */
const SAID_MS = 1_000;
/** Back after the network is there: registered within three seconds, and the list with it. */
export const REGISTERED_WITHIN_MS = 3_000;
const LISTED_WITHIN_MS = REGISTERED_WITHIN_MS + SAID_MS;
/** A connection that died without a word is missed after a silence, asked, given up and opened anew; then it may be tried late. */
const MISSED_WITHIN_MS = 5_000 + 20_000 + 4_000 + 8_000;
/** After nonsense the list is asked for less and less often, up to this. */
const PATIENCE_MS = 62_000;

const CALLERS = [
  { name: 'Client', number: '003386002678' },
  { name: 'Ms Second', number: '004930123456' },
  { name: '', number: '103' },
] as const;

/** One seeded day of somebody with extension 102. */
export class Day {
  readonly chance: Chance;
  readonly clock = new FakeClock();
  readonly phoneClock = new CountedClock(this.clock);
  readonly office = new DayOffice(this.clock);
  readonly line: DayLine;
  readonly phone: Phone;
  readonly history: History;
  /** Of parked calls, on the screen now. */
  readonly notified = new Set<string>();
  readonly counts = { calls: 0, parks: 0, sleeps: 0, changes: 0, restarts: 0, chimes: 0 };
  doNotDisturb = false;
  /** From then on the list must be right again. */
  rightFrom: number;
  /** From then on the line must be registered again; `null`: the network is away. */
  registeredFrom: number | null;
  readonly #observers = new DisposableStore();
  #ids = 0;

  constructor(seed: number) {
    this.chance = new Chance(seed);
    // Jitter is part of the day.
    vi.spyOn(Math, 'random').mockImplementation(this.chance.next);
    this.line = new DayLine(this.office, this.clock, this.phoneClock);
    this.phone = scriptedPhone({ line: this.line, clock: this.phoneClock, extension: '102' });
    this.history = new History(memoryKeeper(), '102@pbx.test');
    this.#observers.add(this.history.watch(this.phone));
    this.#observe();
    this.rightFrom = this.clock.now() + LISTED_WITHIN_MS;
    this.registeredFrom = this.clock.now() + REGISTERED_WITHIN_MS;
    this.line.start();
  }

  get calls(): readonly Call[] {
    return liveCalls(this.phone.state.getState().calls);
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms);
  }

  /** The next thing that happens. */
  async step(): Promise<void> {
    const things = [
      [20, () => this.#isCalled()],
      [22, () => this.#answers()],
      [12, () => this.#parks()],
      [10, () => this.#retrieves()],
      [10, () => this.#hangsUp()],
      [9, () => this.#colleagueParks()],
      [8, () => this.#colleagueOrCallerEnds()],
      [6, () => this.#dials()],
      [5, () => this.#recall()],
      [4, () => this.#holdsOrSwaps()],
      [4, () => this.#farSideLeaves()],
      [2, () => void (this.doNotDisturb = !this.doNotDisturb)],
      [2, () => this.#conference()],
      [1.6, () => this.#sleeps()],
      [1.6, () => this.#networkChanges()],
      [0.6, () => this.#connectionDies()],
      [0.4, () => this.#restarts()],
      [0.6, () => this.#mumbles()],
    ] as const;
    let at = this.chance.next() * things.reduce((sum, [weight]) => sum + weight, 0);
    const thing = things.find(([weight]) => (at -= weight) < 0)?.[1];
    this.#wrongFor(SAID_MS);
    await thing?.();
    await this.pass(this.chance.between(200, 24_000));
  }

  async end(): Promise<void> {
    await this.line.stop();
    this.#observers.dispose();
    this.phone.dispose();
    vi.restoreAllMocks();
  }

  // What others do

  #isCalled(): void {
    if (this.calls.length > 3) return;
    const caller = this.#caller();
    const id = this.#newId('in');
    this.counts.calls += 1;
    this.line.ring(id, caller);
    this.clock.after(25_000, () => {
      const call = this.calls.find((each) => each.id === id);
      if (call?.state.kind === 'incoming') this.line.leave(id, 'cancel');
    });
  }

  #colleagueParks(): void {
    const { name, number } = this.#caller();
    const mine = this.chance.happens(0.7);
    this.counts.parks += 1;
    this.office.park({
      name,
      number,
      parker: '101',
      parkerName: 'Bob',
      ...(mine ? { slot: '102' } : { slot: '104', group: 'Support' }),
    });
  }

  #colleagueOrCallerEnds(): void {
    const id = this.chance.one(this.office.parkedIds);
    if (id === undefined) return;
    this.office.take(
      id,
      this.chance.happens(0.5)
        ? { reason: 'Retrieved by 103', by: '103' }
        : { reason: 'Caller hung up' },
    );
  }

  /** Nobody came: it rings at the parker, me or somebody else, and goes back to them. */
  async #recall(): Promise<void> {
    const call = this.chance.one(this.office.parked);
    if (call === undefined) return;
    this.office.change(call.id, { state: 'recalling', recallIn: null });
    await this.pass(5_000);
    const taken = this.office.take(call.id, { reason: 'Went back to 102', by: '102' });
    if (taken?.parker !== '102') return;
    const party = { name: taken.name ?? null, number: taken.number ?? '' };
    this.line.ring(this.#newId('recall'), party, { slot: taken.slot ?? '102' });
  }

  #farSideLeaves(): void {
    const call = this.chance.one(this.calls);
    if (call !== undefined)
      this.line.leave(call.id, call.state.kind === 'incoming' ? 'cancel' : 'bye');
  }

  // What I do

  #answers(): void {
    const call = this.calls.find(({ state }) => state.kind === 'incoming');
    if (call === undefined) return;
    this.phone.call({ kind: this.chance.happens(0.85) ? 'answer' : 'hang-up', call: call.id });
  }

  #dials(): void {
    this.line.busyNext = this.chance.happens(0.3);
    this.counts.calls += 1;
    this.phone.dial(this.chance.one(['103', '104', '004930987654']) ?? '103');
  }

  async #parks(): Promise<void> {
    const call = this.calls.find(({ state }) => state.kind === 'active');
    if (call === undefined) return;
    // Without a word for ten seconds the list is asked for, which a doubt shortly before makes wait.
    this.line.silentRefer = this.chance.happens(0.05);
    if (this.line.silentRefer) this.#wrongFor(10_000 + PATIENCE_MS);
    this.counts.parks += 1;
    const note = this.chance.happens(0.3) ? 'wants invoice 4711' : null;
    this.phone.park(call.id, { code: '*68', note });
  }

  #retrieves(): void {
    if (this.calls.length > 3) return;
    const card = this.chance.one(waitingCards(this.phone.state.getState().board));
    if (card === undefined || this.chance.happens(0.2)) return this.phone.retrieveOldest();
    // Sometimes a colleague is faster.
    if (this.chance.happens(0.15))
      this.office.take(card.id, { reason: 'Retrieved by 103', by: '103' });
    this.phone.retrieve(card.id);
  }

  #hangsUp(): void {
    const call = this.chance.one(this.calls.filter(({ state }) => state.kind !== 'incoming'));
    if (call !== undefined) this.phone.call({ kind: 'hang-up', call: call.id });
  }

  #holdsOrSwaps(): void {
    const held = this.calls.find(({ state }) => state.kind === 'held');
    if (held !== undefined) return this.phone.call({ kind: 'resume', call: held.id });
    const active = this.calls.find(({ state }) => state.kind === 'active');
    if (active !== undefined) this.phone.call({ kind: 'hold', call: active.id });
  }

  #conference(): void {
    this.phone.toggleConference();
  }

  // What happens to all

  async #sleeps(): Promise<void> {
    this.counts.sleeps += 1;
    this.#networkAway();
    this.line.network.die();
    await this.pass(this.chance.between(20, 1_800) * 1000);
    this.line.loseCalls();
    this.#networkBack();
  }

  async #networkChanges(): Promise<void> {
    this.counts.changes += 1;
    this.#networkAway();
    this.line.network.cut();
    await this.pass(this.chance.between(1, 90) * 1000);
    this.#networkBack();
  }

  #networkAway(): void {
    this.registeredFrom = null;
    this.rightFrom = Number.POSITIVE_INFINITY;
    this.office.reach = 'away';
  }

  /** The machine says so (or has woken up): the phone is nudged, as Electron and browsers do. */
  #networkBack(): void {
    this.office.reach = 'there';
    this.registeredFrom = this.clock.now() + REGISTERED_WITHIN_MS;
    this.rightFrom = this.clock.now() + LISTED_WITHIN_MS;
    this.line.nudge();
  }

  /** A router forgets the connection: nobody is told. */
  #connectionDies(): void {
    this.line.network.die();
    this.#wrongFor(MISSED_WITHIN_MS);
    this.registeredFrom = Math.max(this.registeredFrom ?? 0, this.clock.now() + MISSED_WITHIN_MS);
  }

  async #restarts(): Promise<void> {
    this.counts.restarts += 1;
    this.registeredFrom = null;
    this.rightFrom = Number.POSITIVE_INFINITY;
    this.office.reach = 'down';
    this.office.restart();
    this.line.network.cut();
    this.line.loseCalls();
    await this.pass(this.chance.between(1, 20) * 1000);
    this.office.reach = 'there';
    // Nobody says that a server is back: it is tried every two seconds.
    this.registeredFrom = this.clock.now() + REGISTERED_WITHIN_MS;
    this.rightFrom = this.clock.now() + LISTED_WITHIN_MS;
  }

  #mumbles(): void {
    this.office.mumble(this.chance.happens(0.5) ? 'nonsense' : 'gap');
    // A gap is noticed with the next NOTIFY.
    this.#colleagueParks();
    this.#wrongFor(PATIENCE_MS);
  }

  #wrongFor(ms: number): void {
    this.rightFrom = Math.max(this.rightFrom, this.clock.now() + ms);
  }

  #observe(): void {
    this.#observers.add(
      watchNotifications(this.phone, {
        desk: {
          showParked: ({ parkId }) => this.notified.add(parkId),
          withdrawParked: (parkId) => this.notified.delete(parkId),
          showIncoming: () => undefined,
          withdrawIncoming: () => undefined,
        },
        say: () => (id) => id,
        mark: () => null,
        enabled: () => true,
        doNotDisturb: () => this.doNotDisturb,
        detail: () => 'full',
        onLocked: () => onDispose(() => {}),
      }),
    );
    const player = { play: () => void (this.counts.chimes += 1) } as unknown as TonePlayer;
    this.#observers.add(
      watchChime(
        {
          calls: () => this.phone.state.getState().calls.calls,
          waiting: () => this.#alerting(),
          onChange: (run) => onDispose(this.phone.state.subscribe(run)),
        },
        {
          player,
          clock: this.phoneClock,
          settings: () => ({ enabled: true, repeatMs: 20_000 }),
        },
      ),
    );
  }

  #alerting() {
    const { board } = this.phone.state.getState();
    if (this.doNotDisturb || board.sync.kind !== 'live') return [];
    return alertingCards(board.cards, board.me);
  }

  #caller() {
    return this.chance.one(CALLERS) ?? CALLERS[0];
  }

  #newId(prefix: string): string {
    return `${prefix}-${(this.#ids += 1)}`;
  }
}
