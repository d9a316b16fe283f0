import { beforeEach, describe, expect, it } from 'vitest';
import { defenceSchema } from '../../../../../shared/config/limits-config.ts';
import { Audit, type BlockReason } from '../../../../../shared/server/defence/audit.ts';
import { Gatekeeper } from '../../../../../shared/server/defence/gatekeeper.ts';
import { silentLogger } from '../../../../../shared/server/log.ts';
import type { Flow, TransportName } from '../../../../../shared/sip/transaction/flow.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { SpyFlow } from '../../../../fakes/fake-server-transaction.ts';

class FlowFrom extends SpyFlow {
  override readonly remote: { readonly address: string; readonly port: number };

  constructor(address: string, transport: TransportName = 'udp', port = 5060) {
    super(transport, port);
    this.remote = { address, port };
  }
}

let clock: FakeClock;
let registered: Set<Flow>;
let lines: { reason: BlockReason; source: string }[];

beforeEach(() => {
  clock = new FakeClock();
  registered = new Set();
  lines = [];
});

function gatekeeper(settings: object = {}): Gatekeeper {
  const config = defenceSchema.parse({
    unknownPerSecond: 10,
    unknownBurst: 20,
    familiarFactor: 5,
    unknownTotalPerSecond: 50,
    ...settings,
  });
  const log = {
    ...silentLogger,
    warn: (fields: object) => void lines.push(fields as (typeof lines)[number]),
  };
  const nothing = () => undefined;
  const audit = new Audit({ clock, log, countBlock: nothing, countRefusal: nothing });
  const isRegistered = (flow: Flow) => registered.has(flow);
  return new Gatekeeper({ config, clock, audit, isRegistered, trusting: false });
}

function admitted(gate: Gatekeeper, flow: Flow, times = 1000): number {
  let ok = 0;
  for (let turn = 0; turn < times; turn += 1) if (gate.admits(flow)) ok += 1;
  return ok;
}

describe('the gatekeeper', () => {
  it('lets a stranger’s burst in, then the rate, and writes one line', () => {
    const gate = gatekeeper();
    const flow = new FlowFrom('192.0.2.7');
    expect(admitted(gate, flow)).toBe(20);
    clock.advance(1000);
    expect(admitted(gate, flow)).toBe(10);
    expect(admitted(gate, new FlowFrom('192.0.2.7', 'udp', 9999))).toBe(0);
    expect(admitted(gate, new FlowFrom('192.0.2.8'))).toBe(20);
    expect(lines.map(({ reason, source }) => `${reason} ${source}`)).toEqual([
      'unknown-rate 192.0.2.7',
      'unknown-rate 192.0.2.8',
    ]);
  });

  it('counts strangers together, whatever address they write', () => {
    const gate = gatekeeper();
    let ok = 0;
    for (let host = 0; host < 1000; host += 1) {
      if (gate.admits(new FlowFrom(`198.51.${host >> 8}.${host & 255}`))) ok += 1;
    }
    expect(ok).toBe(100);
    expect(lines[0]?.reason).toBe('unknown-total');
    expect(lines.length).toBeLessThanOrEqual(60);
  });

  it('never stops a device that is signed in, be the flood at its own address', () => {
    const gate = gatekeeper();
    const phone = new FlowFrom('192.0.2.7', 'udp', 5062);
    registered.add(phone);
    admitted(gate, new FlowFrom('192.0.2.7', 'udp', 4444), 5000);
    expect(admitted(gate, phone)).toBe(1000);
  });

  it('allows more where somebody signed in lately, beside all the strangers', () => {
    const gate = gatekeeper();
    gate.knew('192.0.2.7');
    for (let host = 0; host < 200; host += 1) gate.admits(new FlowFrom(`198.51.100.${host}`));
    expect(admitted(gate, new FlowFrom('192.0.2.7'))).toBe(100);
    clock.advance(25 * 3_600_000);
    expect(admitted(gate, new FlowFrom('192.0.2.7'))).toBe(20);
  });

  it('does not count who gave a right answer over the same flow, for an hour', () => {
    const gate = gatekeeper();
    const trunk = new FlowFrom('192.0.2.7');
    gate.proved(trunk);
    expect(admitted(gate, trunk)).toBe(1000);
    clock.advance(3_600_001);
    expect(admitted(gate, trunk)).toBe(100);
  });

  it('proves nothing of others at that address: by another transport, over another connection, at another port', () => {
    const gate = gatekeeper({ familiarFactor: 1 });
    gate.proved(new FlowFrom('192.0.2.7', 'tcp'));
    gate.proved(new FlowFrom('192.0.2.8', 'udp'));
    expect(admitted(gate, new FlowFrom('192.0.2.7', 'tcp'))).toBe(20);
    expect(admitted(gate, new FlowFrom('192.0.2.7', 'udp'))).toBe(0);
    expect(admitted(gate, new FlowFrom('192.0.2.8', 'udp', 5061))).toBe(20);
    expect(admitted(gate, new FlowFrom('192.0.2.8', 'udp'))).toBe(1000);
  });

  it('sends an unproven address three times what came from it, no more', () => {
    const gate = gatekeeper();
    const flow = new FlowFrom('192.0.2.7');
    expect(gate.maySend(flow, 1)).toBe(false);
    expect(gate.admitsDatagram(flow, 400)).toBe(true);
    expect([gate.maySend(flow, 500), gate.maySend(flow, 500)]).toEqual([true, true]);
    expect(gate.maySend(flow, 500)).toBe(false);
    clock.advance(3_600_000);
    expect(gate.maySend(flow, 500)).toBe(false);
    gate.proved(flow);
    expect(gate.maySend(flow, 50_000)).toBe(true);
    expect(lines.map(({ reason }) => reason)).toEqual(['reply-budget', 'reply-budget']);
  });

  it('lets the answer go to the port that a phone without rport names', () => {
    const gate = gatekeeper();
    gate.admitsDatagram(new FlowFrom('192.0.2.7', 'udp', 40_000), 400);
    expect(gate.maySend(new FlowFrom('192.0.2.7', 'udp', 5060), 600)).toBe(true);
  });

  it('counts no neighbour on the same machine', () => {
    expect(admitted(gatekeeper(), new FlowFrom('127.0.0.1'))).toBe(1000);
    expect(admitted(gatekeeper({ exemptAddresses: [] }), new FlowFrom('127.0.0.1'))).toBe(20);
  });
});
