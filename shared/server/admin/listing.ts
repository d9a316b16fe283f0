import type { Member } from '../../config/admin/values.ts';
import type { Extension, TenantId } from '../../domain/ids.ts';
import type { UserDirectory } from '../ports/directory.ts';

/** Members with their names, in the order given. */
export function membersOf(
  directory: UserDirectory,
  tenantId: TenantId,
  extensions: readonly Extension[],
): Member[] {
  return extensions.map((extension) => ({
    extension,
    displayName: directory.user(tenantId, extension)?.displayName ?? '',
  }));
}

/** Whether a person, or a thing that is called by a number, is what somebody looks for. */
export function fits(
  search: string | undefined,
  thing: { readonly name: string; readonly number?: string },
): boolean {
  if (search === undefined || search.trim() === '') return true;
  const wanted = search.trim().toLowerCase();
  return thing.name.toLowerCase().includes(wanted) || thing.number?.includes(wanted) === true;
}

/** The entries of one page, and how many there are. */
export function pageOf<Entry>(
  entries: readonly Entry[],
  { page, limit }: { readonly page: number; readonly limit: number },
): { readonly entries: readonly Entry[]; readonly total: number } {
  return { entries: entries.slice((page - 1) * limit, page * limit), total: entries.length };
}
