import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { AdminSession } from '../../shared/config/admin/sessions.ts';
import type { Answer, Failure } from './model/api.ts';
import type { Changed } from './model/live.ts';
import type { Portal } from './model/portal.ts';
import type { Route } from './model/route.ts';

const PortalContext = createContext<Portal | null>(null);

export function PortalProvider({
  portal,
  children,
}: {
  readonly portal: Portal;
  readonly children: ReactNode;
}) {
  return <PortalContext value={portal}>{children}</PortalContext>;
}

/** @throws Error outside the portal: a bug */
export function usePortal(): Portal {
  const portal = useContext(PortalContext);
  if (portal === null) throw new Error('No portal here');
  return portal;
}

/** @throws Error where nobody is signed in: a bug */
export function useAdmin(): AdminSession {
  const { stage } = useStore(usePortal().state);
  if (stage.kind !== 'inside') throw new Error('Nobody is signed in here');
  return stage.session;
}

export function useRoute(): Route {
  return useStore(usePortal().router.state, ({ route }) => route);
}

const TenantContext = createContext('');

export function TenantProvider({
  tenantId,
  children,
}: {
  readonly tenantId: string;
  readonly children: ReactNode;
}) {
  return <TenantContext value={tenantId}>{children}</TenantContext>;
}

/** The tenant that the page is about. */
export function useTenantId(): string {
  return useContext(TenantContext);
}

/** Path of the tenant's part of the API. */
export function useTenantPath(): string {
  return `/tenants/${encodeURIComponent(useTenantId())}`;
}

/** Something read from the server. What was read stays in view while it is read again. */
export interface Resource<T> {
  readonly value: T | null;
  readonly failure: Failure | null;
  readonly loading: boolean;
  reload(): void;
}

interface ResourceOptions<T> {
  /** Tells what is read: when it changes, what was read is of no use any more. */
  readonly key: string;
  readonly load: () => Promise<Answer<T>>;
  /** Read again when one of these changes on the server. */
  readonly on?: readonly Changed[];
}

interface Held<T> {
  readonly key: string;
  readonly value: T | null;
  readonly failure: Failure | null;
  readonly loading: boolean;
}

export function useResource<T>({ key, load, on = [] }: ResourceOptions<T>): Resource<T> {
  const { live, state } = usePortal();
  // Signing in again makes what failed worth another try.
  const csrf = useStore(state, ({ stage }) => (stage.kind === 'inside' ? stage.session.csrf : ''));
  const [turn, setTurn] = useState(0);
  const [held, setHeld] = useState<Held<T>>({ key, value: null, failure: null, loading: true });
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    let current = true;
    setHeld((before) => ({ ...before, loading: true }));
    void latest.current().then((answer) => {
      if (!current) return;
      setHeld((before) =>
        answer.ok
          ? { key, value: answer.value, failure: null, loading: false }
          : {
              key,
              value: before.key === key ? before.value : null,
              failure: answer.error,
              loading: false,
            },
      );
    });
    return () => {
      current = false;
    };
  }, [key, turn, csrf]);
  const reasons = on.join(' ');
  useEffect(() => {
    if (reasons === '') return;
    const wanted = reasons.split(' ');
    const listening = live.onChanged((what) => {
      if (wanted.includes(what)) setTurn((before) => before + 1);
    });
    return () => listening.dispose();
  }, [live, reasons]);
  const stale = held.key !== key;
  return {
    value: stale ? null : held.value,
    failure: stale ? null : held.failure,
    loading: stale || held.loading,
    reload: () => setTurn((before) => before + 1),
  };
}

/** The time, once a second, for what ticks. */
export function useNow(): number {
  const { clock } = usePortal();
  const [now, setNow] = useState<number>(clock.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(clock.now()), 1000);
    return () => clearInterval(timer);
  }, [clock]);
  return now;
}
