import { ActionButton } from '../../../controls/action-button.tsx';
import type { Account } from '../../model/account.ts';
import { useSay } from '../../text.tsx';

interface KnownAccountsProps {
  readonly accounts: readonly Account[];
  /** One is being signed in already. */
  readonly busy: boolean;
  onPick(key: string): void;
}

/** Who has signed in on this machine before: one press, and the password if it was kept. */
export function KnownAccounts({ accounts, busy, onPick }: KnownAccountsProps) {
  const say = useSay();
  if (accounts.length === 0) return null;
  return (
    <section className="known-accounts" aria-labelledby="known-accounts">
      <h2 id="known-accounts" className="field-label">
        {say('accounts.known')}
      </h2>
      <ul>
        {accounts.map((account) => (
          <li key={account.key}>
            <ActionButton isDisabled={busy} onPress={() => onPick(account.key)}>
              <bdi>{accountWords(account)}</bdi>
            </ActionButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `101 · Example Ltd`, or the domain where the server has no name for people. */
export function accountWords({ extension, serverName, domain }: Account): string {
  return `${extension} · ${serverName === '' ? domain : serverName}`;
}
