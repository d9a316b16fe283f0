import type { ReactNode } from 'react';
import { usePortal } from '../../portal-context.tsx';
import { useSay } from '../../words.tsx';
import { CredentialsForm } from './credentials-form.tsx';

/** What is seen before anybody is in. */
export function Welcome({
  title,
  words,
  children,
}: {
  readonly title: string;
  readonly words: string;
  readonly children: ReactNode;
}) {
  return (
    <main className="sign-in">
      <div className="sign-in-head">
        <span className="logo" aria-hidden />
        <h1>{title}</h1>
        <p>{words}</p>
      </div>
      {children}
    </main>
  );
}

export function SignInScreen() {
  const say = useSay();
  const portal = usePortal();
  return (
    <Welcome title={say('signIn.title')} words={say('signIn.words')}>
      <CredentialsForm go={say('signIn.go')} onSend={(given) => portal.signIn(given)} />
    </Welcome>
  );
}
