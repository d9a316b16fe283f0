import { isExtension } from '../../../shared/domain/ids.ts';
import { defaultRecallSettings } from '../../../shared/domain/recall-policy.ts';
import { Foundation } from '../../../shared/server/foundation.ts';
import { FIRST_TENANT } from '../../../shared/server/provisioning/provisioning.ts';
import { SystemClock } from '../../../shared/server/system-clock.ts';

export const LARGE_OFFICE = { users: 10_000, groups: 1000 } as const;

/** Fills a data directory with ten thousand users, all of them in a thousand Call Park groups. */
export function fillLargeOffice(dataDir: string): void {
  const clock = new SystemClock();
  const opened = Foundation.open({ dataDir, clock, role: 'tool' });
  if (!opened.ok) throw new Error(opened.error.kind);
  const { provisioning, directory, store } = opened.value;
  const tenant = provisioning.ensureFirstTenant({ name: FIRST_TENANT });
  if (!tenant.ok) throw new Error(tenant.error.kind);
  const users = Array.from({ length: LARGE_OFFICE.users }, (_, number) => ({
    extension: `${10_000 + number}`,
    password: 'secret',
    displayName: `Person number ${number}`,
  }));
  const imported = provisioning.importUsers(
    tenant.value,
    users.flatMap(({ extension, ...user }) =>
      isExtension(extension) ? [{ ...user, extension }] : [],
    ),
  );
  if (!imported.ok) throw new Error(imported.error.kind);
  const ids = directory.users(tenant.value.id).map(({ id }) => id);
  const each = LARGE_OFFICE.users / LARGE_OFFICE.groups;
  for (let group = 0; group < LARGE_OFFICE.groups; group += 1) {
    store.tenants.groups.saveParkGroup(
      { name: `Group ${group}`, recall: defaultRecallSettings },
      {
        tenantId: tenant.value.id,
        mark: { by: '', at: clock.now() },
        members: ids.slice(group * each, (group + 1) * each),
      },
    );
  }
  opened.value.dispose();
}
