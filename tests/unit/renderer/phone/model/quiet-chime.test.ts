import { afterEach, expect, it, vi } from 'vitest';
import { MachineSettings } from '../../../../../renderer/phone/model/settings-store.ts';
import { Switchboard } from '../../../../../renderer/phone/model/switchboard.ts';
import type { ParkListEvent } from '../../../../../renderer/sip/phone-line.ts';
import { ParkDocuments, parkIdOf } from '../../../../fakes/park-documents.ts';
import { accountAt, PhonePage } from '../../../../fakes/phone-page.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('sounds the park chime for what waits at every account but those that are not to be disturbed', () => {
  const page = new PhonePage();
  const switchboard = new Switchboard(page.world, new MachineSettings(page.keeper, null));
  const chime = vi.spyOn(switchboard.sounds.chime, 'play').mockReturnValue({ dispose() {} });
  const signIn = (domain: string) => {
    const account = accountAt(domain, '101');
    const session = switchboard.make(account, 'secret');
    const documents = new ParkDocuments(() => page.clock.now());
    const tell = (event: ParkListEvent) => page.line(account.key).say({ kind: 'park-list', event });
    switchboard.add(session);
    session.phone.line.start();
    tell({ kind: 'subscribed' });
    const park = (n: number) =>
      tell({
        kind: 'document',
        body: documents.full([{ id: parkIdOf(n), slot: '104', parker: '103', group: 'Support' }]),
      });
    return { session, park };
  };
  const office = signIn('office.test');
  const home = signIn('home.test');

  office.session.settings.change({ doNotDisturb: true });
  office.park(1);
  expect(chime).toHaveBeenCalledTimes(0);
  home.park(2);
  expect(chime).toHaveBeenCalledTimes(1);
  switchboard.setDoNotDisturb(true);
  page.clock.advance(60_000);
  expect(chime).toHaveBeenCalledTimes(1);
  office.session.settings.change({ doNotDisturb: false });
  expect(chime).toHaveBeenCalledTimes(2);
});
