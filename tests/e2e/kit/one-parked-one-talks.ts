import { CLIENT, SECOND_CLIENT, type Outside } from './client.ts';
import type { DesktopPhone } from './desktop-phone.ts';
import { expectTalk } from './hearing.ts';

/** One client calls 102 and is parked there, a second one calls and is talked to. */
export async function oneParkedOneTalks(
  alice: DesktopPhone,
  outside: Outside,
  server: Parameters<Outside['call']>[0],
) {
  const parked = await outside.call(server, '102');
  await alice.answer();
  await alice.park();
  await alice.showsParked(CLIENT, { slot: '102', by: 'me' });
  const identity = SECOND_CLIENT;
  const talking = await outside.call(server, '102', { identity, voice: 'second client' });
  await alice.rings(identity);
  await alice.answer();
  await expectTalk(alice, talking);
  return { parked, talking };
}
