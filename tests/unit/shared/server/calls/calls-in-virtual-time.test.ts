import { describe, expect, it } from 'vitest';
import { serializeMessage } from '../../../../../shared/sip/message/serialize.ts';
import { encodeUtf8 } from '../../../../../shared/sip/message/utf8.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';

const failures = (world: CallWorld) => world.logged.filter((line) => line.startsWith('FAILED'));

describe('a call in virtual time', () => {
  it('gives up ringing after two minutes with 480 and CANCELs the devices', async () => {
    const world = new CallWorld(['101', '102']);
    const bob = world.phone('101');
    const alice = world.phone('102');
    const dialled = bob.dial('102');
    const ringing = await alice.nextCall();
    ringing.ring();
    await world.pass(119_000);
    expect(dialled.final).toBeUndefined();
    await world.pass(2_000);
    expect(dialled.final?.status).toBe(480);
    expect(ringing.cancelled?.headers.get('Reason')).toContain('No answer');
    expect(world.openLegs).toBe(0);
  });

  it('rings a device that signs in while its user’s other phones ring', async () => {
    const world = new CallWorld(['101', '102']);
    const desk = world.phone('102');
    const dialled = world.phone('101').dial('102');
    const atDesk = await desk.nextCall();
    atDesk.ring();
    await world.pass(5_000);
    const laptop = world.phone('102', 'ws');
    (await laptop.nextCall()).answer();
    await dialled.answered();
    await atDesk.wasCancelled();
    expect(failures(world)).toEqual([]);
  });

  it('rings a phone again that lost its WebSocket while it rang, and once only', async () => {
    const world = new CallWorld(['101', '102']);
    const app = world.phone('102', 'ws');
    const dialled = world.phone('101').dial('102');
    (await app.nextCall()).ring();
    await world.pass(5_000);
    world.reconnect(app);
    await world.pass(10);
    expect(app.incoming).toHaveLength(1);
    world.tellOf('102');
    await world.pass(10);
    expect(app.incoming).toHaveLength(1);
    app.incoming[0]?.answer();
    await dialled.answered();
    await world.pass(40_000);
    expect(world.openLegs).toBe(2);
    expect(failures(world)).toEqual([]);
  });

  it('rings a phone again whose WebSocket broke before it could ring', async () => {
    const world = new CallWorld(['101', '102']);
    const app = world.phone('102', 'ws');
    const dialled = world.phone('101').dial('102');
    await app.nextCall();
    app.flow.close();
    await world.pass(4_000);
    world.reconnect(app);
    (await app.nextCall()).answer();
    await dialled.answered();
    await world.pass(40_000);
    expect(world.openLegs).toBe(2);
    expect(failures(world)).toEqual([]);
  });

  it('waits five seconds for a phone whose WebSocket broke before it could ring, each time anew', async () => {
    const world = new CallWorld(['101', '102']);
    const app = world.phone('102', 'ws');
    const dialled = world.phone('101').dial('102');
    await app.nextCall();
    app.flow.close();
    await world.pass(4_000);
    world.reconnect(app);
    await app.nextCall();
    app.flow.close();
    await world.pass(4_900);
    expect(dialled.final).toBeUndefined();
    await world.pass(200);
    expect((await dialled.finished()).status).toBe(480);
    expect(world.openLegs).toBe(0);
    expect(failures(world)).toEqual([]);
  });

  it('does not wait for a phone whose user is deleted meanwhile', async () => {
    const world = new CallWorld(['101', '102']);
    const app = world.phone('102', 'ws');
    const dialled = world.phone('101').dial('102');
    await app.nextCall();
    app.flow.close();
    await world.pass(100);
    world.removeUser('102');
    await world.pass(100);
    expect(dialled.final?.status).toBe(480);
  });

  it('is not busy yet when one phone is and the other may come back', async () => {
    const world = new CallWorld(['101', '102']);
    const app = world.phone('102', 'ws');
    const desk = world.phone('102');
    const dialled = world.phone('101').dial('102');
    await app.nextCall();
    app.flow.close();
    (await desk.nextCall()).refuse(486);
    await world.pass(1_000);
    expect(dialled.final).toBeUndefined();
    world.reconnect(app);
    (await app.nextCall()).answer();
    await dialled.answered();
    expect(failures(world)).toEqual([]);
  });

  it('waits for each of two phones that broke together: the second rings although the first is busy', async () => {
    const world = new CallWorld(['101', '102']);
    const [phone, tablet] = [world.phone('102', 'ws'), world.phone('102', 'ws')];
    const dialled = world.phone('101').dial('102');
    await phone.nextCall();
    await tablet.nextCall();
    phone.flow.close();
    tablet.flow.close();
    await world.pass(500);
    world.reconnect(phone);
    (await phone.nextCall()).refuse(486);
    await world.pass(1_000);
    world.reconnect(tablet);
    (await tablet.nextCall()).answer();
    await dialled.answered();
    expect(failures(world)).toEqual([]);
  });

  it('does not reach a phone again by its new WebSocket when it has been called off', async () => {
    const world = new CallWorld(['101', '102']);
    const app = world.phone('102', 'ws');
    const old = app.flow;
    world.loseTouch(app);
    const dialled = world.phone('101').dial('102');
    await world.pass(1_000);
    world.moveAway(app);
    (await app.nextCall()).ring();
    old.close();
    await world.pass(1_000);
    expect(app.incoming).toEqual([]);
    dialled.cancel();
    await dialled.finished();
    expect(failures(world)).toEqual([]);
  });

  it('rings the one to whom a call is transferred again on a new WebSocket', async () => {
    const world = new CallWorld(['101', '102', '103']);
    const [bob, carol] = [world.phone('101'), world.phone('103', 'ws')];
    const dialled = world.phone('102').dial('101');
    const callee = (await bob.nextCall()).answer();
    await dialled.answered();
    await world.pass(5);
    await callee.refer('103');
    await carol.nextCall();
    world.reconnect(carol);
    (await carol.nextCall()).answer();
    await world.pass(5_000);
    expect(carol.calls).toHaveLength(1);
    expect(world.openLegs).toBe(2);
    expect(failures(world)).toEqual([]);
  });

  it('does not ring a desk phone twice that answers over another connection', async () => {
    const world = new CallWorld(['101', '102']);
    const desk = world.phone('102', 'tcp');
    const dialled = world.phone('101').dial('102');
    (await desk.nextCall()).ring();
    await world.pass(5_000);
    world.reconnect(desk);
    await world.pass(10);
    expect(desk.incoming).toEqual([]);
    dialled.cancel();
    await dialled.finished();
  });

  it('lets one device’s decline end the ringing of all', async () => {
    const world = new CallWorld(['101', '102']);
    const bob = world.phone('101');
    const [desk, laptop] = [world.phone('102'), world.phone('102')];
    const dialled = bob.dial('102');
    const [atDesk, atLaptop] = [await desk.nextCall(), await laptop.nextCall()];
    atLaptop.ring();
    await world.pass(5);
    atDesk.refuse(603);
    expect((await dialled.finished()).status).toBe(603);
    await atLaptop.wasCancelled();
  });

  it('goes on ringing the others when one device is busy', async () => {
    const world = new CallWorld(['101', '102']);
    const bob = world.phone('101');
    const [desk, laptop] = [world.phone('102'), world.phone('102')];
    const dialled = bob.dial('102');
    (await desk.nextCall()).refuse(486);
    (await laptop.nextCall()).answer();
    await dialled.answered();
    expect(failures(world)).toEqual([]);
  });

  it('does not ring the device that calls its own extension', async () => {
    const world = new CallWorld(['101']);
    const [desk, laptop] = [world.phone('101'), world.phone('101')];
    desk.dial('101');
    await laptop.nextCall();
    expect(desk.incoming).toEqual([]);
  });

  it('ends a call whose 2xx is never acknowledged, after 32 s', async () => {
    const world = new CallWorld(['101', '102']);
    const bob = world.phone('101');
    const alice = world.phone('102');
    const dialled = bob.dial('102');
    dialled.acknowledge = false;
    const callee = (await alice.nextCall()).answer();
    await dialled.answered();
    await world.pass(31_000);
    expect(callee.ended).toBe(false);
    await world.pass(2_000);
    expect(callee.ended).toBe(true);
    await world.pass(40_000);
    expect(world.clock.pending).toBe(0);
  });

  it('ends what a second fork of a phone answers, and leaves the call alone', async () => {
    const world = new CallWorld(['101', '102']);
    const alice = world.phone('102');
    const dialled = world.phone('101').dial('102');
    const callee = (await alice.nextCall()).answer();
    await dialled.answered();
    await world.pass(5);
    const sent = world.network.sent.findLast(
      ({ from, message }) =>
        from === alice.flow.id && message.kind === 'response' && message.status === 200,
    );
    if (sent === undefined) throw new Error('Alice’s phone said nothing');
    const tag = sent.message.toTag ?? '';
    const text = new TextDecoder().decode(serializeMessage(sent.message));
    const told = world.network.sent.length;
    alice.flow.send(encodeUtf8(text.replaceAll(tag, 'other-fork')));
    await world.pass(5);
    const after = world.network.sent.slice(told).map(({ message }) => message);
    const [ack, bye] = after.filter(
      (message) => message.kind === 'request' && message.toTag === 'other-fork',
    );
    expect([ack?.cseq.method, bye?.cseq.method]).toEqual(['ACK', 'BYE']);
    expect(bye?.headers.get('Reason')).toContain('Answered already');
    expect(callee.ended).toBe(false);
  });

  it('takes an ACK that is late', async () => {
    const world = new CallWorld(['101', '102']);
    const bob = world.phone('101');
    const alice = world.phone('102');
    const dialled = bob.dial('102');
    dialled.acknowledge = false;
    const callee = (await alice.nextCall()).answer();
    await dialled.answered();
    await world.pass(20_000);
    dialled.ack();
    await world.pass(30_000);
    expect(callee.ended).toBe(false);
  });

  it('passes the Reason of a BYE on', async () => {
    const world = new CallWorld(['101', '102']);
    const bob = world.phone('101');
    const alice = world.phone('102');
    const dialled = bob.dial('102');
    const callee = (await alice.nextCall()).answer();
    const caller = await dialled.answered();
    await world.pass(5);
    await caller.request('BYE', { headers: [['Reason', 'SIP;cause=402;text="No money"']] });
    await world.pass(5);
    expect(callee.bye?.headers.get('Reason')).toBe('SIP;cause=402;text="No money"');
  });

  it('follows a device to its new WebSocket', async () => {
    const world = new CallWorld(['101', '102']);
    const bob = world.phone('101');
    const alice = world.phone('102', 'ws');
    const dialled = bob.dial('102');
    const callee = (await alice.nextCall()).answer();
    const caller = await dialled.answered();
    world.reconnect(alice);
    await caller.hangUp();
    await callee.byeReceived();
    expect(failures(world)).toEqual([]);
  });

  it.each(['closed', 'half-open'])(
    'still reaches a device on its new WebSocket when its user is deleted in mid-call, the old one being %s',
    async (old) => {
      const world = new CallWorld(['101', '102']);
      const alice = world.phone('102', 'ws');
      const dialled = world.phone('101').dial('102');
      const callee = (await alice.nextCall()).answer();
      const caller = await dialled.answered();
      await world.pass(5);
      if (old === 'closed') alice.flow.close();
      else world.loseTouch(alice);
      world.moveAway(alice);
      world.removeUser('102');
      expect(callee.ended).toBe(false);
      await caller.hangUp();
      await callee.byeReceived();
      expect(failures(world)).toEqual([]);
    },
  );

  it('stops cleanly while phones ring, calls are being transferred and recalls wait', async () => {
    const world = new CallWorld(['101', '102', '103']);
    const [bob, alice, carol] = [world.phone('101'), world.phone('102'), world.phone('103')];
    const dialled = bob.dial('102');
    const callee = (await alice.nextCall()).answer();
    const caller = await dialled.answered();
    await world.pass(5);
    await caller.refer('103');
    const ringing = await carol.nextCall();
    ringing.ring();
    await world.pass(5);
    const stopped = world.control.close({ graceMs: 1_000 });
    await world.pass(2_000);
    await stopped;
    await world.pass(5);
    expect(ringing.cancelled).toBeDefined();
    expect([caller.ended, callee.ended]).toEqual([true, true]);
    await world.pass(70_000);
    expect(world.openLegs).toBe(0);
    expect(world.clock.pending).toBe(0);
    expect(failures(world)).toEqual([]);
  });

  it('refuses a ringing caller with 503 when the server stops, and stops the ringing', async () => {
    const world = new CallWorld(['101', '102']);
    const [bob, alice] = [world.phone('101'), world.phone('102')];
    const dialled = bob.dial('102');
    const ringing = await alice.nextCall();
    ringing.ring();
    await dialled.ringing();
    await world.control.close({ graceMs: 0 });
    expect((await dialled.finished()).status).toBe(503);
    await ringing.wasCancelled();
    expect(world.openLegs).toBe(0);
  });
});

/** A WebRTC caller of 101 whose call is parked on 102, for a retriever who takes G.711 only. */
async function opusCallParked(world: CallWorld) {
  const client = world.phone('104', 'ws', ['opus', 'PCMU']);
  const bob = world.phone('101', 'ws', ['opus', 'PCMU']);
  const dialled = client.dial('101');
  const atBob = (await bob.nextCall()).answer();
  const atClient = await dialled.answered();
  await atBob.refer('*68102');
  await atBob.referResult();
  await atBob.hangUp();
  return { atClient, desk: world.phone('102') };
}

describe('offers that collide', () => {
  it('both holds of two who hold at once are taken', async () => {
    const world = new CallWorld(['101', '102']);
    const [bob, alice] = [world.phone('101', 'ws'), world.phone('102', 'ws')];
    const dialled = bob.dial('102');
    const callee = (await alice.nextCall()).answer();
    const caller = await dialled.answered();
    await world.pass(5);
    const answers = await Promise.all([caller.hold(), callee.hold()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(failures(world)).toEqual([]);
  });

  it('our re-INVITE that meets a 491 is tried again, and the retriever then gets the call', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const { atClient, desk } = await opusCallParked(world);
    let asked = 0;
    atClient.answerWith = ({ method }) => (method === 'INVITE' && (asked += 1) === 1 ? 491 : 200);
    const dialled = desk.dial('*88');
    expect((await dialled.finished(10_000)).status).toBe(200);
    expect(asked).toBe(2);
  });

  it('a caller’s offer that comes while ours is open is answered 491, and ours goes on', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const { atClient, desk } = await opusCallParked(world);
    let theirs: Promise<{ status: number }> | undefined;
    atClient.answerWith = ({ method }) => {
      if (method === 'INVITE')
        theirs ??= atClient.request('INVITE', {
          body: atClient.sdp,
          contentType: 'application/sdp',
        });
      return 200;
    };
    const dialled = desk.dial('*88');
    expect((await dialled.finished(10_000)).status).toBe(200);
    expect([491, 200]).toContain((await theirs)?.status);
    expect(failures(world)).toEqual([]);
  });

  it('a re-INVITE that nobody answers makes 488 after 4 s, and the call stays parked', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const { atClient, desk } = await opusCallParked(world);
    atClient.silent = ({ method }) => method === 'INVITE';
    const dialled = desk.dial('*88');
    await world.pass(3_900);
    expect(dialled.final).toBeUndefined();
    await world.pass(200);
    expect(dialled.final?.status).toBe(488);
    expect(world.parked).toMatchObject([{ state: 'parked' }]);
  });
});
