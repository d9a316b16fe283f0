import type { ServerPage, TenantPage } from '../../model/route.ts';
import { JournalPage } from '../journal/journal-page.tsx';
import { DevicesPage } from '../live/devices-page.tsx';
import { LivePage } from '../live/live-page.tsx';
import { ParkGroupPage } from '../park-groups/park-group-page.tsx';
import { ParkGroupsPage } from '../park-groups/park-groups-page.tsx';
import { RingGroupPage } from '../ring-groups/ring-group-page.tsx';
import { RingGroupsPage } from '../ring-groups/ring-groups-page.tsx';
import { AccountPage } from '../server/account-page.tsx';
import { AdminsPage } from '../server/admins-page.tsx';
import { AuditPage } from '../server/audit-page.tsx';
import { GetAppPage } from '../server/get-app-page.tsx';
import { TenantsPage } from '../server/tenants-page.tsx';
import { FeatureCodesPage } from '../settings/feature-codes-page.tsx';
import { MusicPage } from '../settings/music-page.tsx';
import { ParkSettingsPage } from '../settings/park-settings-page.tsx';
import { ImportPage } from '../users/import-page.tsx';
import { NewUserPage } from '../users/new-user-page.tsx';
import { UserPage } from '../users/user-page.tsx';
import { UsersPage } from '../users/users-page.tsx';

interface TenantPageProps {
  readonly page: TenantPage;
  readonly item: string | null;
}

/** The page about a tenant that the address names. */
export function TenantPageView({ page, item }: TenantPageProps) {
  switch (page) {
    case 'live':
      return <LivePage />;
    case 'park-groups':
      return item === null ? <ParkGroupsPage /> : <ParkGroupPage id={idOf(item)} />;
    case 'park-settings':
      return <ParkSettingsPage />;
    case 'feature-codes':
      return <FeatureCodesPage />;
    case 'music':
      return <MusicPage />;
    case 'ring-groups':
      return item === null ? <RingGroupsPage /> : <RingGroupPage id={idOf(item)} />;
    case 'users':
      if (item === 'new') return <NewUserPage />;
      if (item === 'import') return <ImportPage />;
      return item === null ? <UsersPage /> : <UserPage extension={item} />;
    case 'devices':
      return <DevicesPage />;
    case 'journal':
      return <JournalPage />;
  }
}

/** `null`: a new one. */
const idOf = (item: string): string | null => (item === 'new' ? null : item);

/** The page about the server that the address names. */
export function ServerPageView({ page }: { readonly page: ServerPage }) {
  switch (page) {
    case 'admins':
      return <AdminsPage />;
    case 'tenants':
      return <TenantsPage />;
    case 'audit':
      return <AuditPage />;
    case 'get-app':
      return <GetAppPage />;
    case 'account':
      return <AccountPage />;
  }
}
