import {
  Activity,
  BookOpen,
  Building2,
  Download,
  Hash,
  KeyRound,
  LogOut,
  Music,
  PhoneForwarded,
  ScrollText,
  Settings2,
  ShieldCheck,
  Smartphone,
  SquareParking,
  Users,
  type LucideIcon,
} from 'lucide-react';
import { useStore } from 'zustand';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Choice } from '../../../controls/choice.tsx';
import type { MessageId } from '../../messages.ts';
import { hashOf, type Route, type ServerPage, type TenantPage } from '../../model/route.ts';
import { useAdmin, usePortal } from '../../portal-context.tsx';
import { useSay } from '../../words.tsx';

interface TenantEntry {
  readonly page: TenantPage;
  readonly icon: LucideIcon;
  readonly words: MessageId;
}

interface Section {
  readonly title: MessageId;
  readonly entries: readonly TenantEntry[];
}

const SECTIONS: readonly Section[] = [
  {
    title: 'nav.now',
    entries: [
      { page: 'live', icon: Activity, words: 'nav.live' },
      { page: 'devices', icon: Smartphone, words: 'nav.devices' },
      { page: 'journal', icon: BookOpen, words: 'nav.journal' },
    ],
  },
  {
    title: 'nav.people',
    entries: [
      { page: 'users', icon: Users, words: 'nav.users' },
      { page: 'ring-groups', icon: PhoneForwarded, words: 'nav.ringGroups' },
    ],
  },
  {
    title: 'nav.advanced',
    entries: [
      { page: 'park-groups', icon: SquareParking, words: 'nav.callPark' },
      { page: 'park-settings', icon: Settings2, words: 'nav.parkSettings' },
      { page: 'feature-codes', icon: Hash, words: 'nav.featureCodes' },
      { page: 'music', icon: Music, words: 'nav.music' },
    ],
  },
];

interface ServerEntry {
  readonly page: ServerPage;
  readonly icon: LucideIcon;
  readonly words: MessageId;
  readonly systemOnly: boolean;
}

const SERVER: readonly ServerEntry[] = [
  { page: 'tenants', icon: Building2, words: 'nav.tenants', systemOnly: true },
  { page: 'admins', icon: ShieldCheck, words: 'nav.admins', systemOnly: true },
  { page: 'audit', icon: ScrollText, words: 'nav.audit', systemOnly: false },
  { page: 'get-app', icon: Download, words: 'nav.getApp', systemOnly: false },
  { page: 'account', icon: KeyRound, words: 'nav.account', systemOnly: false },
];

/** Every page, the one that is open marked. */
export function Navigation({
  route,
  tenantId,
}: {
  readonly route: Route;
  readonly tenantId: string;
}) {
  const say = useSay();
  const { name, role } = useAdmin();
  const portal = usePortal();
  const open = route.kind === 'home' ? 'live' : route.page;
  return (
    <nav className="nav" id="navigation" aria-label={say('nav.label')}>
      <div className="nav-head">
        <span className="logo logo-small" aria-hidden />
        <span className="portal-name">Parkline</span>
      </div>
      <TenantSwitch route={route} tenantId={tenantId} />
      {tenantId === '' ? null : <TenantSections open={open} tenantId={tenantId} />}
      <div className="nav-section">
        <h2 className="nav-title">{say('nav.server')}</h2>
        <ul>
          {SERVER.filter(({ systemOnly }) => !systemOnly || role === 'system').map((entry) => (
            <li key={entry.page}>
              <NavLink
                to={{ kind: 'server', page: entry.page, item: null }}
                icon={entry.icon}
                isOpen={open === entry.page}
                words={say(entry.words)}
              />
            </li>
          ))}
        </ul>
      </div>
      <div className="nav-foot">
        <span className="nav-who">{say('nav.signedInAs', { name })}</span>
        <ActionButton icon={LogOut} onPress={() => portal.router.ask(() => void portal.signOut())}>
          {say('nav.signOut')}
        </ActionButton>
      </div>
    </nav>
  );
}

function TenantSections({ open, tenantId }: { readonly open: string; readonly tenantId: string }) {
  const say = useSay();
  return SECTIONS.map(({ title, entries }) => (
    <div key={title} className="nav-section">
      <h2 className="nav-title">{say(title)}</h2>
      <ul>
        {entries.map(({ page, icon, words }) => (
          <li key={page}>
            <NavLink
              to={{ kind: 'tenant', tenantId, page, item: null }}
              icon={icon}
              isOpen={open === page}
              words={say(words)}
              count={page === 'live'}
            />
          </li>
        ))}
      </ul>
    </div>
  ));
}

interface NavLinkProps {
  readonly to: Route;
  readonly icon: LucideIcon;
  readonly isOpen: boolean;
  readonly words: string;
  /** With the number of calls that are parked now. */
  readonly count?: boolean;
}

function NavLink({ to, icon: Icon, isOpen, words, count = false }: NavLinkProps) {
  return (
    <a className="nav-link" href={hashOf(to)} aria-current={isOpen ? 'page' : undefined}>
      <Icon aria-hidden className="icon" />
      <span className="nav-words">{words}</span>
      {count ? <ParkedCount /> : null}
    </a>
  );
}

function ParkedCount() {
  const say = useSay();
  const { kind, calls } = useStore(usePortal().live.state);
  if (kind !== 'live' || calls.length === 0) return null;
  return (
    <span className="count">
      <span aria-hidden>{calls.length}</span>
      <span className="visually-hidden">{say('nav.parkedCount', { count: calls.length })}</span>
    </span>
  );
}

/** Only who administers several has a choice. */
function TenantSwitch({ route, tenantId }: { readonly route: Route; readonly tenantId: string }) {
  const say = useSay();
  const { tenants } = useAdmin();
  const { router } = usePortal();
  if (tenants.length < 2) {
    return tenants[0] === undefined ? null : <p className="nav-tenant">{tenants[0].name}</p>;
  }
  const page = route.kind === 'tenant' ? route.page : 'live';
  return (
    <Choice
      label={say('nav.tenant')}
      value={tenantId}
      options={tenants.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(id) => router.go({ kind: 'tenant', tenantId: id, page, item: null })}
    />
  );
}
