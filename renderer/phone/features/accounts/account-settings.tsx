import { useState } from 'react';
import { Switch } from 'react-aria-components';
import { useStore } from 'zustand';
import { accountMarks, type AccountMark } from '../../../../shared/phone/account-mark.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { useFound } from '../../../controls/found.tsx';
import { useAppActions, type AccountActions } from '../../app-actions.tsx';
import type { Account } from '../../model/account.ts';
import type { LeaveOutcome } from '../../model/app.ts';
import { SessionProvider, usePhoneState, useSession, useSessions } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { lineWords } from '../shell/line-words.ts';
import { AccountSheet } from './account-sheet.tsx';
import { AddAccount } from './add-account.tsx';

/** Every account of this machine: which are in use, which one dials, what they are called; one more is signed in here. */
export function AccountSettings() {
  const say = useSay();
  const { account } = useSession();
  const { accounts, signOut } = useAppActions();
  return (
    <section className="group" aria-labelledby="settings-account">
      <h3 id="settings-account">{say('settings.account')}</h3>
      {accounts === null ? (
        <ActionButton tone="danger" onPress={() => signOut(account.key)}>
          {say('settings.signOut')}
        </ActionButton>
      ) : (
        <ManagedAccounts accounts={accounts} />
      )}
    </section>
  );
}

function ManagedAccounts({ accounts }: { readonly accounts: AccountActions }) {
  const say = useSay();
  const all = useStore(accounts.state, (state) => state.accounts);
  const adding = useStore(accounts.state, (state) => state.adding);
  const [editing, setEditing] = useState<string | null>(null);
  const [inACall, setInACall] = useState(false);
  const tell = (outcome: LeaveOutcome) => setInACall(outcome === 'in-a-call');
  const edited = all.find(({ key }) => key === editing);
  const marks = accountMarks(all);
  if (!useFound(say('accounts.list'), say('accounts.add'), ...all.map(({ key }) => key)))
    return null;
  return (
    <>
      <ul className="account-list" aria-label={say('accounts.list')}>
        {all.map((account) => (
          <AccountRow
            key={account.key}
            account={account}
            mark={marks.get(account.key)}
            accounts={accounts}
            onLeft={tell}
            onEdit={() => setEditing(account.key)}
          />
        ))}
      </ul>
      {inACall ? (
        <p className="form-problem" role="alert">
          {say('accounts.inACall')}
        </p>
      ) : null}
      {adding === null ? (
        <ActionButton onPress={() => accounts.addAccount()}>{say('accounts.add')}</ActionButton>
      ) : (
        <AddAccount accounts={accounts} page={adding} />
      )}
      {edited === undefined ? null : (
        <AccountSheet
          key={edited.key}
          account={edited}
          accounts={accounts}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}

interface AccountRowProps {
  readonly account: Account;
  readonly mark: AccountMark | undefined;
  readonly accounts: AccountActions;
  onLeft(outcome: LeaveOutcome): void;
  onEdit(): void;
}

function AccountRow({ account, mark, accounts, onLeft, onEdit }: AccountRowProps) {
  const say = useSay();
  const sessions = useSessions();
  const session = sessions.find((each) => each.account.key === account.key) ?? null;
  const who = mark?.text ?? account.key;
  const dials = sessions[0] === session;
  const switchTo = async (inUse: boolean) => {
    if (inUse) await accounts.enable(account.key);
    else onLeft(await accounts.disable(account.key));
  };
  return (
    <li className="account-row" data-account={account.key}>
      <div className="account-head">
        <span className="account-dot" data-colour={mark?.colour} aria-hidden />
        <div className="account-words">
          <bdi className="account-name">{who}</bdi>
          <p className="field-hint">
            {session === null ? (
              <AccountState account={account} state={absentWords(account, say)} />
            ) : (
              <SessionProvider session={session}>
                <LiveState account={account} dials={dials && sessions.length > 1} />
              </SessionProvider>
            )}
          </p>
        </div>
        <Switch
          className="on-off"
          isSelected={session !== null}
          onChange={(inUse) => void switchTo(inUse)}
          aria-label={say('accounts.inUseWho', { who })}
        >
          <span className="on-off-track" aria-hidden>
            <span className="on-off-thumb" />
          </span>
        </Switch>
      </div>
      <RowActions
        who={who}
        account={account}
        accounts={accounts}
        standing={session === null ? 'away' : dials ? 'dials' : 'beside'}
        onLeft={onLeft}
        onEdit={onEdit}
      />
    </li>
  );
}

type Say = ReturnType<typeof useSay>;

const absentWords = ({ used }: Account, say: Say): string =>
  say(used === true ? 'accounts.passwordNeeded' : 'accounts.notInUse');

function AccountState({ account, state }: { readonly account: Account; readonly state: string }) {
  const say = useSay();
  const { extension, serverName, domain } = account;
  const where = serverName === '' ? domain : serverName;
  return <bdi>{say('accounts.state', { extension, where, state })}</bdi>;
}

function LiveState({ account, dials }: { readonly account: Account; readonly dials: boolean }) {
  const say = useSay();
  const line = lineWords(
    usePhoneState((state) => state.line),
    say,
  );
  return (
    <AccountState account={account} state={dials ? `${line} · ${say('accounts.dials')}` : line} />
  );
}

interface RowActionsProps extends Omit<AccountRowProps, 'mark'> {
  readonly who: string;
  /** Signed in and the one that dials, signed in beside it, or neither. */
  readonly standing: 'dials' | 'beside' | 'away';
}

/** Removing takes a second press: settings, history and contacts of the account go with it. */
function RowActions({ who, account, accounts, standing, onLeft, onEdit }: RowActionsProps) {
  const say = useSay();
  const { signOut } = useAppActions();
  const [sure, setSure] = useState(false);
  const remove = async () => onLeft(await accounts.removeAccount(account.key));
  return (
    <div className="account-actions">
      {standing === 'beside' ? (
        <ActionButton
          tone="quiet"
          aria-label={say('accounts.dialFromWho', { who })}
          onPress={() => accounts.dialFrom(account.key)}
        >
          {say('accounts.dialFrom')}
        </ActionButton>
      ) : null}
      <ActionButton tone="quiet" aria-label={say('accounts.editWho', { who })} onPress={onEdit}>
        {say('accounts.edit')}
      </ActionButton>
      {standing === 'away' ? (
        <ActionButton
          tone={sure ? 'danger' : 'quiet'}
          aria-label={say(sure ? 'accounts.reallyRemoveWho' : 'accounts.removeWho', { who })}
          onPress={() => (sure ? void remove() : setSure(true))}
        >
          {say(sure ? 'accounts.reallyRemove' : 'accounts.remove')}
        </ActionButton>
      ) : (
        <ActionButton
          tone="danger"
          aria-label={say('accounts.signOutWho', { who })}
          onPress={() => signOut(account.key)}
        >
          {say('settings.signOut')}
        </ActionButton>
      )}
    </div>
  );
}
