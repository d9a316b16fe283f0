import { expect, it } from 'vitest';
import { CallWorld } from '../../../../fakes/call-world.ts';

const REFRESHED_BY_US = [
  ['Require', 'timer'],
  ['Session-Expires', '120;refresher=uac'],
] as const;
const NO_UPDATE = 'INVITE, ACK, CANCEL, BYE, OPTIONS, REFER, NOTIFY';

it('a retriever waits for the codec that the parked phone is asked for, not for the answer to a refresh under way', async () => {
  const world = new CallWorld(['101', '102', '104']);
  const bob = world.phone('101', 'udp', ['opus', 'PCMU']);
  const client = world.phone('104', 'udp', ['opus', 'PCMU'], { allow: NO_UPDATE });
  const alice = world.phone('102', 'udp', ['PCMU']);
  const dialled = bob.dial('104');
  const atClient = (await client.nextCall()).answer(REFRESHED_BY_US);
  const atBob = await dialled.answered();
  await world.pass(10);
  await atBob.refer('*68102');
  await atBob.referResult();
  // The first copies of the refresh are lost: it is under way when the call is retrieved.
  let lost = 0;
  world.network.copies = ({ message }) => {
    const isRefresh = message.kind === 'request' && message.method === 'INVITE';
    return isRefresh && message.toTag !== undefined && (lost += 1) <= 2 ? 0 : 1;
  };
  while (lost === 0) await world.pass(100);
  const asked = (): number => atClient.received.filter(({ method }) => method === 'INVITE').length;
  // The refresh is fine; another codec the phone does not want.
  atClient.answerWith = ({ method }) => (method === 'INVITE' && asked() > 1 ? 488 : 200);
  const answer = await alice.dial('*88102').finished(10_000);
  expect(answer.status).toBe(488);
  expect(asked()).toBe(2);
  expect(world.parked).toMatchObject([{ state: 'parked' }]);
});
