import { Delete, Phone as PhoneIcon, Redo2 } from 'lucide-react';
import { useEffect, useRef, type Dispatch, type KeyboardEvent, type SetStateAction } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { useStore } from 'zustand';
import { previewDial } from '../../../../shared/phone/dial-preview.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { IconButton } from '../../../controls/icon-button.tsx';
import { usePhone, usePhoneState, useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { Keypad } from '../calls/keypad.tsx';
import { ContactPicker } from '../contacts/contact-picker.tsx';
import { lastDialledOf } from './redial.ts';
import { CallFrom } from '../accounts/for-account.tsx';
import { VoicemailLamps } from './voicemail-lamp.tsx';
import { cleanDialled } from '../../model/dialled-text.ts';
import { namesOf, previewWords } from './preview-words.ts';

/** Dial pad and field in one: press, type, paste; names find colleagues, codes say what they will do. */
export function Dialer({
  text,
  setText,
  prefill,
  onPrefillUsed,
}: {
  /** What was typed; whoever shows the dialler keeps it while another view is open. */
  readonly text: string;
  readonly setText: Dispatch<SetStateAction<string>>;
  readonly prefill: string | null;
  onPrefillUsed(): void;
}) {
  const say = useSay();
  const phone = usePhone();
  const session = useSession();
  const codes = usePhoneState((state) => state.codes);
  const server = usePhoneState((state) => state.server);
  const lastDialled = useStore(session.history.state, lastDialledOf);
  const toDial = usePhoneState((state) => state.toDial);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (prefill === null) return;
    setText(prefill);
    onPrefillUsed();
  }, [prefill, setText, onPrefillUsed]);
  useEffect(() => {
    if (toDial === null) return;
    setText(toDial);
    phone.update({ toDial: null });
    input.current?.focus();
  }, [toDial, setText, phone]);
  const preview = previewDial(text, codes, namesOf(server));
  const dial = () => {
    const target = cleanDialled(text);
    if (target === '') {
      if (lastDialled !== null) setText(lastDialled);
      return;
    }
    if (phone.dial(target)) setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') dial();
    if (event.key === 'Escape') setText('');
  };
  const press = (key: string) => {
    phone.events.emit({ kind: 'digit', digit: key });
    setText((before) => before + key);
  };
  return (
    <div className="dialer">
      <CallFrom />
      <VoicemailLamps />
      <TextField value={text} onChange={setText} className="dial-field" onKeyDown={onKeyDown}>
        <Label className="visually-hidden">{say('dial.field')}</Label>
        <Input
          ref={input}
          className="dial-input"
          dir="ltr"
          inputMode="tel"
          spellCheck={false}
          autoComplete="off"
          placeholder={say('dial.placeholder')}
        />
        <IconButton
          icon={Delete}
          label={say('dial.delete')}
          isDisabled={text === ''}
          onPress={() => setText((before) => [...before].slice(0, -1).join(''))}
        />
      </TextField>
      <p className="dial-preview" data-testid="dial-preview">
        {previewWords(preview, say)}
      </p>
      {/\p{L}/u.test(text) ? <ContactPicker search={text} onPick={setText} /> : null}
      <Keypad onKey={press} onLongZero={() => setText((before) => `${before}+`)} />
      <ActionButton
        icon={text === '' && lastDialled !== null ? Redo2 : PhoneIcon}
        tone="good"
        className="dial-call"
        isDisabled={(text === '' && lastDialled === null) || preview.kind === 'unfinished-code'}
        onPress={dial}
      >
        {text === '' && lastDialled !== null ? say('dial.redial') : say('dial.call')}
      </ActionButton>
    </div>
  );
}
