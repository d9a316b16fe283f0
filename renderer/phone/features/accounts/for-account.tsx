import { useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { Choice } from '../../../controls/choice.tsx';
import {
  SessionProvider,
  useSession,
  useSessions,
  useSwitchboard,
} from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import type { Session } from '../../model/session.ts';
import { useAppActions } from '../../app-actions.tsx';

/** What each account has for itself: the one that dials, or another one that is chosen here. */
export function ForAccount({ children }: { readonly children: ReactNode }) {
  const say = useSay();
  const first = useSession();
  const sessions = useSessions();
  const [chosen, setChosen] = useState<string | null>(null);
  const session = sessions.find(({ account }) => account.key === chosen) ?? first;
  return (
    <>
      <AccountChoice label={say('accounts.which')} session={session} onChange={setChosen} />
      <SessionProvider key={session.account.key} session={session}>
        {children}
      </SessionProvider>
    </>
  );
}

/** From which account the next call goes out; kept. */
export function CallFrom() {
  const say = useSay();
  const session = useSession();
  const { accounts } = useAppActions();
  if (accounts === null) return null;
  return (
    <AccountChoice
      label={say('accounts.callFrom')}
      session={session}
      onChange={(key) => accounts.dialFrom(key)}
    />
  );
}

function AccountChoice({
  label,
  session,
  onChange,
}: {
  readonly label: string;
  readonly session: Session;
  onChange(account: string): void;
}) {
  const sessions = useSessions();
  const marks = useStore(useSwitchboard().state, (state) => state.marks);
  if (sessions.length < 2) return null;
  return (
    <Choice
      label={label}
      value={session.account.key}
      options={sessions.map(({ account: { key, extension } }) => ({
        value: key,
        label: marks.get(key)?.text ?? extension,
      }))}
      onChange={onChange}
    />
  );
}
