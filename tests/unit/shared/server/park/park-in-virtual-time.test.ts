import { describe, expect, it } from 'vitest';
import type { MusicSwitch } from '../../../../../shared/server/park/park-deps.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';
import type { PhoneCall } from '../../../../fakes/phone-call.ts';
import type { SipPhone } from '../../../../fakes/sip-phone.ts';

interface Talk {
  readonly world: CallWorld;
  readonly bob: SipPhone;
  readonly atBob: PhoneCall;
  readonly atClient: PhoneCall;
}

/** A music switch that a test lets succeed or fail when it likes. */
class SlowMusic {
  readonly #waiting: ((started: boolean) => void)[] = [];

  readonly switch: MusicSwitch = () => new Promise((resolve) => this.#waiting.push(resolve));

  finish(started: boolean): void {
    this.#waiting.shift()?.(started);
  }
}

async function bobTalksToTheClient(world: CallWorld): Promise<Talk> {
  const bob = world.phone('101');
  const client = world.phone('104');
  const dialled = client.dial('101');
  const atBob = (await bob.nextCall()).answer();
  const atClient = await dialled.answered();
  await world.pass(10);
  return { world, bob, atBob, atClient };
}

const hearing = (world: CallWorld, name: RegExp) =>
  world.media.openLegs.find((leg) => name.test(leg.legName))?.hearing.kind;

describe('a park whose music is slow', () => {
  it('row 27: goes on when the phone hangs up on the 202, and then fails: the caller is kept and the parker recalled at once', async () => {
    const music = new SlowMusic();
    const { world, bob, atBob, atClient } = await bobTalksToTheClient(
      new CallWorld(['101', '102', '104'], { switchToMusic: music.switch }),
    );
    expect((await atBob.refer('*68102')).status).toBe(202);
    expect((await atBob.hangUp()).status).toBe(200);
    expect(atClient.ended).toBe(false);
    music.finish(false);
    await world.pass(10);
    const recall = await bob.nextCall();
    expect(recall.request.headers.get('X-Park-Recall')).toContain('attempt=1;slot=102');
    expect(atClient.ended).toBe(false);
    expect(world.steps).toEqual(['parked', 'recalled']);
    recall.answer();
    await world.pass(10);
    expect(world.steps).toEqual(['parked', 'recalled', 'returned']);
    expect(world.logged.filter((line) => line.startsWith('FAILED'))).toEqual([]);
  });

  it('is finished although the phone hung up on the 202', async () => {
    const music = new SlowMusic();
    const { world, atBob, atClient } = await bobTalksToTheClient(
      new CallWorld(['101', '102', '104'], { switchToMusic: music.switch }),
    );
    await atBob.refer('*68102');
    await atBob.hangUp();
    music.finish(true);
    await world.pass(10);
    expect(world.parked).toMatchObject([{ slot: '102', state: 'parked' }]);
    expect(atClient.ended).toBe(false);
  });

  it('row 2: that fails while the parker is there leaves both talking, with a final 503', async () => {
    const music = new SlowMusic();
    const { world, atBob, atClient } = await bobTalksToTheClient(
      new CallWorld(['101', '102', '104'], { switchToMusic: music.switch }),
    );
    await atBob.refer('*68102');
    music.finish(false);
    expect((await atBob.referResult()).status).toBe(503);
    await world.pass(2_000);
    expect([atBob.ended, atClient.ended]).toEqual([false, false]);
    expect(hearing(world, /caller/)).toBe('bridge');
    expect(world.parked).toEqual([]);
    expect(world.stored.size).toBe(0);
    expect((await atBob.refer('*68102')).status).toBe(202);
  });

  it('row 21: refuses a second REFER with 491 while it lasts', async () => {
    const music = new SlowMusic();
    const { world, atBob } = await bobTalksToTheClient(
      new CallWorld(['101', '102', '104'], { switchToMusic: music.switch }),
    );
    await atBob.refer('*68102');
    expect((await atBob.refer('*68102')).status).toBe(491);
    music.finish(true);
    await world.pass(10);
    expect(world.parked).toHaveLength(1);
  });

  it('ends with NOTIFY 487 and a BYE when the caller hangs up meanwhile', async () => {
    const music = new SlowMusic();
    const { world, atBob, atClient } = await bobTalksToTheClient(
      new CallWorld(['101', '102', '104'], { switchToMusic: music.switch }),
    );
    await atBob.refer('*68102');
    await atClient.hangUp();
    expect((await atBob.referResult()).status).toBe(487);
    await atBob.byeReceived();
    music.finish(true);
    await world.pass(2_000);
    expect(world.openLegs).toBe(0);
    expect(world.control.activeCalls).toBe(0);
  });

  it('releases the client’s old leg one second after the park, not before', async () => {
    const { world, atBob } = await bobTalksToTheClient(new CallWorld(['101', '102', '104']));
    await atBob.refer('*68102');
    await world.pass(950);
    expect(atBob.ended).toBe(false);
    await world.pass(100);
    expect(atBob.ended).toBe(true);
  });
});

describe('what is stored of a parked call', () => {
  it('names the caller’s dialog and leg, and goes when the call does', async () => {
    const { world, atBob, atClient } = await bobTalksToTheClient(
      new CallWorld(['101', '102', '104']),
    );
    await atBob.refer('*68102');
    await world.pass(10);
    const [record] = world.stored.values();
    expect(record).toMatchObject({
      state: 'parked',
      slot: '102',
      parker: '101',
      parkerUserId: 'u101',
      dialog: { callId: atClient.dialog.id.callId, remoteTag: atClient.dialog.id.localTag },
      leg: { version: 1, kind: 'rtp' },
    });
    await atClient.hangUp();
    expect(world.stored.size).toBe(0);
  });

  it('rebuilds the caller’s leg from its record and produces the re-INVITE’s offer', async () => {
    const { world, atBob } = await bobTalksToTheClient(new CallWorld(['101', '102', '104']));
    await atBob.refer('*68102');
    await world.pass(10);
    const [record] = world.stored.values();
    const leg = JSON.parse(JSON.stringify(record?.leg));
    const restored = await world.media.restore(leg);
    expect(restored.ok && restored.value.createOffer({ codecs: ['PCMU'] })).toContain('m=audio');
  });
});

describe('times of a parked call', () => {
  it('leaves no timer, leg or subscription behind', async () => {
    const { world, bob, atBob, atClient } = await bobTalksToTheClient(
      new CallWorld(['101', '102', '104']),
    );
    await atBob.refer('*68102');
    await world.pass(300_100);
    (await bob.nextCall()).answer();
    await world.pass(100);
    await atClient.hangUp();
    await world.pass(40_000);
    expect(world.openLegs).toBe(0);
    expect(world.clock.pending).toBe(0);
    expect(world.steps).toEqual(['parked', 'recalled', 'returned']);
  });

  it('keeps a caller for days and tries the parker again and again', async () => {
    const { world, bob, atBob, atClient } = await bobTalksToTheClient(
      new CallWorld(['101', '102', '104']),
    );
    await atBob.refer('*68102');
    await world.pass(310_000);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const call = await bob.nextCall(400_000);
      expect(call.request.headers.get('X-Park-Recall')).toContain(`attempt=${attempt};`);
      call.refuse(486);
      await world.pass(1_000);
    }
    expect(atClient.ended).toBe(false);
    expect(world.parked).toHaveLength(1);
  });
});
