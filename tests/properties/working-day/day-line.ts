import type { UA } from 'jssip';
import { LineLiveness } from '../../../renderer/sip/line-liveness.ts';
import { ParkSubscription } from '../../../renderer/sip/park-subscription.ts';
import type { LineEffect, LineState } from '../../../renderer/sip/phone-line.ts';
import { Registration } from '../../../renderer/sip/registration.ts';
import type { SignallingSocket } from '../../../renderer/sip/signalling-socket.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import { DisposableStore } from '../../../shared/domain/disposable.ts';
import type { FinalStatus } from '../../../shared/phone/call-problem.ts';
import type { NetworkInput } from '../../../shared/phone/call-input.ts';
import type { PartyText } from '../../../shared/phone/park-report.ts';
import { ScriptedLine } from '../../fakes/scripted-line.ts';
import { DayNetwork } from './day-network.ts';
import type { DayOffice } from './day-office.ts';

const NO_CONNECTION: FinalStatus = { status: 0, phrase: 'no connection', reasonText: null };
const GONE: FinalStatus = { status: 410, phrase: 'Gone', reasonText: 'Retrieved by Carol' };
const BUSY: FinalStatus = { status: 486, phrase: 'Busy Here', reasonText: null };
/** A network that fails in mid-call is noticed by its silence, ms. */
const NO_SOUND_MS = 8_000;

interface Far {
  readonly party: PartyText;
}

/**
 * The phone's line over the network of the day: registration, liveness and the subscription are the phone's own, JsSIP's part is
 * played by `DayNetwork`.
 */
export class DayLine extends ScriptedLine {
  readonly network: DayNetwork;
  readonly #office: DayOffice;
  readonly #clock: Clock;
  readonly #own = new DisposableStore();
  readonly #liveness: LineLiveness;
  readonly #list: ParkSubscription;
  readonly #far = new Map<string, Far>();
  /** The next REFER gets no word but its 202. */
  silentRefer = false;
  /** Nobody picks up who is called next. */
  busyNext = false;

  /** @param phoneClock counts the phone's own timers, `clock` runs the world */
  constructor(office: DayOffice, clock: Clock, phoneClock: Clock) {
    super();
    this.#office = office;
    this.#clock = clock;
    this.network = new DayNetwork(office, clock, phoneClock);
    const ua = this.network as unknown as UA;
    this.#own.add(new Registration(ua, phoneClock, (state) => this.become(state)));
    this.#liveness = this.#own.add(
      new LineLiveness(ua, this.network as unknown as SignallingSocket, phoneClock),
    );
    this.#list = this.#own.add(
      new ParkSubscription({
        ua,
        clock: phoneClock,
        target: 'sip:*88@pbx.test',
        onEvent: (event) => this.say({ kind: 'park-list', event }),
      }),
    );
  }

  override start(): void {
    this.network.connect();
  }

  override async stop(): Promise<void> {
    this.#list.stop();
    this.network.stop();
    this.#own.dispose();
  }

  override nudge(): void {
    this.#liveness.check();
    this.#list.refresh();
  }

  override become(state: LineState): void {
    super.become(state);
    if (state.kind === 'registered') this.#list.start();
    else if (state.kind === 'offline' || state.kind === 'refused') this.#list.lose();
  }

  override resyncParkList(): void {
    this.#list.again();
  }

  override expectParkChange(): void {
    this.#list.expectChange();
  }

  /** Somebody calls. @returns the call's id */
  ring(id: string, party: PartyText, recall: { readonly slot: string } | null = null): void {
    const { connection } = this.network;
    if (connection === null || this.state.kind !== 'registered') return;
    this.network.deliver(connection, () => {
      this.#far.set(id, { party });
      const mark = recall === null ? null : { slot: recall.slot, attempt: 1 };
      this.#tell({ kind: 'came-in', call: id, party, recall: mark });
    });
  }

  /** The far side gives up or hangs up. */
  leave(id: string, why: 'bye' | 'cancel' | 'connection-lost'): void {
    if (this.#far.delete(id)) this.#tell({ kind: 'gone', call: id, why });
  }

  /** Every call loses its sound: a restart of the server, a long sleep. */
  loseCalls(): void {
    for (const id of [...this.#far.keys()]) this.leave(id, 'connection-lost');
  }

  override perform(effect: LineEffect): void {
    switch (effect.kind) {
      case 'dial':
        return this.#dial(effect.call, effect.target);
      case 'answer':
        return this.#orLose(effect.call, () =>
          this.#tell({ kind: 'answered', call: effect.call, party: null }),
        );
      case 'end':
        return void this.#far.delete(effect.call);
      case 'hold':
      case 'unhold':
        return this.#hold(effect.call, effect.kind === 'hold');
      case 'refer':
        return this.#refer(effect.call, effect.target);
      case 'mix':
      case 'set-microphone':
      case 'send-digit':
        return;
    }
  }

  #dial(call: string, target: string): void {
    const busy = this.busyNext;
    this.busyNext = false;
    if (!this.network.isConnected())
      return queueMicrotask(() => this.#tell({ kind: 'refused', call, final: NO_CONNECTION }));
    const parkId = /park-id=(\w+)/.exec(target)?.[1];
    this.#far.set(call, { party: { name: null, number: target } });
    this.#orLose(call, () => {
      if (parkId !== undefined) return this.#retrieve(call, parkId);
      if (busy) return this.#tell({ kind: 'refused', call, final: BUSY });
      this.#tell({ kind: 'rings', call });
      this.#clock.after(3_000, () => this.#tell({ kind: 'answered', call, party: null }));
    });
  }

  #retrieve(call: string, parkId: string): void {
    const taken = this.#office.take(parkId, { reason: 'Retrieved by 102', by: '102' });
    if (taken === null) return this.#tell({ kind: 'refused', call, final: GONE });
    const party = { name: taken.name ?? null, number: taken.number ?? '' };
    this.#far.set(call, { party });
    this.#tell({ kind: 'answered', call, party });
  }

  #hold(call: string, hold: boolean): void {
    const done = (ok: boolean): NetworkInput => ({
      kind: `${hold ? 'hold' : 'resume'}-${ok ? 'done' : 'failed'}`,
      call,
    });
    if (!this.network.isConnected()) return queueMicrotask(() => this.#tell(done(false)));
    this.#orLose(call, () => this.#tell(done(true)));
  }

  #refer(call: string, target: Extract<LineEffect, { kind: 'refer' }>['target']): void {
    if (!this.network.isConnected())
      return queueMicrotask(() => this.#tell({ kind: 'refer-failed', call, final: NO_CONNECTION }));
    const silent = this.silentRefer;
    this.silentRefer = false;
    this.network.ask(() => {
      this.#tell({ kind: 'refer-accepted', call });
      if (!silent) this.#referred(call, target);
    });
    if (target.kind === 'park') this.#list.expectChange();
  }

  #referred(call: string, target: Extract<LineEffect, { kind: 'refer' }>['target']): void {
    const far = this.#far.get(call);
    if (far === undefined) return;
    if (target.kind !== 'park') return this.#tell({ kind: 'refer-succeeded', call, receipt: null });
    const parkId = this.#office.park({
      slot: '102',
      parker: '102',
      parkerName: 'Alice',
      name: far.party.name ?? '',
      number: far.party.number,
      ...(target.note === null ? {} : { note: target.note }),
    });
    const receipt = { parkId, slot: '102', retrieveCode: '*88102' };
    this.#tell({ kind: 'refer-succeeded', call, receipt });
  }

  /** There and back, or a call without sound in the end. */
  #orLose(call: string, answered: () => void): void {
    let came = false;
    this.network.ask(() => {
      came = true;
      if (this.#far.has(call)) answered();
    });
    this.#clock.after(NO_SOUND_MS, () => {
      if (!came) this.leave(call, 'connection-lost');
    });
  }

  #tell(input: NetworkInput): void {
    this.say({ kind: 'call', input });
  }
}
