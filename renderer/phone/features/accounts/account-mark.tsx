import type { AccountMark } from '../../../../shared/phone/account-mark.ts';
import { useMark } from '../../session-context.tsx';

/** Whose it is, in words and a colour; nothing while only one account is signed in. */
export function AccountMarkLabel({ account }: { readonly account: string }) {
  return <MarkLabel mark={useMark(account)} />;
}

/** The same for those that know the mark already. */
export function MarkLabel({ mark }: { readonly mark: AccountMark | null }) {
  if (mark === null) return null;
  return (
    <span className="account-mark" data-colour={mark.colour}>
      <span className="account-dot" aria-hidden />
      <bdi>{mark.text}</bdi>
    </span>
  );
}
