import { describe, expect, it, vi } from 'vitest';
import { ringGroupId } from '../../../../../shared/domain/ids.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';
import { salesGroup } from '../../../../fakes/group-samples.ts';
import { extension } from '../../../../fakes/parked-calls.ts';
import type { SipPhone } from '../../../../fakes/sip-phone.ts';

const PEOPLE = ['101', '104', '105', '106', '107', '108'];
const MEMBERS = ['105', '106', '107'];

type Changes = Parameters<typeof salesGroup>[1];

function office(changes: Changes = {}, options: ConstructorParameters<typeof CallWorld>[1] = {}) {
  const world = new CallWorld(PEOPLE, options);
  world.groups.saveRingGroup(salesGroup(MEMBERS, changes));
  return { world, client: world.phone('104'), staff: MEMBERS.map((each) => world.phone(each)) };
}

const ringing = (phones: readonly SipPhone[]): string =>
  phones
    .filter(({ incoming }) => incoming.some((call) => call.waits))
    .map(({ account }) => account.user)
    .join(' ');

const failures = (world: CallWorld) => world.logged.filter((line) => line.startsWith('FAILED'));

describe('a ring group that is dialled by its number', () => {
  it('rings all, gives the call to the first who answers, and tells the others that it was taken', async () => {
    const { world, client, staff } = office();
    const dialled = client.dial('600');
    await world.pass(10);
    expect(ringing(staff)).toBe('105 106 107');
    for (const { incoming } of staff) incoming[0]?.ring();
    expect((await dialled.ringing()).status).toBe(180);
    staff[1]?.incoming[0]?.answer();
    const call = await dialled.answered();
    await world.pass(10);
    const reasons = [staff[0], staff[2]].map((each) =>
      each?.incoming[0]?.cancelled?.headers.get('Reason'),
    );
    expect(new Set(reasons)).toEqual(new Set(['SIP;cause=200;text="Call completed elsewhere"']));
    expect(call.introduction.headers.get('P-Asserted-Identity')).toContain('106');
    expect(world.media.log.at(-1)).toMatch(/^close|^bridge/);
    await call.hangUp();
    await world.pass(1_000);
    expect([world.openLegs, world.control.activeCalls]).toEqual([0, 0]);
    expect(failures(world)).toEqual([]);
  });

  it('of two who answer in the same moment one has the call and the other is let go', async () => {
    const { world, client, staff } = office();
    const dialled = client.dial('600');
    await world.pass(10);
    const answers = staff.map(({ incoming }) => incoming[0]?.answer());
    await dialled.answered();
    await world.pass(2_000);
    expect(answers.filter((call) => call?.ended === false)).toHaveLength(1);
    expect(failures(world)).toEqual([]);
  });

  it('rings in order, moves on from who refuses, and passes over who is away or talking', async () => {
    const { world, client, staff } = office({ strategy: 'in-order' });
    world.signOut(staff[1] ?? client);
    const dialled = client.dial('600');
    await world.pass(10);
    expect(ringing(staff)).toBe('105');
    staff[0]?.incoming[0]?.refuse(486);
    await world.pass(10);
    expect(ringing(staff)).toBe('107');
    await world.pass(20_100);
    expect(ringing(staff)).toBe('');
    await world.pass(16_000);
    expect((await dialled.finished()).status).toBe(480);
    expect(dialled.provisional.some(({ status }) => status === 183)).toBe(true);
    expect(failures(world)).toEqual([]);
  });

  it('rings whoever had their last call longest ago', async () => {
    const { world, client, staff } = office({ strategy: 'longest-idle' });
    const answeredBy: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const dialled = client.dial('600');
      await world.pass(10);
      answeredBy.push(ringing(staff));
      const phone = staff.find(({ account }) => account.user === answeredBy.at(-1));
      phone?.incoming.shift()?.answer();
      await (await dialled.answered()).hangUp();
      await world.pass(1_000);
    }
    expect(answeredBy).toEqual(['105', '106', '107', '105', '106']);
  });

  it('rings those who are talking only where nobody is free', async () => {
    const { world, client, staff } = office();
    const busy = world.phone('101');
    const talk = busy.dial('105');
    (await (staff[0] ?? client).nextCall()).answer();
    await talk.answered();
    client.dial('600');
    await world.pass(10);
    expect(ringing(staff)).toBe('106 107');
  });

  it('leaves those on do-not-disturb alone as long as others could answer', async () => {
    const quiet = new Set(['u105']);
    const { world, client, staff } = office({}, { doNotDisturb: (userId) => quiet.has(userId) });
    const first = client.dial('600');
    await world.pass(10);
    expect(ringing(staff)).toBe('106 107');
    for (const { incoming } of staff) incoming[0]?.ring();
    await world.pass(10);
    first.cancel();
    await world.pass(10);
    quiet.add('u106').add('u107');
    client.dial('600');
    await world.pass(10);
    expect(ringing(staff)).toBe('105 106 107');
  });

  it('rings a member who signs in while it rings, and waits for one where nobody is there', async () => {
    const { world, client, staff } = office();
    for (const each of staff) world.signOut(each);
    const dialled = client.dial('600');
    await world.pass(5_000);
    expect(dialled.final).toBeUndefined();
    const late = world.phone('106');
    await world.pass(10);
    expect(ringing([late])).toBe('106');
    late.incoming[0]?.answer();
    await dialled.answered();
    expect(failures(world)).toEqual([]);
  });

  it('does not ring whoever calls it', async () => {
    const { world, staff } = office();
    staff[0]?.dial('600');
    await world.pass(10);
    expect(ringing(staff)).toBe('106 107');
  });

  it('forgets everybody when the caller gives up', async () => {
    const { world, client, staff } = office();
    const dialled = client.dial('600');
    await world.pass(10);
    for (const { incoming } of staff) incoming[0]?.ring();
    await world.pass(10);
    dialled.cancel();
    await world.pass(100);
    expect(ringing(staff)).toBe('');
    expect((await dialled.finished()).status).toBe(487);
    expect([world.openLegs, world.control.activeCalls]).toEqual([0, 0]);
  });

  it('honours no code that a member’s phone sends the call on to', async () => {
    const { world, client, staff } = office();
    const dialled = client.dial('600');
    await world.pass(10);
    for (const { incoming } of staff) {
      incoming[0]?.refuse(302, [['Contact', '<sip:*68101@pbx.test>']]);
    }
    await world.pass(16_000);
    expect((await dialled.finished()).status).toBe(480);
    expect(world.parked).toEqual([]);
  });

  it('cannot be watched, and its number is nobody’s slot', async () => {
    const { world, client } = office();
    expect((await client.subscribe('600')).response?.status).toBe(404);
    expect((await client.dial('*88600').finished()).status).toBe(404);
    expect(failures(world)).toEqual([]);
  });

  it('takes no new call while the server stops', async () => {
    const { world, client } = office();
    void world.control.close({ graceMs: 60_000 });
    expect((await client.dial('600').finished()).status).toBe(503);
  });
});

describe('a ring group that nobody answers', () => {
  it('says so to whoever dialled it before the final code: early media, then 480', async () => {
    const { world, client, staff } = office({ ringMs: 5_000 });
    const dialled = client.dial('600');
    await world.pass(10);
    for (const { incoming } of staff) incoming[0]?.ring();
    await world.pass(5_100);
    expect((await dialled.ringing(183)).text).toContain('m=audio');
    const leg = world.media.openLegs[0];
    if (leg === undefined) throw new Error('the caller has no leg');
    await vi.waitFor(() => expect(leg.hearing).toMatchObject({ source: { kind: 'clip' } }));
    expect(dialled.final).toBeUndefined();
    world.media.finishPlayback(leg);
    const refused = await dialled.finished();
    expect(refused.headers.get('Reason')).toBe('SIP;cause=480;text="No answer"');
    expect(world.openLegs).toBe(0);
  });

  it('rings an extension, and gives up if that does not answer either', async () => {
    const noAnswer = { kind: 'extension', extension: extension('108') } as const;
    const { world, client, staff } = office({ noAnswer, ringMs: 5_000 });
    const desk = world.phone('108');
    const dialled = client.dial('600');
    await world.pass(5_100);
    expect(ringing([...staff, desk])).toBe('108');
    await world.pass(5_100 + 15_100);
    expect((await dialled.finished()).status).toBe(480);
  });

  it('goes on to another ring group, once', async () => {
    const to = (id: string) => ({ kind: 'ring-group', ringGroupId: ringGroupId(id) }) as const;
    const { world, client, staff } = office({ noAnswer: to('night'), ringMs: 5_000 });
    const { extension: _number, ...night } = salesGroup(['108'], {
      id: ringGroupId('night'),
      name: 'Night',
      ringMs: 5_000,
      noAnswer: to('sales'),
    });
    world.groups.saveRingGroup(night);
    const guard = world.phone('108');
    const dialled = client.dial('600');
    await world.pass(5_100);
    expect(ringing([...staff, guard])).toBe('108');
    await world.pass(5_100 + 15_100);
    expect((await dialled.finished()).status).toBe(480);
  });
});

describe('a call that is transferred to a ring group', () => {
  it('is the ring group’s at once: music, then whoever answers; the transferor is done', async () => {
    const { world, client, staff } = office();
    const bob = world.phone('101');
    const dialled = client.dial('101');
    const atBob = (await bob.nextCall()).answer();
    const atClient = await dialled.answered();
    expect((await atBob.refer('600')).status).toBe(202);
    expect((await atBob.referResult()).status).toBe(200);
    await world.pass(2_000);
    expect([atBob.ended, atClient.ended]).toEqual([true, false]);
    expect(ringing(staff)).toBe('105 106 107');
    expect(world.media.openLegs[0]?.hearing).toMatchObject({ source: { kind: 'music' } });
    expect(staff[0]?.incoming[0]?.request.headers.get('P-Asserted-Identity')).toContain('104');
    staff[2]?.incoming[0]?.answer();
    await world.pass(10);
    expect(world.media.openLegs[0]?.hearing.kind).toBe('bridge');
    expect(failures(world)).toEqual([]);
  });

  it('counts as a call of a server that stops: it gets its grace, and its end', async () => {
    const { world, client } = office({ ringMs: 300_000 });
    const bob = world.phone('101');
    const dialled = client.dial('101');
    const atBob = (await bob.nextCall()).answer();
    const atClient = await dialled.answered();
    await atBob.refer('600');
    await world.pass(3_000);
    void world.control.close({ graceMs: 10_000 });
    await world.pass(9_000);
    expect(atClient.ended).toBe(false);
    await world.pass(2_000);
    expect(atClient.bye?.headers.get('Reason')).toContain('The server is stopping');
    expect(world.openLegs).toBe(0);
  });
});

describe('refusals that are spoken', () => {
  it('are heard before the final code of a park or retrieve that was dialled, and only there', async () => {
    const { world, client } = office({}, { settings: { announceRefusals: true } });
    const dialled = client.dial('*88');
    expect((await dialled.ringing(183)).text).toContain('m=audio');
    const leg = world.media.openLegs[0];
    if (leg === undefined) throw new Error('the caller has no leg');
    await vi.waitFor(() => expect(leg.hearing).toMatchObject({ source: { kind: 'clip' } }));
    world.media.finishPlayback(leg);
    expect((await dialled.finished()).status).toBe(404);
    const plain = client.dial('999');
    expect((await plain.finished()).status).toBe(404);
    expect(plain.provisional.filter(({ status }) => status === 183)).toEqual([]);
    const offerless = client.dial('*88', { offerless: true });
    expect((await offerless.finished()).status).toBe(404);
    expect(world.openLegs).toBe(0);
  });

  it('end at once when the caller hangs up', async () => {
    const { world, client } = office({}, { settings: { announceRefusals: true } });
    const dialled = client.dial('*58');
    await dialled.ringing(183);
    dialled.cancel();
    expect((await dialled.finished()).status).toBe(487);
    expect(world.openLegs).toBe(0);
    expect(failures(world)).toEqual([]);
  });

  it('a park is confirmed by where the call is, if the tenant likes', async () => {
    const { world, client } = office({}, { settings: { parkConfirmation: 'spoken' } });
    const bob = world.phone('101');
    const dialled = client.dial('101');
    await (await bob.nextCall()).answer().hold();
    await dialled.answered();
    await bob.call('*68106');
    await world.pass(10);
    const leg = world.media.openLegs.at(-1);
    await vi.waitFor(() => expect(leg?.hearing).toMatchObject({ source: { kind: 'clip' } }));
    const clips = () => world.media.log.filter((line) => line.endsWith(' clip')).length;
    while (leg !== undefined && leg.hearing.kind === 'play') world.media.finishPlayback(leg);
    expect(clips()).toBe(4);
  });
});
