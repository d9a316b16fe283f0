import type { Account } from '../../model/account.ts';
import { useSay } from '../../text.tsx';
import { KnownAccounts } from './known-accounts.tsx';
import { SignInFields, type SignInFieldsProps } from './sign-in-fields.tsx';

interface SignInScreenProps extends SignInFieldsProps {
  readonly accounts: readonly Account[];
  onAccount(key: string): void;
}

/** The page while nobody is signed in. */
export function SignInScreen({ accounts, onAccount, ...fields }: SignInScreenProps) {
  const say = useSay();
  return (
    <main className="sign-in">
      <div className="sign-in-head">
        <span className="logo" aria-hidden />
        <h1>{say('signIn.title')}</h1>
        <p>{say('signIn.welcome')}</p>
      </div>
      <SignInFields {...fields} />
      <KnownAccounts accounts={accounts} busy={fields.busy !== null} onPick={onAccount} />
    </main>
  );
}
