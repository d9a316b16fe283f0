import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecallDestination } from '../../shared/domain/recall-policy.ts';
import type { MediaLeg } from '../../shared/media/engine.ts';
import { CallWorld } from '../fakes/call-world.ts';
import { sales as salesId, salesGroup, support, supportGroup } from '../fakes/group-samples.ts';
import { FakeMediaLeg } from '../fakes/fake-media-leg.ts';
import type { IncomingCall } from '../fakes/incoming-call.ts';
import type { OutgoingCall } from '../fakes/outgoing-call.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import type { SipPhone } from '../fakes/sip-phone.ts';

const CLIENTS = ['104', '105'] as const;
const STAFF = ['101', '102', '103'] as const;
/** The ring group. */
const SALES = ['106', '107'] as const;

/** Histories tried; more with PARKLINE_HISTORIES. */
const RUNS = Number(process.env.PARKLINE_HISTORIES ?? 300);

type Action =
  | { readonly kind: 'client-calls'; readonly client: number }
  | { readonly kind: 'park'; readonly by: number; readonly code: string; readonly early: boolean }
  | { readonly kind: 'park-by-dialling'; readonly by: number; readonly code: string }
  | { readonly kind: 'retrieve'; readonly by: number; readonly code: string; readonly ack: boolean }
  | { readonly kind: 'cancel'; readonly by: number }
  | { readonly kind: 'late-ack'; readonly by: number }
  | { readonly kind: 'staff-answers'; readonly who: number }
  | { readonly kind: 'staff-refuses'; readonly who: number }
  | { readonly kind: 'staff-hangs-up'; readonly who: number }
  | { readonly kind: 'client-hangs-up'; readonly client: number }
  | { readonly kind: 'hold'; readonly who: number }
  | { readonly kind: 'new-connection'; readonly who: number; readonly halfOpen: boolean }
  | { readonly kind: 'transfer'; readonly by: number; readonly to: string }
  | { readonly kind: 'sales-answers'; readonly who: number }
  | { readonly kind: 'sales-hangs-up'; readonly who: number }
  | { readonly kind: 'group-saved'; readonly members: readonly string[]; readonly to: number }
  | { readonly kind: 'group-deleted' }
  | { readonly kind: 'ring-group-saved'; readonly members: readonly string[] }
  | { readonly kind: 'ring-group-deleted' }
  | { readonly kind: 'user-deleted'; readonly extension: string }
  | { readonly kind: 'signs-out'; readonly who: number }
  | { readonly kind: 'time'; readonly ms: number };

const staff = fc.nat({ max: STAFF.length - 1 });
const sales = fc.nat({ max: SALES.length - 1 });
const client = fc.nat({ max: CLIENTS.length - 1 });
/** What an admin does meanwhile. */
const saving: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant('group-saved' as const),
    members: fc.subarray([...STAFF]),
    to: fc.nat({ max: 2 }),
  }),
  fc.constant({ kind: 'group-deleted' as const }),
  fc.record({ kind: fc.constant('ring-group-saved' as const), members: fc.subarray([...SALES]) }),
  fc.constant({ kind: 'ring-group-deleted' as const }),
);
/** Who is not there any more: these cut a history short, and are rare. */
const leaving: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('signs-out' as const), who: staff }),
  fc.record({
    kind: fc.constant('user-deleted' as const),
    extension: fc.constantFrom(...STAFF, ...SALES),
  }),
);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 16, arbitrary: fc.record({ kind: fc.constant('client-calls' as const), client }) },
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('park' as const),
      by: staff,
      code: fc.constantFrom('*68', '*68102', '*68999', '*58', '*58'),
      early: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('park-by-dialling' as const),
      by: staff,
      code: fc.constantFrom('*68', '*58'),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('retrieve' as const),
      by: staff,
      code: fc.constantFrom('*88', '*88101', '*88102'),
      ack: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('cancel' as const), by: staff }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('late-ack' as const), by: staff }) },
  { weight: 16, arbitrary: fc.record({ kind: fc.constant('staff-answers' as const), who: staff }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('staff-refuses' as const), who: staff }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('staff-hangs-up' as const), who: staff }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('client-hangs-up' as const), client }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('hold' as const), who: staff }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('new-connection' as const),
      who: staff,
      halfOpen: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('transfer' as const),
      by: staff,
      to: fc.constantFrom(...STAFF, '600'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('sales-answers' as const), who: sales }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('sales-hangs-up' as const), who: sales }) },
  { weight: 4, arbitrary: saving },
  { weight: 1, arbitrary: leaving },
  {
    weight: 24,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      ms: fc.constantFrom(1, 600, 1_100, 5_000, 10_000, 20_000),
    }),
  },
);

const DESTINATIONS: readonly RecallDestination[] = [
  { kind: 'parker' },
  { kind: 'parker-then-ring-group', ringGroupId: salesId, waitMs: 1_000 },
  { kind: 'ring-group', ringGroupId: salesId },
];

/** Who does what, and what must hold whatever they do. */
class History {
  readonly world = new CallWorld([...STAFF, ...CLIENTS, ...SALES], {
    settings: {
      recall: { timerMs: 10_000, retryMs: 1_000, destination: { kind: 'parker' } },
    },
  });
  readonly #staff: readonly SipPhone[];
  readonly #clients: readonly SipPhone[];
  readonly #sales: readonly SipPhone[];
  readonly #ringing = new Map<SipPhone, IncomingCall[]>();
  readonly #dialled = new Map<SipPhone, OutgoingCall>();
  readonly #hungUp = new Set<PhoneCall>();
  readonly #deleted = new Set<string>();
  readonly #reconnected = new Set<SipPhone>();

  /** @param recallTo where calls of the group go at first, of `DESTINATIONS` */
  constructor(recallTo: number) {
    this.#staff = STAFF.map((extension, index) =>
      this.world.phone(extension, index === 2 ? 'udp' : 'ws'),
    );
    this.#clients = CLIENTS.map((extension) => this.world.phone(extension));
    this.#sales = SALES.map((extension) => this.world.phone(extension));
    this.world.groups.saveRingGroup(salesGroup(SALES));
    this.#saveGroup(STAFF, recallTo);
  }

  /** @param stops the server stops at the end, instead of everybody hanging up */
  async run(actions: readonly Action[], stops: boolean): Promise<void> {
    for (const each of actions) {
      const parkedBefore = this.#parkedCalls();
      this.#act(each);
      await this.world.pass(each.kind === 'time' ? each.ms : 20);
      this.#collect();
      this.#check(parkedBefore);
    }
    if (stops) await this.#stop();
    await this.#end();
  }

  #act(each: Action): void {
    if ('by' in each && this.#deleted.has(at(STAFF, each.by))) return; // Nothing new of theirs is taken.
    switch (each.kind) {
      case 'client-calls': {
        const phone = at(this.#clients, each.client);
        if (phone.calls.every((call) => call.ended)) this.#dialled.set(phone, phone.dial('101'));
        return;
      }
      case 'park': {
        const phone = at(this.#staff, each.by);
        const call = this.#talking(phone) ?? this.#ringing.get(phone)?.shift()?.answer();
        if (call === undefined) return;
        void call.refer(each.code).catch(() => undefined);
        if (each.early) this.#hangUp(call);
        return;
      }
      case 'park-by-dialling': {
        const phone = at(this.#staff, each.by);
        this.#dialled.set(phone, phone.dial(each.code));
        return;
      }
      case 'retrieve': {
        const phone = at(this.#staff, each.by);
        const dialled = phone.dial(each.code);
        dialled.acknowledge = each.ack;
        this.#dialled.set(phone, dialled);
        return;
      }
      case 'cancel':
        return this.#dialled.get(at(this.#staff, each.by))?.cancel();
      case 'late-ack': {
        const dialled = this.#dialled.get(at(this.#staff, each.by));
        if (dialled?.call !== undefined && !dialled.acknowledge) dialled.ack();
        return;
      }
      case 'staff-answers':
        return void this.#ringing.get(at(this.#staff, each.who))?.shift()?.answer();
      case 'staff-refuses':
        return void this.#ringing.get(at(this.#staff, each.who))?.shift()?.refuse(486);
      case 'staff-hangs-up':
        return this.#hangUp(this.#talking(at(this.#staff, each.who)));
      case 'client-hangs-up':
        return this.#hangUp(this.#talking(at(this.#clients, each.client)));
      case 'hold':
        return void this.#talking(at(this.#staff, each.who))
          ?.hold()
          .catch(() => undefined);
      case 'new-connection':
        if (this.#deleted.has(at(STAFF, each.who))) return;
        return this.#newConnection(at(this.#staff, each.who), each.halfOpen);
      case 'signs-out':
        if (this.#deleted.has(at(STAFF, each.who))) return;
        return this.world.signOut(at(this.#staff, each.who));
      case 'user-deleted':
        if (this.#deleted.has(each.extension)) return;
        this.#deleted.add(each.extension);
        return this.world.removeUser(each.extension);
      case 'transfer':
        return void this.#talking(at(this.#staff, each.by))
          ?.refer(each.to)
          .catch(() => undefined);
      case 'sales-answers':
        return void this.#ringing.get(at(this.#sales, each.who))?.shift()?.answer();
      case 'sales-hangs-up':
        return this.#hangUp(this.#talking(at(this.#sales, each.who)));
      case 'group-saved':
        return this.#saveGroup(each.members, each.to);
      case 'group-deleted':
        return this.world.groups.removeParkGroup(support);
      case 'ring-group-saved':
        return this.world.groups.saveRingGroup(salesGroup(each.members));
      case 'ring-group-deleted':
        return this.world.groups.removeRingGroup(salesId);
      case 'time':
    }
  }

  /** @param halfOpen the server takes the old one for open; of datagrams nobody could say which address is the old one */
  #newConnection(phone: SipPhone, halfOpen: boolean): void {
    this.#reconnected.add(phone);
    if (!halfOpen || !phone.flow.reliable) return this.world.reconnect(phone);
    this.world.loseTouch(phone);
    this.world.moveAway(phone);
  }

  #saveGroup(members: readonly string[], to: number): void {
    const timing = { timerMs: 10_000, retryMs: 1_000 };
    const destination = DESTINATIONS[to] ?? { kind: 'parker' };
    this.world.groups.saveParkGroup(supportGroup(members, { recall: { ...timing, destination } }));
  }

  #talking(phone: SipPhone): PhoneCall | undefined {
    return phone.calls.findLast((call) => !call.ended);
  }

  #hangUp(call: PhoneCall | undefined): void {
    if (call === undefined) return;
    this.#hungUp.add(call);
    void call.hangUp().catch(() => undefined);
  }

  #collect(): void {
    for (const phone of [...this.#staff, ...this.#clients, ...this.#sales]) {
      const calls = phone.incoming.splice(0);
      for (const call of calls) call.ring();
      const all = [...(this.#ringing.get(phone) ?? []), ...calls];
      this.#ringing.set(
        phone,
        all.filter((call) => call.cancelled === undefined),
      );
    }
  }

  /** The calls, of whoever, that are in the lot now, with their ParkIds. */
  #parkedCalls(): ReadonlyMap<PhoneCall, string> {
    const records = [...this.world.stored.values()];
    return new Map(
      this.#calls.flatMap((call) => {
        const { callId } = call.dialog.id;
        const record = records.find(({ dialog }) => callIdOf(dialog) === callId);
        return record === undefined ? [] : [[call, record.parkId]];
      }),
    );
  }

  get #calls(): readonly PhoneCall[] {
    return [...this.#clients, ...this.#staff, ...this.#sales].flatMap((phone) => phone.calls);
  }

  #check(parkedBefore: ReadonlyMap<PhoneCall, string>): void {
    const { world } = this;
    expect(world.logged.filter((line) => line.startsWith('FAILED'))).toEqual([]);
    for (const [call, parkId] of parkedBefore) {
      if (!call.ended || this.#hungUp.has(call)) continue;
      // Not ended by the caller: then only after somebody had taken the call, and hung up in the same moment.
      const last = world.journal.findLast((line) => line.parkId === parkId);
      expect(['retrieved', 'returned', 'forwarded']).toContain(last?.step.kind);
    }
    for (const { phone } of this.#stillRinging) {
      expect(this.#deleted, 'the phone of a deleted user rings').not.toContain(phone.account.user);
    }
    const callIds = [...world.stored.values()].map(({ dialog }) => callIdOf(dialog));
    expect(new Set(callIds).size).toBe(callIds.length);
    for (const callId of callIds) {
      const leg = this.#serverLeg(callId);
      if (leg === undefined) continue;
      expect(leg.hearing).toMatchObject({ kind: 'play', source: { kind: 'music' } });
    }
    for (const leg of world.media.openLegs) this.#checkBridge(leg);
    expect(world.stored.size).toBe(world.parked.length);
  }

  /** Bridges are mutual, and no leg is closed at one end. */
  #checkBridge(leg: FakeMediaLeg): void {
    const { hearing } = leg;
    if (hearing.kind !== 'bridge') return;
    const other: MediaLeg = hearing.other;
    expect(other.closed).toBe(false);
    expect(other.hearing.kind === 'bridge' && other.hearing.other === leg).toBe(true);
  }

  /** What rings and can be called off: not what rang on a connection that broke. */
  get #stillRinging(): readonly IncomingCall[] {
    return [...this.#ringing].flatMap(([phone, calls]) =>
      this.#reconnected.has(phone) ? [] : calls,
    );
  }

  #serverLeg(callId: unknown): FakeMediaLeg | undefined {
    const call = this.#calls.find((each) => each.dialog.id.callId === callId);
    const remote = call?.media instanceof FakeMediaLeg ? call.media.remoteSdp : '';
    const session = /^o=- (\d+)/m.exec(remote)?.[1];
    return this.world.media.openLegs.find((leg) => leg.localSdp.includes(`o=- ${session} `));
  }

  /** Nobody is left with a call that has no other side, nor with a phone that rings. */
  async #stop(): Promise<void> {
    // An answer that was lost with its connection is no call: its leg was never made to hear anything.
    const isHeard = ({ dialog }: PhoneCall) => {
      const leg = this.#serverLeg(dialog.id.callId);
      return leg !== undefined && leg.hearing.kind !== 'silence';
    };
    const calls = this.#calls.filter(isHeard);
    void this.world.control.close({ graceMs: 0 });
    await this.world.pass(40_000);
    expect(calls.filter(({ ended }) => !ended).map(({ dialog }) => dialog.id)).toEqual([]);
    this.#collect();
    expect(this.#stillRinging.map(({ phone }) => phone.account.user)).toEqual([]);
  }

  /** Everybody hangs up; in the end nothing may be left. */
  async #end(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      for (const phone of [...this.#clients, ...this.#staff, ...this.#sales]) {
        this.#dialled.get(phone)?.cancel();
        for (const call of phone.calls) if (!call.ended) this.#hangUp(call);
        for (const call of this.#ringing.get(phone) ?? []) call.refuse(486);
        this.#ringing.set(phone, []);
      }
      await this.world.pass(5_000);
      this.#collect();
    }
    await this.world.pass(800_000);
    expect(this.world.parked).toEqual([]);
    expect(this.world.stored.size).toBe(0);
    expect(this.world.control.activeCalls).toBe(0);
    expect(this.world.media.openLegs.map((leg) => leg.legName)).toEqual([]);
    expect(this.world.logged.filter((line) => line.startsWith('FAILED'))).toEqual([]);
  }
}

function callIdOf(dialog: unknown): unknown {
  const isRecord = typeof dialog === 'object' && dialog !== null;
  return isRecord && 'callId' in dialog ? dialog.callId : undefined;
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`nobody at ${index}`);
  return found;
}

describe('whatever parkers, retrievers, callers and clocks do', () => {
  it('no caller is in two places, dropped while parked, handed out twice, or left behind', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 10, maxLength: 60, size: 'max' }),
        fc.nat({ max: 2 }),
        fc.boolean(),
        async (actions, recallTo, stops) => {
          const history = new History(recallTo);
          await history.run(actions, stops);
          for (const step of history.world.steps) seen.set(step, (seen.get(step) ?? 0) + 1);
        },
      ),
      { numRuns: RUNS },
    );
    // The histories go everywhere: a change that keeps them from parking or retrieving must not pass unseen.
    for (const step of ['parked', 'recalled', 'retrieved', 'returned', 'abandoned', 'forwarded']) {
      expect(seen.get(step) ?? 0, step).toBeGreaterThan(RUNS / 300);
    }
    if (process.env.PARKLINE_HISTORIES) console.log(Object.fromEntries(seen));
  }, 300_000);
});
