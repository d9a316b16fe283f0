import { describe, expect, it } from 'vitest';
import { readInfoDigit } from '../../../../../shared/server/calls/info-digits.ts';
import { sampleRequest } from '../../../../fakes/sip-pair.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';
import type { PhoneCall } from '../../../../fakes/phone-call.ts';
import type { FakeMediaLeg } from '../../../../fakes/fake-media-leg.ts';

const RELAY = 'application/dtmf-relay';
const PLAIN = 'application/dtmf';
const NO_EVENTS =
  'v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n';

const read = (contentType: string, body: string) =>
  readInfoDigit(sampleRequest({ method: 'INFO', toTag: 'b', body, contentType }));

describe('the digit of an INFO', () => {
  it.each([
    [RELAY, 'Signal=5\r\nDuration=160\r\n', '5', 160],
    [RELAY, 'Signal= #\r\nDuration= 250', '#', 250],
    [RELAY, 'signal = a', 'A', 160],
    [RELAY, 'Signal=10\r\nDuration=100\r\n', '*', 100],
    [PLAIN, '7', '7', 160],
    [PLAIN, ' 11\r\n', '#', 160],
    [PLAIN, 'Signal=9\r\nDuration=80', '9', 80],
  ])('is read from %s %j', (contentType, body, digit, durationMs) => {
    expect(read(contentType, body)).toEqual({ digit, durationMs });
  });

  it.each([
    [RELAY, 'Signal=!\r\n'],
    [RELAY, 'Signal=16'],
    [RELAY, '5'],
    [PLAIN, ''],
    [PLAIN, '12 34'],
    ['text/plain', '5'],
  ])('is none in %s %j', (contentType, body) => {
    expect(read(contentType, body)).toBeUndefined();
  });
});

/** Bob calls Alice; who has no events in `plain` agrees to none. */
async function talk(plain: readonly ('bob' | 'alice')[], allow?: string) {
  const world = new CallWorld(['101', '102']);
  const account = allow === undefined ? {} : { allow };
  const bob = world.phone('101', 'udp', ['PCMU'], plain.includes('bob') ? account : {});
  const alice = world.phone('102', 'udp', ['PCMU'], plain.includes('alice') ? account : {});
  const dialled = bob.dial('102', plain.includes('bob') ? { body: NO_EVENTS } : {});
  const ringing = await alice.nextCall();
  const atAlice = ringing.answer([], plain.includes('alice') ? NO_EVENTS : undefined);
  const atBob = await dialled.answered();
  await world.pass(5);
  const legAt = (call: PhoneCall): FakeMediaLeg => {
    const name = call === atBob ? /caller$/ : /102$/;
    const leg = world.media.openLegs.find(({ legName }) => name.test(legName));
    if (leg === undefined) throw new Error('no leg');
    return leg;
  };
  return { world, atBob, atAlice, legAt };
}

const infos = (call: PhoneCall) => call.received.filter(({ method }) => method === 'INFO');
const five = { body: 'Signal=5\r\nDuration=160\r\n', contentType: RELAY };

describe('a digit by INFO', () => {
  it('becomes telephone events where the other side agreed to them', async () => {
    const { world, atBob, atAlice, legAt } = await talk([]);
    expect((await atBob.request('INFO', five)).status).toBe(200);
    await world.pass(5);
    expect(legAt(atAlice).sentDigits).toEqual([{ digit: '5', durationMs: 160 }]);
    expect(infos(atAlice)).toEqual([]);
  });

  it('goes on as INFO where it did not', async () => {
    const { world, atBob, atAlice, legAt } = await talk(['alice']);
    expect((await atBob.request('INFO', five)).status).toBe(200);
    await world.pass(5);
    expect(infos(atAlice).map(({ text }) => text)).toEqual([five.body]);
    expect(legAt(atAlice).sentDigits).toEqual([]);
  });

  it('is not sent to somebody who holds and cannot hear it', async () => {
    const { world, atBob, atAlice, legAt } = await talk([]);
    await atAlice.hold();
    await atBob.request('INFO', five);
    await world.pass(5);
    expect(legAt(atAlice).sentDigits).toEqual([]);
  });
});

describe('a digit by telephone events', () => {
  it('becomes INFO for a phone that agreed to none', async () => {
    const { world, atBob, atAlice, legAt } = await talk(['bob']);
    legAt(atAlice).press('#');
    await world.pass(5);
    expect(infos(atBob).map(({ text }) => text)).toEqual(['Signal=#\r\nDuration=160\r\n']);
    expect(infos(atBob)[0]?.contentType).toBe(RELAY);
  });

  it('stays what it is between two phones that know events', async () => {
    const { world, atBob, atAlice, legAt } = await talk([]);
    legAt(atAlice).press('1');
    await world.pass(5);
    expect(infos(atBob)).toEqual([]);
  });

  it('is lost on a phone that takes neither', async () => {
    const { world, atBob, atAlice, legAt } = await talk(['bob'], 'INVITE, ACK, BYE');
    legAt(atAlice).press('1');
    await world.pass(5);
    expect(infos(atBob)).toEqual([]);
  });
});

describe('another INFO', () => {
  it('goes to the other side as it is', async () => {
    const { world, atBob, atAlice } = await talk([]);
    const picture = { body: '<media_control/>', contentType: 'application/media_control+xml' };
    expect((await atBob.request('INFO', picture)).status).toBe(200);
    await world.pass(5);
    expect(infos(atAlice).map(({ contentType }) => contentType)).toEqual([picture.contentType]);
  });

  it('is 415 where the other side takes no INFO, naming what is understood', async () => {
    const { atBob } = await talk(['alice'], 'INVITE, ACK, BYE');
    const refused = await atBob.request('INFO', { body: 'hello', contentType: 'text/plain' });
    expect(refused.status).toBe(415);
    expect(refused.headers.get('Accept')).toBe('application/dtmf-relay, application/dtmf');
    expect((await atBob.request('INFO')).status).toBe(200);
  });

  it('of a package is 469 with an empty Recv-Info', async () => {
    const { atBob, atAlice } = await talk([]);
    const headers = [['Info-Package', 'infoDtmf']] as const;
    const refused = await atBob.request('INFO', { ...five, headers });
    expect(refused.status).toBe(469);
    expect(refused.headers.all('Recv-Info')).toEqual(['']);
    expect(infos(atAlice)).toEqual([]);
  });
});
