import { useMark } from '../../session-context.tsx';

/** Whose it is, in words and a colour; nothing while only one account is signed in. */
export function AccountMarkLabel({ account }: { readonly account: string }) {
  const mark = useMark(account);
  if (mark === null) return null;
  return (
    <span className="account-mark" data-colour={mark.colour}>
      <span className="account-dot" aria-hidden />
      <bdi>{mark.text}</bdi>
    </span>
  );
}
