import { createContext, useContext, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Phone } from './model/phone.ts';
import type { PhoneState } from './model/phone-state.ts';
import type { Session } from './model/session.ts';
import type { Settings } from './model/settings.ts';

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({
  session,
  children,
}: {
  readonly session: Session;
  readonly children: ReactNode;
}) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** @throws Error outside a signed-in screen: a bug */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('No session here');
  return session;
}

export function usePhone(): Phone {
  return useSession().phone;
}

export function usePhoneState<T>(select: (state: PhoneState) => T): T {
  return useStore(usePhone().state, select);
}

export function useSettings(): Settings {
  return useStore(useSession().settings.state);
}
