import { ActionButton } from '../../../controls/action-button.tsx';
import { Copyable } from '../../controls/copyable.tsx';
import { Dialog } from '../../controls/dialog.tsx';
import { useSay } from '../../words.tsx';

/** A password that the server made up: the one time it is shown. */
export function MadePassword({
  extension,
  password,
  onClose,
}: {
  readonly extension: string;
  readonly password: string;
  onClose(): void;
}) {
  const say = useSay();
  return (
    <Dialog title={say('users.madeTitle', { extension })}>
      <p>{say('users.madeWords')}</p>
      <Copyable text={password} label={say('users.password')} />
      <div className="form-actions">
        <ActionButton tone="accent" onPress={onClose}>
          {say('users.madeDone')}
        </ActionButton>
      </div>
    </Dialog>
  );
}
