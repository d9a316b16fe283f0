import { Download, Upload } from 'lucide-react';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { useStore } from 'zustand';
import { writeContactsCsv } from '../../../../shared/phone/contacts-csv.ts';
import { writeVcards } from '../../../../shared/phone/contacts-vcard.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Sheet } from '../../../controls/sheet.tsx';
import type { ImportOutcome } from '../../model/contact-book.ts';
import { useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { saveText } from '../diagnostics/save-text.ts';
import { contactProblemWords } from './contact-words.ts';
import { readTextFile } from './read-text-file.ts';

const PROBLEMS_SHOWN = 50;

/** Contacts from a file and into one. */
export function ContactFiles({ onClose }: { onClose(): void }) {
  const say = useSay();
  const { contacts, world } = useSession();
  const own = useStore(contacts.state, (state) => state.contacts);
  const [outcome, setOutcome] = useState<ImportOutcome | 'too-large' | null>(null);
  const take = async (files: FileList | null) => {
    const file = files?.[0];
    if (file === undefined) return;
    const text = await readTextFile(file);
    setOutcome(text === null ? 'too-large' : contacts.import(text));
  };
  const save = (suggestedName: string, text: string) =>
    void saveText({ suggestedName, text }, world.desktop);
  return (
    <Sheet title={say('contacts.files')} isOpen onClose={onClose}>
      <p className="field-hint">{say('contacts.importHint')}</p>
      <div className="form-actions">
        <FileTrigger
          acceptedFileTypes={['.vcf', '.csv', '.txt', 'text/vcard', 'text/csv']}
          onSelect={(files) => void take(files)}
        >
          <ActionButton icon={Upload} tone="accent">
            {say('contacts.import')}
          </ActionButton>
        </FileTrigger>
      </div>
      {outcome === null ? null : <ImportResult outcome={outcome} />}
      <h3 className="page-subtitle">{say('contacts.export')}</h3>
      <p className="field-hint">{say('contacts.exportHint', { count: own.length })}</p>
      <div className="form-actions">
        <ActionButton
          icon={Download}
          isDisabled={own.length === 0}
          onPress={() => save('contacts.vcf', writeVcards(own))}
        >
          {say('contacts.exportVcard')}
        </ActionButton>
        <ActionButton
          icon={Download}
          isDisabled={own.length === 0}
          onPress={() => save('contacts.csv', writeContactsCsv(own))}
        >
          {say('contacts.exportCsv')}
        </ActionButton>
      </div>
    </Sheet>
  );
}

/** What became of an import: what was added, and each line that was not, with the reason. */
function ImportResult({ outcome }: { readonly outcome: ImportOutcome | 'too-large' }) {
  const say = useSay();
  if (outcome === 'too-large')
    return (
      <p className="form-problem" role="alert">
        {say('contacts.tooLarge')}
      </p>
    );
  const { added, known, left, problems, kept } = outcome;
  const more = problems.length - PROBLEMS_SHOWN;
  return (
    <div role="status" className="import-result">
      <p>{kept ? say('contacts.imported', { added, known }) : say('contacts.notKept')}</p>
      {left === 0 ? null : <p>{say('contacts.full', { left })}</p>}
      {problems.length === 0 ? null : (
        <>
          <p>{say('contacts.badLines', { count: problems.length })}</p>
          <ul className="bad-lines">
            {problems.slice(0, PROBLEMS_SHOWN).map(({ line, problem }) => (
              <li key={line}>
                {say('contacts.badLine', { line, why: contactProblemWords(problem, say) })}
              </li>
            ))}
            {more > 0 ? <li>{say('contacts.moreBadLines', { count: more })}</li> : null}
          </ul>
        </>
      )}
    </div>
  );
}
