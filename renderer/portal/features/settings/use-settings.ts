import { settingsViewSchema, type SettingsView } from '../../../../shared/config/admin/tenants.ts';
import type { Answer } from '../../model/api.ts';
import { usePortal, useResource, useTenantPath, type Resource } from '../../portal-context.tsx';

/** The tenant's settings, and how the whole of them is saved. */
export interface SettingsStore {
  readonly resource: Resource<SettingsView>;
  read(): Promise<Answer<SettingsView>>;
  save(settings: unknown, version: number): Promise<Answer<SettingsView>>;
}

export function useSettingsStore(): SettingsStore {
  const { api } = usePortal();
  const path = `${useTenantPath()}/settings`;
  const read = () => api.get(path, settingsViewSchema);
  return {
    resource: useResource({ key: path, load: read }),
    read,
    save: (settings, version) =>
      api.change('PUT', path, { schema: settingsViewSchema, json: { settings, version } }),
  };
}
