import { BellOff, CircleHelp, PhoneCall } from 'lucide-react';
import { ToggleButton } from 'react-aria-components';
import { ActionButton } from '../../../controls/action-button.tsx';
import { IconButton } from '../../../controls/icon-button.tsx';
import { usePhoneState, useSession, useSettings } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { lineWords } from './line-words.ts';

/** Who I am here and whether the line works. */
export function Header({ onHelp }: { onHelp(): void }) {
  const say = useSay();
  const session = useSession();
  const line = usePhoneState((state) => state.line);
  const displayName = usePhoneState((state) => state.displayName);
  const hasServer = usePhoneState((state) => state.server.kind === 'ready');
  const { doNotDisturb } = useSettings();
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
        <p className="header-line" data-line={line.kind} data-testid="line-state">
          <span className="line-dot" aria-hidden />
          {lineWords(line, say)}
        </p>
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
        onChange={(on) => session.settings.change({ doNotDisturb: on })}
        aria-label={say('header.doNotDisturb')}
      >
        <BellOff aria-hidden className="icon" />
      </ToggleButton>
      <IconButton icon={CircleHelp} label={say('help.title')} onPress={onHelp} />
    </header>
  );
}
