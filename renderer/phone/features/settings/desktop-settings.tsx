import { useEffect, useState } from 'react';
import type {
  DesktopBridge,
  ShortcutAction,
  ShortcutState,
  ShortcutStates,
} from '../../../../shared/bridge/contract.ts';
import { assertNever } from '../../../../shared/domain/assert-never.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { OnOff } from '../../../controls/on-off.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import { shortcutBindings } from '../../model/desktop-link.ts';
import type { Settings } from '../../model/settings.ts';
import { useSession, useSettings } from '../../session-context.tsx';
import { useSay, type Say } from '../../text.tsx';
import type { MessageId } from '../../intl.ts';

/** What only the desktop app has: global shortcuts and starting at login. */
export function DesktopSettings() {
  const { desktop } = useSession().world;
  return desktop === null ? null : (
    <>
      <Shortcuts desktop={desktop} />
      <StartAtLogin desktop={desktop} />
    </>
  );
}

const ACTIONS: readonly {
  readonly action: ShortcutAction;
  readonly words: MessageId;
  readonly setting: 'shortcutAnswer' | 'shortcutHangUp' | 'shortcutMute' | 'shortcutRetrieve';
}[] = [
  { action: 'retrieve-oldest', words: 'settings.shortcut.retrieve', setting: 'shortcutRetrieve' },
  { action: 'answer', words: 'settings.shortcut.answer', setting: 'shortcutAnswer' },
  { action: 'hang-up', words: 'settings.shortcut.hangUp', setting: 'shortcutHangUp' },
  { action: 'toggle-mute', words: 'settings.shortcut.mute', setting: 'shortcutMute' },
];

function Shortcuts({ desktop }: { readonly desktop: DesktopBridge }) {
  const say = useSay();
  const { settings } = useSession();
  const now = useSettings();
  const [states, setStates] = useState<ShortcutStates | null>(null);
  const [testing, setTesting] = useState(false);
  const [pressed, setPressed] = useState<ShortcutAction | null>(null);
  useEffect(() => {
    void desktop.setShortcuts(shortcutBindings(now)).then(setStates);
  }, [desktop, now]);
  useEffect(() => {
    if (!testing) return;
    void desktop.testShortcuts(true);
    const stop = desktop.onEvent(
      (event) => event.kind === 'shortcut-pressed' && setPressed(event.action),
    );
    return () => {
      stop();
      setPressed(null);
      void desktop.testShortcuts(false);
    };
  }, [desktop, testing]);
  const change = (setting: keyof Settings, text: string) =>
    settings.change({ [setting]: text.trim() === '' ? null : text.trim() });
  return (
    <section className="group" aria-labelledby="settings-shortcuts">
      <h3 id="settings-shortcuts">{say('settings.shortcuts')}</h3>
      {ACTIONS.map(({ action, words, setting }) => (
        <TextLine
          key={action}
          label={say(words)}
          value={now[setting] ?? ''}
          onChange={(text) => change(setting, text)}
          machine
          hint={
            pressed === action
              ? say('settings.shortcut.heard')
              : states === null
                ? ''
                : stateWords(states[action], say)
          }
        />
      ))}
      <ActionButton onPress={() => setTesting(!testing)}>
        {testing ? say('settings.shortcut.stopTest') : say('settings.shortcut.test')}
      </ActionButton>
    </section>
  );
}

function stateWords(state: ShortcutState, say: Say): string {
  switch (state.kind) {
    case 'off':
      return say('settings.shortcut.off');
    case 'registered':
      return say('settings.shortcut.registered');
    case 'taken':
      return say('settings.shortcut.taken');
    case 'invalid':
      return say('settings.shortcut.invalid');
    case 'uncertain':
      return say('settings.shortcut.uncertain');
    default:
      return assertNever(state);
  }
}

function StartAtLogin({ desktop }: { readonly desktop: DesktopBridge }) {
  const say = useSay();
  const [item, setItem] = useState<Awaited<ReturnType<DesktopBridge['loginItem']>> | null>(null);
  useEffect(() => void desktop.loginItem().then(setItem), [desktop]);
  if (item === null || !item.supported) return null;
  const change = (next: { readonly startAtLogin: boolean; readonly startMinimised: boolean }) => {
    setItem({ ...item, ...next });
    void desktop.setLoginItem(next);
  };
  return (
    <section className="group" aria-labelledby="settings-start">
      <h3 id="settings-start">{say('settings.start')}</h3>
      <OnOff
        label={say('settings.startAtLogin')}
        isOn={item.startAtLogin}
        onChange={(startAtLogin) => change({ startAtLogin, startMinimised: item.startMinimised })}
      />
      <OnOff
        label={say('settings.startMinimised')}
        isOn={item.startMinimised}
        onChange={(startMinimised) => change({ startAtLogin: item.startAtLogin, startMinimised })}
      />
    </section>
  );
}
