import type { DesktopEvent } from '../../shared/bridge/contract.ts';

/** Where the machine stands in its network. */
export interface NetworkPlace {
  readonly online: boolean;
  /** Its addresses as one text: it changes when a cable, a Wi-Fi or a VPN does. */
  readonly addresses: string;
}

/** Says what a look at the network means. Chromium's own online event stays silent when one network gives way to another. */
export class NetworkWatch {
  #was: NetworkPlace;

  constructor(first: NetworkPlace) {
    this.#was = first;
  }

  /** @returns what the page is told, `null` while all is as it was */
  look(now: NetworkPlace): DesktopEvent | null {
    const was = this.#was;
    this.#was = now;
    const moved = now.online && now.addresses !== was.addresses;
    if (now.online === was.online && !moved) return null;
    return { kind: now.online ? 'network-online' : 'network-offline' };
  }
}
