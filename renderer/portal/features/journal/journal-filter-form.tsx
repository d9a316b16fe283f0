import { Search } from 'lucide-react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Choice } from '../../../controls/choice.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import {
  anything,
  checkFilter,
  JOURNAL_KINDS,
  type JournalFilterDraft,
} from '../../model/journal-filter.ts';
import type { Problems } from '../../model/problem.ts';
import { useProblemWords, useSay } from '../../words.tsx';

/** What to look for in the journal. */
export function JournalFilterForm({ onFilter }: { onFilter(filter: JournalFilterDraft): void }) {
  const say = useSay();
  const words = useProblemWords();
  const [draft, setDraft] = useState(anything);
  const [problems, setProblems] = useState<Problems>({});
  const line = (
    field: 'from' | 'to' | 'slot' | 'parker' | 'caller',
    more: { type?: 'datetime-local'; inputMode?: 'numeric' } = {},
  ) => (
    <TextLine
      label={say(`journal.filter.${field}`)}
      value={draft[field]}
      onChange={(text) => setDraft({ ...draft, [field]: text })}
      error={words(problems[field])}
      maxLength={100}
      {...more}
    />
  );
  const send = (wanted: JournalFilterDraft) => {
    const found = checkFilter(wanted);
    setProblems(found);
    if (Object.keys(found).length === 0) onFilter(wanted);
  };
  return (
    <Form
      className="panel filter"
      validationBehavior="aria"
      onSubmit={(event) => {
        event.preventDefault();
        send(draft);
      }}
    >
      <div className="fields-row">
        {line('from', { type: 'datetime-local' })}
        {line('to', { type: 'datetime-local' })}
        {line('slot', { inputMode: 'numeric' })}
        {line('parker', { inputMode: 'numeric' })}
        {line('caller')}
        <Choice
          label={say('journal.what')}
          value={draft.how}
          options={[
            { value: 'any', label: say('journal.any') },
            ...JOURNAL_KINDS.map((value) => ({ value, label: say(`journal.what.${value}`) })),
          ]}
          onChange={(how) => setDraft({ ...draft, how })}
        />
      </div>
      <div className="form-actions">
        <ActionButton
          onPress={() => {
            setDraft(anything);
            send(anything);
          }}
        >
          {say('journal.clear')}
        </ActionButton>
        <ActionButton type="submit" tone="accent" icon={Search}>
          {say('journal.find')}
        </ActionButton>
      </div>
    </Form>
  );
}
