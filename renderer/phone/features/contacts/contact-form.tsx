import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import {
  NUMBER_KINDS,
  type Contact,
  type ContactNumber,
} from '../../../../shared/phone/contacts.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Choice } from '../../../controls/choice.tsx';
import { IconButton } from '../../../controls/icon-button.tsx';
import { Sheet } from '../../../controls/sheet.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import type { SaveOutcome } from '../../model/contact-book.ts';
import { useSession } from '../../session-context.tsx';
import { useSay, type Say } from '../../text.tsx';
import { contactProblemWords, numberKindWords } from './contact-words.ts';

const EMPTY: ContactNumber = { kind: 'work', number: '' };

/** Adds a contact, or changes or deletes one. */
export function ContactSheet({
  contact,
  onClose,
}: {
  /** `null`: a new one. */
  readonly contact: Contact | null;
  onClose(): void;
}) {
  const say = useSay();
  return (
    <Sheet
      title={contact === null ? say('contacts.add') : say('contacts.editTitle')}
      isOpen
      onClose={onClose}
    >
      <ContactForm contact={contact} onClose={onClose} />
    </Sheet>
  );
}

function ContactForm({ contact, onClose }: { readonly contact: Contact | null; onClose(): void }) {
  const say = useSay();
  const { contacts } = useSession();
  const [name, setName] = useState(contact?.name ?? '');
  const [company, setCompany] = useState(contact?.company ?? '');
  const [numbers, setNumbers] = useState<readonly ContactNumber[]>(contact?.numbers ?? [EMPTY]);
  const [outcome, setOutcome] = useState<SaveOutcome | null>(null);
  const save = () => {
    const next = contacts.save({ name, company, numbers }, contact?.id ?? null);
    setOutcome(next);
    if (next.kind === 'saved') onClose();
  };
  const remove = () => {
    if (contact !== null) contacts.remove(contact.id);
    onClose();
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <TextLine
        label={say('contacts.name')}
        value={name}
        onChange={setName}
        autoFocus
        error={problemOf(outcome, ['no-name', 'too-long'], say)}
      />
      <TextLine label={say('contacts.company')} value={company} onChange={setCompany} />
      <NumberFields
        numbers={numbers}
        onChange={setNumbers}
        error={problemOf(outcome, ['no-number', 'bad-number', 'too-many-numbers'], say)}
      />
      {outcome?.kind === 'not-kept' ? (
        <p className="form-problem" role="alert">
          {say('contacts.notKept')}
        </p>
      ) : null}
      <div className="form-actions">
        {contact === null ? null : (
          <ActionButton tone="danger" icon={Trash2} onPress={remove}>
            {say('contacts.delete')}
          </ActionButton>
        )}
        <ActionButton onPress={onClose}>{say('common.cancel')}</ActionButton>
        <ActionButton tone="accent" type="submit">
          {say('common.save')}
        </ActionButton>
      </div>
    </Form>
  );
}

function NumberFields({
  numbers,
  onChange,
  error,
}: {
  readonly numbers: readonly ContactNumber[];
  onChange(numbers: readonly ContactNumber[]): void;
  readonly error: string | null;
}) {
  const say = useSay();
  const kinds = NUMBER_KINDS.map((kind) => ({ value: kind, label: numberKindWords(kind, say) }));
  const change = (index: number, patch: Partial<ContactNumber>) =>
    onChange(numbers.map((each, at) => (at === index ? { ...each, ...patch } : each)));
  return (
    <>
      {numbers.map(({ kind, number }, index) => (
        <div key={index} className="number-fields">
          <Choice
            label={say('contacts.kind')}
            value={kind}
            options={kinds}
            onChange={(next) => change(index, { kind: next })}
          />
          <TextLine
            label={say('contacts.number')}
            value={number}
            onChange={(next) => change(index, { number: next })}
            machine
            type="tel"
            error={error}
          />
          {numbers.length === 1 ? null : (
            <IconButton
              icon={Trash2}
              label={say('contacts.removeNumber')}
              onPress={() => onChange(numbers.filter((_each, at) => at !== index))}
            />
          )}
        </div>
      ))}
      <ActionButton tone="quiet" icon={Plus} onPress={() => onChange([...numbers, EMPTY])}>
        {say('contacts.addNumber')}
      </ActionButton>
    </>
  );
}

function problemOf(
  outcome: SaveOutcome | null,
  problems: readonly string[],
  say: Say,
): string | null {
  return outcome?.kind === 'bad' && problems.includes(outcome.problem)
    ? contactProblemWords(outcome.problem, say)
    : null;
}
