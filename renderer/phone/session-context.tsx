import {
  createContext,
  useCallback,
  useContext,
  useRef,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { useStore, type StoreApi } from 'zustand';
import type { AccountMark } from '../../shared/phone/account-mark.ts';
import type { CallList } from '../../shared/phone/call.ts';
import type { ParkView } from '../../shared/phone/merged-parks.ts';
import type { Phone } from './model/phone.ts';
import type { PhoneState } from './model/phone-state.ts';
import type { Session } from './model/session.ts';
import type { Settings } from './model/settings.ts';
import type { Switchboard } from './model/switchboard.ts';

const SwitchboardContext = createContext<Switchboard | null>(null);
const SessionContext = createContext<Session | null>(null);

export function SwitchboardProvider({
  switchboard,
  children,
}: {
  readonly switchboard: Switchboard;
  readonly children: ReactNode;
}) {
  return <SwitchboardContext value={switchboard}>{children}</SwitchboardContext>;
}

/** What is within is this account's: its calls, codes, names and words. */
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
export function useSwitchboard(): Switchboard {
  const switchboard = useContext(SwitchboardContext);
  if (switchboard === null) throw new Error('No switchboard here');
  return switchboard;
}

/** Every account that is signed in, the one that dials first. */
export function useSessions(): readonly Session[] {
  return useStore(useSwitchboard().state, ({ sessions }) => sessions);
}

/**
 * Something of each account, in the order of `useSessions`; the same array while nothing of it changes.
 * @param storeOf where it is kept: the same function from draw to draw
 */
export function useEach<State, T>(
  storeOf: (session: Session) => StoreApi<State>,
  select: (state: State) => T,
): readonly T[] {
  const sessions = useSessions();
  const last = useRef<readonly T[]>([]);
  const subscribe = useCallback(
    (run: () => void) => {
      const stops = sessions.map((session) => storeOf(session).subscribe(run));
      return () => stops.forEach((stop) => stop());
    },
    [sessions, storeOf],
  );
  return useSyncExternalStore(subscribe, () => {
    const now = sessions.map((session) => select(storeOf(session).getState()));
    const before = last.current;
    const same = now.length === before.length && now.every((each, at) => each === before[at]);
    if (!same) last.current = now;
    return last.current;
  });
}

const phoneOf = ({ phone }: Session) => phone.state;

/** Something of each account's phone, as {@link useEach} gives it. */
export function useEachPhone<T>(select: (state: PhoneState) => T): readonly T[] {
  return useEach(phoneOf, select);
}

/** What tells an account apart from the others; `null` while it is the only one. */
export function useMark(account: string): AccountMark | null {
  return useStore(useSwitchboard().state, ({ marks }) => marks.get(account) ?? null);
}

/** The calls of all accounts. */
export function useCalls(): CallList {
  return useStore(useSwitchboard().floor.state, ({ calls }) => calls);
}

/** Something of the one list of parked calls. */
export function useParks<T>(select: (view: ParkView) => T): T {
  return useStore(useSwitchboard().parks, select);
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
