import type { TenantSettings } from '../../../shared/config/tenant-settings.ts';
import { isExtension } from '../../../shared/domain/ids.ts';
import type { Extension, RingGroupId } from '../../../shared/domain/ids.ts';
import { defaultRecallSettings } from '../../../shared/domain/recall-policy.ts';
import type { RecallSettings } from '../../../shared/domain/recall-policy.ts';
import type { SaveTarget } from '../../../shared/server/provisioning/group-provisioning.ts';
import type { TestServer } from './test-server.ts';

const BY = { by: 'the test' };

/** An admin's hand in the office: groups and settings of the server, while it runs. */
export class OfficeGroups {
  readonly #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
  }

  /** Adds a Call Park group, or gives the one of that name these recall rules; members in their assigned order. */
  savePark(name: string, members: readonly string[], recall: Partial<RecallSettings> = {}): void {
    const { directory, groups } = this.#server.running;
    const tenant = this.#server.tenant;
    const old = directory.parkGroups(tenant.id).find((group) => group.name === name);
    const draft = {
      name,
      members: members.map(extensionOf),
      recall: { ...defaultRecallSettings, ...recall },
    };
    const saved = groups.saveParkGroup(tenant, draft, { target: targetOf(old), ...BY });
    if (!saved.ok) throw new Error(saved.error.kind);
  }

  /** A ring group of that name; all its members ring for 20 s. */
  addRing(name: string, members: readonly string[]): RingGroupId {
    const saved = this.#server.running.groups.saveRingGroup(
      this.#server.tenant,
      {
        name,
        members: members.map(extensionOf),
        strategy: 'ring-all',
        ringMs: 20_000,
        noAnswer: { kind: 'hang-up' },
      },
      { target: { kind: 'new' }, ...BY },
    );
    if (!saved.ok) throw new Error(saved.error.kind);
    return saved.value.id;
  }

  /** Changes some of the tenant's settings; calls in progress go on. */
  changeSettings(changes: Partial<TenantSettings>): void {
    const { groups } = this.#server.running;
    const { tenant } = this.#server;
    const settings = { ...tenant.settings, ...changes };
    const tried = groups.saveSettings(tenant, settings, { version: 0, ...BY });
    if (tried.ok) return;
    if (tried.error.kind !== 'changed-meanwhile') throw new Error(tried.error.kind);
    const { version } = tried.error.saved;
    const saved = groups.saveSettings(tenant, settings, { version, ...BY });
    if (!saved.ok) throw new Error(saved.error.kind);
  }
}

function extensionOf(text: string): Extension {
  if (!isExtension(text)) throw new Error(`not an extension: ${text}`);
  return text;
}

const targetOf = <Id>(
  old: { readonly id: Id; readonly version: number } | undefined,
): SaveTarget<Id> =>
  old === undefined ? { kind: 'new' } : { kind: 'existing', id: old.id, version: old.version };
