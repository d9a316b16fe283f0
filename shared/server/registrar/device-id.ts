import type { NameAddr } from '../../sip/message/name-addr.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import { readInstance } from './registration-request.ts';

/**
 * What "the same device" means (WIRE.md §3): its `+sip.instance`, else the connection it speaks on, else (datagrams)
 * its Contact and the address it sends from.
 */
export function deviceIdOf(contact: NameAddr | undefined, flow: Flow): string {
  const instance = readInstance(contact?.params.get('+sip.instance'));
  if (instance !== undefined) return `instance:${instance.toLowerCase()}`;
  if (flow.reliable) return `flow:${flow.id}`;
  const { user = '', host = '', port = 5060 } = contact?.uri ?? {};
  return `contact:${user}@${host.toLowerCase()}:${port}|${flow.remote.address}:${flow.remote.port}`;
}
