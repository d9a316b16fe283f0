import { describe, expect, it } from 'vitest';
import { unlimitedAdmission } from '../../../../../shared/server/ports/admission.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';
import type { PhoneSubscription } from '../../../../fakes/phone-subscription.ts';

/** A world whose server has too much to do whenever the test says so. */
function busyWorld() {
  const load = { tooMuch: false };
  const admission = {
    ...unlimitedAdmission,
    get overloaded() {
      return load.tooMuch;
    },
  };
  return { load, world: new CallWorld(['101', '102', '103'], { admission }) };
}

const stateOf = ({ last }: PhoneSubscription) => last?.headers.get('Subscription-State') ?? '';
const PUT_OFF = /^terminated;reason=probation;retry-after=(3\d|4\d|5\d)$/;

describe('a server with too much to do', () => {
  it('puts lamps off a tenth a second, the newest first, and never the list of one’s own calls', async () => {
    const { load, world } = busyWorld();
    const bob = world.phone('101');
    const list = await bob.subscribe('*88');
    const own = await bob.subscribe('*88101');
    const lamps: PhoneSubscription[] = [];
    for (let n = 0; n < 11; n += 1) lamps.push(await bob.subscribe(n % 2 ? '102' : '*88102'));
    const off = () => lamps.map((lamp) => PUT_OFF.test(stateOf(lamp)));
    await world.pass(5_000);
    expect(off()).not.toContain(true);
    load.tooMuch = true;
    await world.pass(1_100);
    expect(off()).toEqual([...Array(9).fill(false), true, true]);
    await world.pass(1_000);
    expect(off().filter(Boolean)).toHaveLength(3);
    await world.pass(20_000);
    expect(off()).not.toContain(false);
    expect([list, own].map(stateOf).every((state) => state.startsWith('active'))).toBe(true);
  });

  it('takes no new lamps, but lists; and lamps again when it is over', async () => {
    const { load, world } = busyWorld();
    const bob = world.phone('101');
    load.tooMuch = true;
    const refused = (await bob.subscribe('102')).response;
    expect(refused?.status).toBe(503);
    expect(Number(refused?.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await bob.subscribe('*88')).response?.status).toBe(200);
    load.tooMuch = false;
    expect((await bob.subscribe('102')).response?.status).toBe(200);
  });

  it('looks no more when the last lamp is gone', async () => {
    const { world } = busyWorld();
    const before = world.clock.pending;
    const lamp = await world.phone('101').subscribe('102', { expires: 60 });
    await world.pass(100_000);
    expect(stateOf(lamp)).toBe('terminated;reason=timeout');
    expect(world.clock.pending).toBe(before);
  });
});
