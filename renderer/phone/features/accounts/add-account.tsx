import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { ActionButton } from '../../../controls/action-button.tsx';
import type { AccountActions } from '../../app-actions.tsx';
import type { SignInPage } from '../../model/sign-in-desk.ts';
import { useSay } from '../../text.tsx';
import { SignInFields } from '../sign-in/sign-in-fields.tsx';

interface AddAccountProps {
  readonly accounts: AccountActions;
  readonly page: SignInPage;
}

/** Signs one more account in, while the others go on: who calls meanwhile can be answered. */
export function AddAccount({ accounts, page }: AddAccountProps) {
  const say = useSay();
  const secretStore = useStore(accounts.state, (state) => state.secretStore);
  const form = useRef<HTMLElement>(null);
  useEffect(() => {
    form.current?.scrollIntoView({ block: 'start' });
  }, []);
  return (
    <section ref={form} className="account-add" aria-labelledby="accounts-add">
      <h4 id="accounts-add" className="page-subtitle">
        {say('accounts.add')}
      </h4>
      <SignInFields
        {...page}
        secretStore={secretStore}
        onSignIn={(form) => void accounts.signIn(form)}
        onCheck={(form) => void accounts.check(form)}
        onTrust={(request) => accounts.trust(request)}
      />
      <ActionButton tone="quiet" onPress={() => accounts.stopAdding()}>
        {say('common.cancel')}
      </ActionButton>
    </section>
  );
}
