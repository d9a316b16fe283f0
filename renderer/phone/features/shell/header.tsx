import { BellOff, CircleHelp, PhoneCall } from 'lucide-react';
import { ToggleButton } from 'react-aria-components';
import { ActionButton } from '../../../controls/action-button.tsx';
import { IconButton } from '../../../controls/icon-button.tsx';
import type { Session } from '../../model/session.ts';
import {
  SessionProvider,
  useEach,
  useMark,
  usePhoneState,
  useSession,
  useSessions,
  useSwitchboard,
} from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { lineWords } from './line-words.ts';

/** Who I am here and whether the lines work. */
export function Header({ onHelp }: { onHelp(): void }) {
  const say = useSay();
  const session = useSession();
  const displayName = usePhoneState((state) => state.displayName);
  const hasServer = usePhoneState((state) => state.server.kind === 'ready');
  const switchboard = useSwitchboard();
  const sessions = useSessions();
  const doNotDisturb = useQuiet();
  const { account } = session;
  return (
    <header className="header">
      <div className="header-who">
        <h1 className="header-title">
          <bdi>
            {displayName === ''
              ? account.extension
              : say('header.me', { name: displayName, extension: account.extension })}
          </bdi>
        </h1>
        {sessions.length > 1 ? (
          <ul className="header-lines" aria-label={say('accounts.list')}>
            {sessions.map((each, at) => (
              <SessionProvider key={each.account.key} session={each}>
                <li>
                  <LineOf dials={at === 0} />
                </li>
              </SessionProvider>
            ))}
          </ul>
        ) : (
          <LineOf dials />
        )}
      </div>
      {account.demo && hasServer ? (
        <ActionButton
          icon={PhoneCall}
          className="demo-call"
          onPress={() => void session.server.ringMe()}
        >
          {say('demo.ringMe')}
        </ActionButton>
      ) : null}
      <ToggleButton
        className="icon-button"
        isSelected={doNotDisturb}
        onChange={(on) => switchboard.setDoNotDisturb(on)}
        aria-label={say('header.doNotDisturb')}
      >
        <BellOff aria-hidden className="icon" />
      </ToggleButton>
      <IconButton icon={CircleHelp} label={say('help.title')} onPress={onHelp} />
    </header>
  );
}

/** Whether an account's line works. `dials`: it is the one that the keypad calls from. */
function LineOf({ dials }: { readonly dials: boolean }) {
  const say = useSay();
  const { account } = useSession();
  const line = usePhoneState((state) => state.line);
  const mark = useMark(account.key);
  const words = lineWords(line, say);
  return (
    <p
      className="header-line"
      data-line={line.kind}
      data-account={account.key}
      {...(dials ? { 'data-testid': 'line-state' } : {})}
    >
      <span className="line-dot" aria-hidden />
      <span>{mark === null ? words : say('accounts.of', { account: mark.text, words })}</span>
    </p>
  );
}

const settingsOf = ({ settings }: Session) => settings.state;

/** Nobody is to disturb me, on no account. */
function useQuiet(): boolean {
  return useEach(settingsOf, ({ doNotDisturb }) => doNotDisturb).every((each) => each);
}
