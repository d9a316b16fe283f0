/** The machine changes its network in the middle of a call: nothing is cut, what was connected just falls silent. */
import { expect, test } from '@playwright/test';
import type { NetworkInterfaceInfo } from 'node:os';
import type { BridgeWindow } from '../desktop/bridge-page.ts';
import { CLIENT, Outside } from '../kit/client.ts';
import { DesktopPhone } from '../kit/desktop-phone.ts';
import { expectTalk } from '../kit/hearing.ts';
import { MovingNetwork } from '../kit/moving-network.ts';
import { oneParkedOneTalks } from '../kit/one-parked-one-talks.ts';
import { ownComplaints } from '../kit/page-watch.ts';
import { RegistrationWatch } from '../kit/registration-watch.ts';
import { TestServer } from '../kit/test-server.ts';

const BACK_WITHIN_MS = 3_000;

let network: MovingNetwork;
let server: TestServer;
let outside: Outside;
let alice: DesktopPhone;

test.beforeAll(async () => {
  network = await MovingNetwork.open();
  server = await TestServer.start({ publicUrl: network.origin });
  await network.leadTo(server.httpPort);
  outside = await Outside.open();
  alice = await DesktopPhone.signedIn(server, '102', { address: new URL(network.origin).host });
});
test.afterAll(async () => {
  await alice?.close();
  await outside?.close();
  await server?.dispose();
  await network?.close();
});

interface ToldWindow extends BridgeWindow {
  parklineMovedAt?: number;
}

/** The machine has another address, and what went by the old one is dead. @returns when the page was told, ms since 1970 */
async function moves(): Promise<number> {
  await alice.page.evaluate(() => {
    const target = window as unknown as ToldWindow;
    target.parkline.onEvent(({ kind }) => {
      if (kind === 'network-online') target.parklineMovedAt = Date.now();
    });
  });
  network.move();
  await alice.main.evaluate(() => {
    const os = process.getBuiltinModule('node:os');
    const address: NetworkInterfaceInfo = {
      address: '192.0.2.7',
      netmask: '255.255.255.0',
      family: 'IPv4',
      mac: '02:00:00:00:00:07',
      internal: false,
      cidr: '192.0.2.7/24',
    };
    os.networkInterfaces = () => ({ wlan0: [address] });
  });
  const told = () => alice.page.evaluate(() => (window as unknown as ToldWindow).parklineMovedAt);
  await expect.poll(told, { message: 'the change is noticed' }).toBeGreaterThan(0);
  return (await told()) ?? 0;
}

test('the phone is registered again at once, as one device, and the call goes on over the new network', async () => {
  const { parked, talking } = await oneParkedOneTalks(alice, outside, server);
  const watch = await RegistrationWatch.on(alice.page);

  const toldAt = await moves();
  expect((await watch.after(0)) - toldAt).toBeLessThanOrEqual(BACK_WITHIN_MS);
  await alice.ready();
  await alice.showsParked(CLIENT, { slot: '102', by: 'me' });
  expect(server.running.registrar.size, 'one device, not two').toBe(1);
  await expectTalk(alice, talking);

  await alice.hangUp();
  await talking.hasEnded();
  parked.hangUp();
  await alice.showsNothingParked();
  expect(ownComplaints(alice.complaints)).toEqual([]);
});
