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
  return (
    <header className="header">
      <div className="header-who">
        <Title />
        <Lines />
      </div>
      <DemoCall />
      <DoNotDisturb />
      <IconButton icon={CircleHelp} label={say('help.title')} onPress={onHelp} />
    </header>
  );
}

function Title() {
  const say = useSay();
  const { extension } = useSession().account;
  const name = usePhoneState((state) => state.displayName);
  return (
    <h1 className="header-title">
      <bdi>{name === '' ? extension : say('header.me', { name, extension })}</bdi>
    </h1>
  );
}

function Lines() {
  const say = useSay();
  const sessions = useSessions();
  if (sessions.length <= 1) return <LineOf dials />;
  return (
    <ul className="header-lines" aria-label={say('accounts.list')}>
      {sessions.map((each, at) => (
        <SessionProvider key={each.account.key} session={each}>
          <li>
            <LineOf dials={at === 0} />
          </li>
        </SessionProvider>
      ))}
    </ul>
  );
}

/** A server that is a demonstration has somebody who calls when asked to. */
function DemoCall() {
  const say = useSay();
  const { account, server } = useSession();
  const hasServer = usePhoneState((state) => state.server.kind === 'ready');
  if (!account.demo || !hasServer) return null;
  return (
    <ActionButton icon={PhoneCall} className="demo-call" onPress={() => void server.ringMe()}>
      {say('demo.ringMe')}
    </ActionButton>
  );
}

const settingsOf = ({ settings }: Session) => settings.state;

/** On while nobody is to disturb me on any account; a press sets them all. */
function DoNotDisturb() {
  const say = useSay();
  const switchboard = useSwitchboard();
  const everywhere = useEach(settingsOf, ({ doNotDisturb }) => doNotDisturb).every((each) => each);
  return (
    <ToggleButton
      className="icon-button"
      isSelected={everywhere}
      onChange={(on) => switchboard.setDoNotDisturb(on)}
      aria-label={say('header.doNotDisturb')}
    >
      <BellOff aria-hidden className="icon" />
    </ToggleButton>
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
