import type { ReactNode } from 'react';
import type { Call } from '../../../../shared/phone/call.ts';
import { SessionProvider, useSessions } from '../../session-context.tsx';

/** Everything that can be done with a call is done by the account it is of. */
export function OfItsAccount({
  call,
  children,
}: {
  readonly call: Call;
  readonly children: ReactNode;
}) {
  const session = useSessions().find(({ account }) => account.key === call.account);
  if (session === undefined) return null;
  return <SessionProvider session={session}>{children}</SessionProvider>;
}
