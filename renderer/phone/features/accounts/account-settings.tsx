import { useState } from 'react';
import { useStore } from 'zustand';
import { ActionButton } from '../../../controls/action-button.tsx';
import { useAppActions, type AccountActions } from '../../app-actions.tsx';
import type { Account } from '../../model/account.ts';
import type { SwitchOutcome } from '../../model/app.ts';
import { useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { accountWords } from '../sign-in/known-accounts.tsx';

/** The account in use; and every other one of this machine: going to it, adding and removing. */
export function AccountSettings() {
  const say = useSay();
  const { account } = useSession();
  const { accounts, signOut } = useAppActions();
  return (
    <section className="group" aria-labelledby="settings-account">
      <h3 id="settings-account">{say('settings.account')}</h3>
      <p className="field-hint">
        <bdi>
          {say('settings.signedInAs', {
            extension: account.extension,
            server: account.serverName === '' ? account.domain : account.serverName,
          })}
        </bdi>
      </p>
      {accounts === null ? null : <OtherAccounts accounts={accounts} />}
      <ActionButton tone="danger" onPress={signOut}>
        {say('settings.signOut')}
      </ActionButton>
    </section>
  );
}

function OtherAccounts({ accounts }: { readonly accounts: AccountActions }) {
  const say = useSay();
  const { account } = useSession();
  const all = useStore(accounts.state, (state) => state.accounts);
  const [inACall, setInACall] = useState(false);
  const go = (outcome: SwitchOutcome) => setInACall(outcome === 'in-a-call');
  const others = all.filter(({ key }) => key !== account.key);
  return (
    <>
      {others.length === 0 ? null : (
        <ul className="account-list" aria-label={say('accounts.others')}>
          {others.map((each) => (
            <OtherAccount
              key={each.key}
              account={each}
              onUse={() => go(accounts.switchTo(each.key))}
              onRemove={() => void accounts.removeAccount(each.key)}
            />
          ))}
        </ul>
      )}
      {inACall ? (
        <p className="form-problem" role="alert">
          {say('accounts.inACall')}
        </p>
      ) : null}
      <ActionButton onPress={() => go(accounts.addAccount())}>{say('accounts.add')}</ActionButton>
    </>
  );
}

/** Removing takes a second press: settings, history and contacts of the account go with it. */
function OtherAccount({
  account,
  onUse,
  onRemove,
}: {
  readonly account: Account;
  onUse(): void;
  onRemove(): void;
}) {
  const say = useSay();
  const [sure, setSure] = useState(false);
  const who = accountWords(account);
  return (
    <li className="account-row">
      <bdi className="account-name">{who}</bdi>
      <ActionButton aria-label={say('accounts.useWho', { who })} onPress={onUse}>
        {say('accounts.use')}
      </ActionButton>
      <ActionButton
        tone={sure ? 'danger' : 'quiet'}
        aria-label={say(sure ? 'accounts.reallyRemoveWho' : 'accounts.removeWho', { who })}
        onPress={() => (sure ? onRemove() : setSure(true))}
      >
        {say(sure ? 'accounts.reallyRemove' : 'accounts.remove')}
      </ActionButton>
    </li>
  );
}
