import { useMemo, useState, type ReactNode } from 'react';
import { searchWords } from '../../../../shared/phone/word-search.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Choice } from '../../../controls/choice.tsx';
import { FoundWithin } from '../../../controls/found.tsx';
import { OnOff } from '../../../controls/on-off.tsx';
import { SearchLine } from '../../../controls/search-line.tsx';
import { LANGUAGES, type MessageId } from '../../intl.ts';
import { useSession, useSettings } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { AccountSettings } from '../accounts/account-settings.tsx';
import { DesktopSettings } from './desktop-settings.tsx';
import { CallSettings } from './call-settings.tsx';
import { SoundSettings } from './sound-settings.tsx';
import { Diagnostics } from '../diagnostics/diagnostics.tsx';

/** Everything that can be chosen, kept per account on this machine; found by its words. */
export function SettingsView() {
  const say = useSay();
  const [search, setSearch] = useState('');
  const words = useMemo(() => searchWords(search), [search]);
  const part = (title: MessageId, content: ReactNode) => (
    <FoundWithin words={words} title={say(title)}>
      {content}
    </FoundWithin>
  );
  return (
    <div className="page settings">
      <h2 className="page-title">{say('settings.title')}</h2>
      <SearchLine label={say('settings.search')} value={search} onChange={setSearch} />
      {part('settings.sound', <SoundSettings />)}
      {part('settings.calls', <CallSettings />)}
      {part('settings.park', <ParkSettings />)}
      {part('settings.look', <LookSettings />)}
      {part('settings.desktop', <DesktopSettings />)}
      {part('settings.account', <AccountSettings />)}
      {part('diagnostics.title', <Diagnostics />)}
      {words.length === 0 ? null : (
        <p className="page-none settings-none" role="status">
          {say('settings.none')}
        </p>
      )}
    </div>
  );
}

function ParkSettings() {
  const say = useSay();
  const { settings } = useSession();
  const now = useSettings();
  const every = [
    { value: '0', label: say('settings.chime.once') },
    { value: '15', label: say('settings.chime.every', { seconds: 15 }) },
    { value: '30', label: say('settings.chime.every', { seconds: 30 }) },
    { value: '60', label: say('settings.chime.every', { seconds: 60 }) },
  ] as const;
  const seconds = { '0': 0, '15': 15, '30': 30, '60': 60 } as const;
  return (
    <section className="group" aria-labelledby="settings-park">
      <h3 id="settings-park">{say('settings.park')}</h3>
      <OnOff
        label={say('settings.notifications')}
        isOn={now.notifications}
        onChange={(notifications) =>
          askThen(notifications, () => settings.change({ notifications }))
        }
      />
      <OnOff
        label={say('settings.hideWhenLocked')}
        isOn={now.hideDetailsWhenLocked}
        onChange={(hideDetailsWhenLocked) => settings.change({ hideDetailsWhenLocked })}
      />
      <OnOff
        label={say('settings.chime')}
        isOn={now.chimeOn}
        onChange={(chimeOn) => settings.change({ chimeOn })}
      />
      <Choice
        label={say('settings.chime.repeat')}
        value={String(now.chimeEverySeconds) as keyof typeof seconds}
        options={every}
        onChange={(value) => settings.change({ chimeEverySeconds: seconds[value] })}
      />
      <OnOff
        label={say('settings.askBeforeHold')}
        hint={say('settings.askBeforeHold.hint')}
        isOn={now.askBeforeHold}
        onChange={(askBeforeHold) => settings.change({ askBeforeHold })}
      />
    </section>
  );
}

/** A browser asks once before it shows notifications. */
function askThen(on: boolean, run: () => void): void {
  if (on && 'Notification' in window && Notification.permission === 'default')
    void Notification.requestPermission();
  run();
}

function LookSettings() {
  const say = useSay();
  const { settings } = useSession();
  const now = useSettings();
  return (
    <section className="group" aria-labelledby="settings-look">
      <h3 id="settings-look">{say('settings.look')}</h3>
      <Choice
        label={say('settings.theme')}
        value={now.theme}
        options={[
          { value: 'system', label: say('settings.theme.system') },
          { value: 'light', label: say('settings.theme.light') },
          { value: 'dark', label: say('settings.theme.dark') },
        ]}
        onChange={(theme) => settings.change({ theme })}
      />
      <Choice
        label={say('settings.language')}
        value={now.language}
        options={[
          { value: 'system', label: say('settings.language.system') },
          ...LANGUAGES.map(({ language, label }) => ({ value: language, label })),
        ]}
        onChange={(language) => settings.change({ language })}
      />
      <OnOff
        label={say('settings.helpKey')}
        isOn={now.helpKey}
        onChange={(helpKey) => settings.change({ helpKey })}
      />
      <OnOff
        label={say('settings.keyTones')}
        isOn={now.keyTones}
        onChange={(keyTones) => settings.change({ keyTones })}
      />
      {now.tourSeen ? (
        <ActionButton tone="quiet" onPress={() => settings.change({ tourSeen: false })}>
          {say('tour.again')}
        </ActionButton>
      ) : null}
    </section>
  );
}
