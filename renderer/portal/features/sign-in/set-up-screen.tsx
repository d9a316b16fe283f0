import { usePortal } from '../../portal-context.tsx';
import { useSay } from '../../words.tsx';
import { CredentialsForm } from './credentials-form.tsx';
import { Welcome } from './sign-in-screen.tsx';

/** A server without admins: whoever has the link that it printed makes the first one. */
export function SetUpScreen({ token }: { readonly token: string | null }) {
  const say = useSay();
  const portal = usePortal();
  if (token === null) {
    return (
      <Welcome title={say('setUp.title')} words={say('setUp.noToken')}>
        <p>{say('setUp.where')}</p>
      </Welcome>
    );
  }
  return (
    <Welcome title={say('setUp.title')} words={say('setUp.words')}>
      <CredentialsForm
        go={say('setUp.go')}
        newPasswordHint={say('admins.passwordHint')}
        onSend={(given) => portal.setUp(token, given)}
      />
    </Welcome>
  );
}
