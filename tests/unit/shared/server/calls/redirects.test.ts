import { describe, expect, it } from 'vitest';
import type { TenantSettings } from '../../../../../shared/config/tenant-settings.ts';
import { redirectTargets } from '../../../../../shared/server/calls/redirection.ts';
import { makeResponse } from '../../../../../shared/sip/message/builders.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';
import type { SipPhone } from '../../../../fakes/sip-phone.ts';
import { sampleRequest } from '../../../../fakes/sip-pair.ts';

const EVERYBODY = ['101', '102', '103', '104', '105', '106', '107', '108', '109'];

function exchange(settings: Partial<TenantSettings> = {}) {
  const world = new CallWorld(EVERYBODY, { settings });
  return { world, bob: world.phone('101'), alice: world.phone('102'), carol: world.phone('103') };
}

const to = (...targets: readonly string[]) =>
  targets.map((target) => ['Contact', `<sip:${target}@pbx.test>`] as const);

/** The phone's next call, sent on. */
async function sendOn(phone: SipPhone, status: number, ...targets: readonly string[]) {
  const ringing = await phone.nextCall();
  ringing.refuse(status, to(...targets));
  return ringing;
}

describe('a phone that sends its calls on', () => {
  it.each([300, 301, 302])('by %i is heard, and whoever is rung sees by whom', async (status) => {
    const { world, bob, alice, carol } = exchange();
    const dialled = bob.dial('102');
    await sendOn(alice, status, '103');
    const ringing = await carol.nextCall();
    expect(ringing.request.headers.get('P-Asserted-Identity')).toContain('<sip:101@');
    expect(ringing.request.headers.get('Diversion')).toBe(
      '"User 102" <sip:102@pbx.test>;reason=deflection',
    );
    const atCarol = ringing.answer();
    const caller = await dialled.answered();
    expect(caller.introduction.headers.get('P-Asserted-Identity')).toContain('<sip:103@');
    await world.pass(5);
    await caller.hangUp();
    await atCarol.byeReceived();
    expect(world.openLegs).toBe(0);
  });

  it.each(['*68103', '*68', '*88', '999', '101'])('to %s leads nowhere: 404', async (target) => {
    const { world, bob, alice } = exchange();
    const dialled = bob.dial('102');
    await sendOn(alice, 302, target);
    expect((await dialled.finished()).status).toBe(404);
    expect(world.openLegs).toBe(0);
    expect(bob.incoming).toEqual([]);
  });

  it.each([305, 380])('by %i without a user of ours leads nowhere', async (status) => {
    const { bob, alice } = exchange();
    const dialled = bob.dial('102');
    (await alice.nextCall()).refuse(status, [['Contact', '<sip:proxy.pbx.test>']]);
    expect((await dialled.finished()).status).toBe(404);
  });

  it('never sends a call back to whom it has reached', async () => {
    const { bob, alice, carol } = exchange();
    const dialled = bob.dial('102');
    await sendOn(alice, 302, '103');
    await sendOn(carol, 302, '102');
    expect((await dialled.finished()).status).toBe(480);
    expect(alice.incoming).toEqual([]);
  });

  it('is followed five times and no more', async () => {
    const { world, bob, alice, carol } = exchange();
    const phones = [alice, carol, ...EVERYBODY.slice(3).map((each) => world.phone(each))];
    const dialled = bob.dial('102');
    for (const [index, phone] of phones.slice(0, 6).entries())
      await sendOn(phone, 302, String(103 + index));
    expect((await dialled.finished()).status).toBe(480);
    expect(phones[6]?.incoming).toEqual([]);
  });

  it('may name several, best first, those of equal worth at once', async () => {
    const { world, bob, alice, carol } = exchange();
    const [dave, erin] = [world.phone('104'), world.phone('105')];
    const dialled = bob.dial('102');
    const contacts = '<sip:105@pbx.test>;q=0.2, <sip:103@pbx.test>;q=0.9, <sip:104@pbx.test>;q=0.9';
    (await alice.nextCall()).refuse(302, [['Contact', contacts]]);
    const [atCarol, atDave] = [await carol.nextCall(), await dave.nextCall()];
    expect(erin.incoming).toEqual([]);
    atCarol.refuse(486);
    atDave.refuse(480);
    const atErin = (await erin.nextCall()).answer();
    await dialled.answered();
    expect(atErin.ended).toBe(false);
  });

  it('does not stop the user’s other device from ringing', async () => {
    const { world, bob, alice, carol } = exchange();
    const laptop = world.phone('102');
    const dialled = bob.dial('102');
    await sendOn(alice, 302, '103');
    const [atLaptop, atCarol] = [await laptop.nextCall(), await carol.nextCall()];
    atCarol.ring();
    atLaptop.ring();
    await world.pass(5);
    atCarol.answer();
    await dialled.answered();
    await atLaptop.wasCancelled();
  });

  it('lets a caller who heard it hear ringing when it sends the call on', async () => {
    const { world, bob, alice, carol } = exchange();
    const dialled = bob.dial('102');
    const atAlice = await alice.nextCall();
    atAlice.ringAloud();
    await dialled.ringing(183);
    atAlice.refuse(302, to('103'));
    (await carol.nextCall()).ring();
    await dialled.ringing(180);
    expect(world.media.log.at(-1)).toMatch(/^play .*\/caller ringback$/);
  });

  it('is heard in a transfer too', async () => {
    const { world, bob, alice, carol } = exchange();
    const dave = world.phone('104');
    const dialled = bob.dial('102');
    const atAlice = (await alice.nextCall()).answer();
    await dialled.answered();
    await world.pass(5);
    await atAlice.refer('103');
    await sendOn(carol, 302, '104');
    (await dave.nextCall()).answer();
    expect((await atAlice.referResult()).status).toBe(200);
  });

  it('is not heard where the tenant wishes so: 480', async () => {
    const { bob, alice, carol } = exchange({ followRedirects: 'never' });
    const dialled = bob.dial('102');
    await sendOn(alice, 302, '103');
    expect((await dialled.finished()).status).toBe(480);
    expect(carol.incoming).toEqual([]);
  });

  it('is not heard when it is the parker’s recall: the caller stays parked', async () => {
    const { world, bob, alice, carol } = exchange();
    const dialled = bob.dial('102');
    const atAlice = (await alice.nextCall()).answer();
    await dialled.answered();
    await world.pass(5);
    await atAlice.refer('*68');
    await atAlice.referResult();
    await world.pass(301_000);
    await sendOn(alice, 302, '103');
    await world.pass(50);
    expect(carol.incoming).toEqual([]);
    expect(world.parked).toHaveLength(1);
  });
});

describe('the addresses of a 3xx', () => {
  const groups = (status: number, ...contacts: readonly string[]) => {
    const headers = contacts.map((each) => ['Contact', each] as const);
    const response = makeResponse(sampleRequest(), status, { toTag: 'x', headers });
    return redirectTargets(response).map((uris) => uris.map(({ user }) => user));
  };

  it('come by their q, from all header lines', () => {
    expect(groups(302, '<sip:a@h>;q=0.5, <sip:b@h>', '<sip:c@h>;q=0.75')).toEqual([
      ['b'],
      ['c'],
      ['a'],
    ]);
  });

  it.each(['q=2', 'q=x', 'q'])('with %s count as if they said nothing', (q) => {
    expect(groups(301, `<sip:a@h>;q=0.9, <sip:b@h>;${q}`)).toEqual([['b'], ['a']]);
  });

  it('are none in a 380, in nonsense, and when there are too many', () => {
    expect(groups(380, '<sip:a@h>')).toEqual([]);
    expect(groups(302, '<sip:')).toEqual([]);
    expect(groups(302, '*')).toEqual([]);
    expect(groups(302, Array.from({ length: 9 }, (_, i) => `<sip:${i}@h>`).join(', '))).toEqual([]);
  });
});
