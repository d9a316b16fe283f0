import { z } from 'zod';
import { epochMs, userId, type UserId } from '../../domain/ids.ts';
import { parseNameAddr } from '../../sip/message/name-addr.ts';
import type { User } from '../ports/directory.ts';
import type { BindingRow } from '../store/schema.ts';
import type { Entry } from './binding-book.ts';

const pathSchema = z.array(z.string());

/** An entry as it is stored. */
export function rowOf({ binding, contactText, callId, cseq, source }: Entry): BindingRow {
  return {
    id: binding.id,
    user_id: binding.userId,
    contact: contactText,
    instance_id: binding.instanceId ?? null,
    reg_id: binding.regId ?? null,
    device_id: binding.deviceId,
    call_id: callId,
    cseq,
    user_agent: binding.userAgent ?? null,
    path: binding.path.length === 0 ? '[]' : JSON.stringify(binding.path),
    transport: source.transport,
    remote_address: source.remote.address,
    remote_port: source.remote.port,
    local_address: source.local.address,
    local_port: source.local.port,
    registered_at: binding.registeredAt,
    expires_at: binding.expiresAt,
  };
}

/** A stored entry, without a flow; undefined when its user is gone or it cannot be read: the device registers again. */
export function entryOf(
  row: BindingRow,
  userById: (id: UserId) => User | undefined,
): Entry | undefined {
  const user = userById(userId(row.user_id));
  const contact = parseNameAddr(row.contact);
  if (user === undefined || contact === undefined) return undefined;
  return {
    contactText: row.contact,
    said: undefined,
    callId: row.call_id,
    cseq: row.cseq,
    source: {
      transport: row.transport,
      remote: { address: row.remote_address, port: row.remote_port },
      local: { address: row.local_address, port: row.local_port },
    },
    binding: {
      id: row.id,
      userId: user.id,
      tenantId: user.tenantId,
      contact,
      ...(row.instance_id === null ? {} : { instanceId: row.instance_id }),
      ...(row.reg_id === null ? {} : { regId: row.reg_id }),
      deviceId: row.device_id,
      ...(row.user_agent === null ? {} : { userAgent: row.user_agent }),
      registeredAt: epochMs(row.registered_at),
      expiresAt: epochMs(row.expires_at),
      path: pathSchema.parse(JSON.parse(row.path)),
    },
  };
}
