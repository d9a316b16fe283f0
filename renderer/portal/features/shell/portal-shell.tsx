import { Menu } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../../../controls/icon-button.tsx';
import { Page } from '../../controls/page.tsx';
import type { Route } from '../../model/route.ts';
import { TenantProvider, useAdmin, usePortal, useRoute } from '../../portal-context.tsx';
import { useSay } from '../../words.tsx';
import { Navigation } from './navigation.tsx';
import { ServerPageView, TenantPageView } from './pages.tsx';

/** Navigation beside the page; where the window is narrow it is behind a button. */
export function PortalShell() {
  const say = useSay();
  const route = useRoute();
  const tenantId = useCurrentTenant(route);
  const [isOpen, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    setOpen(false);
    main.current?.scrollTo(0, 0);
  }, [route]);
  return (
    <TenantProvider tenantId={tenantId}>
      <div className="portal" data-menu={isOpen ? 'open' : 'closed'}>
        <a
          className="skip"
          href="#main"
          onClick={(event) => {
            event.preventDefault();
            main.current?.querySelector<HTMLElement>('h1')?.focus();
          }}
        >
          {say('shell.skip')}
        </a>
        <header className="portal-bar">
          <IconButton
            icon={Menu}
            label={say('shell.menu')}
            aria-expanded={isOpen}
            aria-controls="navigation"
            onPress={() => setOpen(!isOpen)}
          />
          <span className="portal-name">Parkline</span>
        </header>
        <Navigation route={route} tenantId={tenantId} />
        <main ref={main} id="main" className="portal-main">
          <CurrentPage route={route} tenantId={tenantId} />
        </main>
      </div>
    </TenantProvider>
  );
}

function CurrentPage({ route, tenantId }: { readonly route: Route; readonly tenantId: string }) {
  const say = useSay();
  if (route.kind === 'server') return <ServerPageView page={route.page} />;
  if (tenantId === '') {
    return (
      <Page title={say('shell.noTenant')}>
        <p>{say('shell.noTenantWords')}</p>
      </Page>
    );
  }
  const page = route.kind === 'tenant' ? route.page : 'live';
  const item = route.kind === 'tenant' ? route.item : null;
  return <TenantPageView key={`${tenantId} ${page} ${item}`} page={page} item={item} />;
}

/** The tenant of the address, else the one that was looked at last, else the first; and the live events of that one. */
function useCurrentTenant(route: Route): string {
  const { live } = usePortal();
  const { tenants } = useAdmin();
  const last = useRef('');
  const wanted = route.kind === 'tenant' ? route.tenantId : last.current;
  const known = tenants.find(({ id }) => id === wanted) ?? tenants[0];
  const tenantId = known?.id ?? '';
  last.current = tenantId;
  useEffect(() => live.follow(tenantId === '' ? null : tenantId), [live, tenantId]);
  return tenantId;
}
