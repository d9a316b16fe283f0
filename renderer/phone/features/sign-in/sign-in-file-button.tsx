import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { FileInput } from 'lucide-react';
import { readSignInFile, type SignInDraft } from '../../../../shared/phone/sign-in-link.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { useSay } from '../../text.tsx';

const LARGEST = 10_000;

/** Fills the form from a file that an administrator prepared. */
export function SignInFileButton({ onDraft }: { onDraft(draft: SignInDraft): void }) {
  const say = useSay();
  const [wrong, setWrong] = useState(false);
  const read = async (files: FileList | null) => {
    const file = files?.[0];
    if (file === undefined) return;
    const draft = file.size > LARGEST ? null : readSignInFile(await file.text());
    setWrong(draft === null);
    if (draft !== null) onDraft(draft);
  };
  return (
    <>
      <FileTrigger
        acceptedFileTypes={['.parkline', '.json', 'application/json']}
        onSelect={(files) => void read(files)}
      >
        <ActionButton icon={FileInput}>{say('signIn.file')}</ActionButton>
      </FileTrigger>
      {wrong ? (
        <p className="form-problem" role="alert">
          {say('signIn.fileWrong')}
        </p>
      ) : null}
    </>
  );
}
