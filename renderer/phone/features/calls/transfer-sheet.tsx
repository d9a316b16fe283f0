import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { Call } from '../../../../shared/phone/call.ts';
import { previewDial } from '../../../../shared/phone/dial-preview.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Sheet } from '../../../controls/sheet.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import { usePhone, usePhoneState } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { cleanDialled } from '../../model/dialled-text.ts';
import { namesOf, previewWords } from '../dialer/preview-words.ts';
import { ContactPicker } from '../contacts/contact-picker.tsx';

interface TransferSheetProps {
  readonly call: Call;
  readonly isOpen: boolean;
  onClose(): void;
}

/** Blind transfer to a number, a colleague, or a code; says what a code will do before it does it. */
export function TransferSheet({ call, isOpen, onClose }: TransferSheetProps) {
  const say = useSay();
  const phone = usePhone();
  const codes = usePhoneState((state) => state.codes);
  const server = usePhoneState((state) => state.server);
  const [target, setTarget] = useState('');
  const cleaned = cleanDialled(target);
  const preview = previewDial(cleaned, codes, namesOf(server));
  const send = () => {
    if (cleaned === '') return;
    onClose();
    setTarget('');
    phone.transfer(call.id, target);
  };
  const consult = () => {
    if (cleaned === '') return;
    onClose();
    if (phone.consult(target)) setTarget('');
  };
  return (
    <Sheet title={say('transfer.title')} isOpen={isOpen} onClose={onClose}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <TextLine
          label={say('transfer.to')}
          value={target}
          onChange={setTarget}
          autoFocus
          machine
          hint={previewWords(preview, say)}
        />
        <ContactPicker search={target} onPick={setTarget} />
        <div className="form-actions">
          <ActionButton type="button" onPress={consult} isDisabled={preview.kind !== 'call'}>
            {say('transfer.consult')}
          </ActionButton>
          <ActionButton
            type="submit"
            tone="accent"
            isDisabled={cleaned === '' || preview.kind === 'unfinished-code'}
          >
            {say('transfer.now')}
          </ActionButton>
        </div>
      </Form>
    </Sheet>
  );
}
