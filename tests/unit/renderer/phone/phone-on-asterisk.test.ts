import { beforeEach, describe, expect, it } from 'vitest';
import { CallFloor } from '../../../../renderer/phone/model/call-floor.ts';
import { Phone } from '../../../../renderer/phone/model/phone.ts';
import { epochMs } from '../../../../shared/domain/ids.ts';
import type { ParkReport } from '../../../../shared/phone/park-report.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { ScriptedLine } from '../../../fakes/scripted-line.ts';

let line: ScriptedLine;
let phone: Phone;
let version: number;

beforeEach(async () => {
  line = new ScriptedLine();
  version = 0;
  const clock = new FakeClock();
  let ids = 0;
  phone = new Phone(
    {
      key: '101@pbx.test',
      server: 'pbx.test',
      extension: '101',
      domain: 'pbx.test',
      webSocketUrl: 'wss://pbx.test/ws',
      serverName: '',
      apiBaseUrl: null,
      demo: false,
      instanceId: 'x',
      pbx: { kind: 'asterisk', slots: '701-702', parkCode: '' },
    },
    {
      line,
      clock,
      floor: new CallFloor(clock),
      newId: () => `call-${(ids += 1)}`,
      askBeforeHold: () => false,
      autoAnswer: () => false,
    },
  );
  line.become({ kind: 'registered', at: epochMs(0), apiBaseUrl: null });
  line.say({ kind: 'park-list', event: { kind: 'subscribed' } });
  const party = { name: 'Client', number: '003386002678' };
  line.say({ kind: 'call', input: { kind: 'came-in', call: 'in', party, recall: null } });
  phone.call({ kind: 'answer', call: 'in' });
  await settled();
});

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** The lot's list, as it is made of the slots' lamps. */
function taken(...slots: readonly string[]): void {
  const reports = slots.map((slot): ParkReport => ({
    id: `park-${slot}`,
    slot,
    retrieveTarget: slot,
    caller: null,
    group: null,
    parker: null,
    note: null,
    recallTo: null,
    recallGroup: null,
    alertsParker: false,
    times: { now: null, parkedAt: null, recallAt: null },
    state: { kind: 'parked' },
  }));
  version += 1;
  const notify = { version, scope: 'full', reports } as const;
  line.say({ kind: 'park-list', event: { kind: 'notify', notify } });
}
const refers = () => line.performed.filter(({ kind }) => kind === 'refer');
const notices = () => phone.state.getState().notices.map(({ what }) => what);

describe('on Asterisk', () => {
  it('a call is parked by transfer to 700', () => {
    taken('701');
    phone.park('in', { code: '700', note: null });
    expect(refers()).toMatchObject([{ target: { kind: 'park', code: '700' } }]);
  });

  it.each([
    ['the button', () => phone.park('in', { code: '700', note: null })],
    ['a transfer', () => phone.transfer('in', '700')],
  ])('a full lot is asked nothing by %s, and the call goes on', (_how, park) => {
    taken('701', '702');
    park();
    expect(refers()).toEqual([]);
    expect(notices()).toMatchObject([
      { kind: 'call-trouble', notice: { kind: 'park-failed', problem: { kind: 'slot-full' } } },
    ]);
    expect(phone.state.getState().calls.calls[0]?.state).toEqual({ kind: 'active' });
  });

  it('a lot of which nothing is known is asked', () => {
    taken('701', '702');
    line.say({ kind: 'park-list', event: { kind: 'lost' } });
    phone.park('in', { code: '700', note: null });
    expect(refers()).toHaveLength(1);
  });

  it('a retrieved call is called by the slot that was dialled, since nobody says who it is', () => {
    taken('701');
    phone.retrieve('park-701');
    expect(phone.state.getState().calls.calls.at(-1)?.party).toEqual({ name: null, number: '701' });
  });

  it('a retrieved call is not promised its slot again', async () => {
    taken('701');
    phone.retrieve('park-701');
    await settled();
    line.say({ kind: 'call', input: { kind: 'answered', call: 'call-1', party: null } });
    expect(phone.state.getState().calls.calls.at(-1)?.state).toEqual({ kind: 'active' });
    expect(phone.state.getState().putBack).toBeNull();
  });
});
