import { DisposableStore } from '../../../shared/domain/disposable.ts';
import { listAudioDevices, onAudioDevicesChanged } from '../../sip/audio/devices.ts';
import type { Account } from './account.ts';
import type { SessionWorld } from './session.ts';
import { MachineSettings } from './settings-store.ts';
import type { CheckLine } from './sign-in-check.ts';
import { Sounds } from './sounds.ts';

/** How long the browser may ask whether the microphone is allowed, ms. */
const MICROPHONE_LIMIT_MS = 20_000;

/** A line for the test alone: nothing rings, nothing is written down, and it is gone afterwards. */
export function openCheckLine(account: Account, password: string, world: SessionWorld): CheckLine {
  const owned = new DisposableStore();
  const sounds = owned.add(
    new Sounds({
      settings: new MachineSettings(world.keeper, account.key),
      clock: world.clock,
      microphoneSource: world.profile?.microphone ?? 'device',
      devices: { list: listAudioDevices, onChange: onAudioDevicesChanged },
      onBlocked: () => {},
      say: () => {},
    }),
  );
  const line = world.makeLine({
    // Its own device: the phone that may be signed in already keeps its place at the server.
    account: { ...account, instanceId: world.newId() },
    password,
    sounds,
    iceServers: () => [],
    digitsBy: () => 'rfc4733',
  });
  let closing: Promise<void> | null = null;
  const close = async () => {
    await line.stop();
    owned.dispose();
  };
  return {
    line,
    microphone: () =>
      new Promise((resolve) => {
        const settle = (answer: Awaited<ReturnType<CheckLine['microphone']>>) => {
          limit.dispose();
          listening.dispose();
          resolve(answer);
        };
        const limit = world.clock.after(MICROPHONE_LIMIT_MS, () => settle('refused'));
        const listening = sounds.microphone.onChange((status) => {
          if (status.kind === 'live' || status.kind === 'tone') settle('open');
          else if (status.kind === 'missing') settle(status.problem);
        });
        // Stays open for the test call.
        owned.add(sounds.microphone.use(() => {}));
      }),
    close: () => (closing ??= close()),
  };
}
