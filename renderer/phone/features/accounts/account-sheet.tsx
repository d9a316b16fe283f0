import { useState } from 'react';
import { Form } from 'react-aria-components';
import {
  ACCOUNT_COLOURS,
  LONGEST_LABEL,
  type AccountColour,
} from '../../../../shared/phone/account-mark.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Choice } from '../../../controls/choice.tsx';
import { Sheet } from '../../../controls/sheet.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import type { AccountActions } from '../../app-actions.tsx';
import type { MessageId } from '../../intl.ts';
import type { Account } from '../../model/account.ts';
import { useSay } from '../../text.tsx';
import { accountWords } from '../sign-in/known-accounts.tsx';

const COLOUR_WORDS = {
  1: 'accounts.colour1',
  2: 'accounts.colour2',
  3: 'accounts.colour3',
  4: 'accounts.colour4',
  5: 'accounts.colour5',
  6: 'accounts.colour6',
} as const satisfies Record<AccountColour, MessageId>;

interface AccountSheetProps {
  readonly account: Account;
  readonly accounts: AccountActions;
  onClose(): void;
}

/** What an account is called and how it is marked; its server and password are the sign-in's. */
export function AccountSheet({ account, accounts, onClose }: AccountSheetProps) {
  const say = useSay();
  const { key, label = '', colour = 1, serverName, domain } = account;
  const [name, setName] = useState(label);
  const [mark, setMark] = useState<AccountColour>(colour);
  return (
    <Sheet title={accountWords(account)} isOpen onClose={onClose}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          accounts.edit(key, { label: name.trim(), colour: mark });
          onClose();
        }}
      >
        <TextLine
          label={say('accounts.name')}
          hint={say('accounts.nameHint')}
          value={name}
          onChange={setName}
          maxLength={LONGEST_LABEL}
          placeholder={serverName === '' ? domain : serverName}
          autoFocus
        />
        <Choice
          label={say('accounts.colour')}
          value={`${mark}`}
          options={ACCOUNT_COLOURS.map((each) => ({
            value: `${each}` as const,
            label: say(COLOUR_WORDS[each]),
          }))}
          onChange={(value) => setMark(ACCOUNT_COLOURS.find((each) => `${each}` === value) ?? 1)}
        />
        <div className="form-actions">
          <ActionButton
            onPress={() => {
              onClose();
              accounts.changeSignIn(key);
            }}
          >
            {say('accounts.changeSignIn')}
          </ActionButton>
          <ActionButton type="submit" tone="accent">
            {say('accounts.save')}
          </ActionButton>
        </div>
      </Form>
    </Sheet>
  );
}
