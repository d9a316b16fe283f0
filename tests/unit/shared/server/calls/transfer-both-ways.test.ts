/** REFER with Replaces, whoever called whom: the transferor may be caller or called in either of the two calls. */
import { expect, it } from 'vitest';
import { CallWorld } from '../../../../fakes/call-world.ts';
import type { PhoneCall } from '../../../../fakes/phone-call.ts';
import type { SipPhone } from '../../../../fakes/sip-phone.ts';

type Way = 'calls' | 'is called by';

/** A call of `own` with `other`: both ends. */
async function connect(
  own: SipPhone,
  way: Way,
  other: SipPhone,
): Promise<{ mine: PhoneCall; theirs: PhoneCall }> {
  const [from, to] = way === 'calls' ? [own, other] : [other, own];
  const dialled = from.dial(to.account.user);
  const atTo = (await to.nextCall()).answer();
  const atFrom = await dialled.answered();
  return way === 'calls' ? { mine: atFrom, theirs: atTo } : { mine: atTo, theirs: atFrom };
}

const WAYS: readonly Way[] = ['calls', 'is called by'];
const CASES = WAYS.flatMap((first) => WAYS.map((second) => ({ first, second })));

it.each(CASES)(
  'a transferor who $first the one and $second the other joins the two',
  async ({ first, second }) => {
    const world = new CallWorld(['101', '102', '103']);
    const [bob, alice, carol] = [world.phone('101'), world.phone('102'), world.phone('103')];
    const withAlice = await connect(bob, first, alice);
    await withAlice.mine.hold();
    const withCarol = await connect(bob, second, carol);
    await world.pass(10);
    const replaces = encodeURIComponent(withCarol.mine.replaces);
    const accepted = await withAlice.mine.refer(`sip:103@pbx.test?Replaces=${replaces}`);
    expect(accepted.status).toBe(202);
    expect((await withAlice.mine.referResult()).status).toBe(200);
    await world.pass(2_000);
    expect([withAlice.mine.ended, withCarol.mine.ended]).toEqual([true, true]);
    expect([withAlice.theirs.ended, withCarol.theirs.ended]).toEqual([false, false]);
    expect(world.media.openLegs.map(({ hearing }) => hearing.kind)).toEqual(['bridge', 'bridge']);
    await withAlice.theirs.hangUp();
    await withCarol.theirs.byeReceived();
    await world.pass(1_000);
    expect(world.openLegs).toBe(0);
    expect(world.logged.filter((line) => line.startsWith('FAILED'))).toEqual([]);
  },
);
