import { Dialog } from '../../controls/dialog.tsx';
import { usePortal } from '../../portal-context.tsx';
import { useSay } from '../../words.tsx';
import { CredentialsForm } from './credentials-form.tsx';

/** The session ended while somebody worked: they sign in again above the page, and what they typed is still there. */
export function SessionOver({ name }: { readonly name: string }) {
  const say = useSay();
  const portal = usePortal();
  return (
    <Dialog title={say('over.title')}>
      <p>{say('over.words')}</p>
      <CredentialsForm
        go={say('signIn.go')}
        fixedName={name}
        onSend={(given) => portal.signIn(given)}
      />
    </Dialog>
  );
}
