import type { DeviceView } from '../../config/admin/users.ts';
import type { UserDirectory } from '../ports/directory.ts';
import type { Binding } from '../ports/registrar.ts';

/** Devices that are signed in, as an admin sees them. */
export function deviceLines(
  bindings: readonly Binding[],
  directory: Pick<UserDirectory, 'userById'>,
): DeviceView[] {
  return bindings.flatMap((binding) => {
    const user = directory.userById(binding.userId);
    const { flow } = binding;
    if (user === undefined) return [];
    return {
      id: binding.id,
      extension: user.extension,
      displayName: user.displayName,
      reachable: flow !== undefined && !flow.closed,
      transport: flow?.transport ?? null,
      address: flow === undefined ? null : `${flow.remote.address}:${flow.remote.port}`,
      userAgent: binding.userAgent ?? null,
      registeredAt: binding.registeredAt,
      expiresAt: binding.expiresAt,
    };
  });
}
