import { networkInterfaces } from 'node:os';
import { net, powerMonitor } from 'electron';
import type { DesktopEvent } from '../../shared/bridge/contract.ts';
import { DisposableStore, onDispose } from '../../shared/domain/disposable.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';
import { NetworkWatch } from './network-watch.ts';
import type { NetworkPlace } from './network-watch.ts';

/** Registered again within three seconds of a new network: most of that belongs to the registration. */
const LOOK_EVERY_MS = 1000;

const networkPlace = (): NetworkPlace => ({ online: net.isOnline(), addresses: addresses() });

const addresses = (): string =>
  Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((entry) => !entry.internal)
    .map((entry) => entry.address)
    .sort()
    .join(' ');

export interface PowerOptions {
  readonly send: (event: DesktopEvent) => void;
  /** The desktop session ends. @returns whether it has to wait for the phone's good-bye */
  readonly onShutdown: () => boolean;
}

/** Tells the page of sleep, lock and network: what it must recover from without a click. */
export function watchPower({ send, onShutdown }: PowerOptions): Disposable {
  const store = new DisposableStore();
  const resumed = (): void => send({ kind: 'resumed' });
  const locked = (): void => send({ kind: 'screen-locked', locked: true });
  const unlocked = (): void => send({ kind: 'screen-locked', locked: false });
  // Linux and macOS wait for whoever asks them to; Windows tells its windows instead.
  const shutdown = (event?: { preventDefault(): void }): void => {
    if (onShutdown()) event?.preventDefault();
  };
  powerMonitor.on('shutdown', shutdown);
  powerMonitor.on('resume', resumed);
  powerMonitor.on('lock-screen', locked);
  powerMonitor.on('unlock-screen', unlocked);
  store.add(
    onDispose(() => {
      powerMonitor.off('shutdown', shutdown);
      powerMonitor.off('resume', resumed);
      powerMonitor.off('lock-screen', locked);
      powerMonitor.off('unlock-screen', unlocked);
    }),
  );
  const network = new NetworkWatch(networkPlace());
  const look = setInterval(() => {
    const event = network.look(networkPlace());
    if (event !== null) send(event);
  }, LOOK_EVERY_MS);
  store.add(onDispose(() => clearInterval(look)));
  return store;
}
