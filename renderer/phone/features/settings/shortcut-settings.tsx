import { useEffect, useState } from 'react';
import type { DesktopBridge } from '../../../../shared/bridge/contract.ts';
import type {
  ShortcutAction,
  ShortcutState,
  ShortcutStates,
} from '../../../../shared/bridge/shortcut.ts';
import { assertNever } from '../../../../shared/domain/assert-never.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { KeyField } from '../../../controls/key-field.tsx';
import { shortcutBindings } from '../../model/desktop-link.ts';
import type { MessageId } from '../../intl.ts';
import { useSession, useSettings } from '../../session-context.tsx';
import { useSay, type Say } from '../../text.tsx';
import { readAccelerator, showAccelerator } from '../help/key-bindings.ts';

type ShortcutSetting = 'shortcutAnswer' | 'shortcutHangUp' | 'shortcutMute' | 'shortcutRetrieve';

const ACTIONS: readonly {
  readonly action: ShortcutAction;
  readonly words: MessageId;
  readonly setting: ShortcutSetting;
}[] = [
  { action: 'retrieve-oldest', words: 'settings.shortcut.retrieve', setting: 'shortcutRetrieve' },
  { action: 'answer', words: 'settings.shortcut.answer', setting: 'shortcutAnswer' },
  { action: 'hang-up', words: 'settings.shortcut.hangUp', setting: 'shortcutHangUp' },
  { action: 'toggle-mute', words: 'settings.shortcut.mute', setting: 'shortcutMute' },
];

/** Keys that work while another program has the focus: pressed to set, pressed to test, and told when somebody else holds them. */
export function ShortcutSettings({ desktop }: { readonly desktop: DesktopBridge }) {
  const say = useSay();
  const { settings } = useSession();
  const now = useSettings();
  const [states, setStates] = useState<ShortcutStates | null>(null);
  const [testing, setTesting] = useState(false);
  const pressed = usePressToTest(desktop, testing);
  useEffect(() => {
    void desktop.setShortcuts(shortcutBindings(now)).then(setStates);
  }, [desktop, now]);
  return (
    <section className="group" aria-labelledby="settings-shortcuts">
      <h3 id="settings-shortcuts">{say('settings.shortcuts')}</h3>
      {ACTIONS.map(({ action, words, setting }) => (
        <KeyField
          key={action}
          label={say(words)}
          value={showAccelerator(now[setting], navigator.platform) ?? say('settings.key.none')}
          waiting={say('settings.key.press')}
          hint={hintOf({ action, pressed, states }, say)}
          onPress={(event) => {
            const reading = readAccelerator(event);
            if (reading.kind === 'combination') settings.change({ [setting]: reading.key });
            if (reading.kind === 'none') settings.change({ [setting]: null });
            return reading.kind !== 'unfinished' && reading.kind !== 'refused';
          }}
        />
      ))}
      <ActionButton onPress={() => setTesting(!testing)}>
        {testing ? say('settings.shortcut.stopTest') : say('settings.shortcut.test')}
      </ActionButton>
    </section>
  );
}

/** While it is on, a shortcut says that it arrived and does nothing else. */
function usePressToTest(desktop: DesktopBridge, testing: boolean): ShortcutAction | null {
  const [pressed, setPressed] = useState<ShortcutAction | null>(null);
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
  return pressed;
}

function hintOf(
  shown: {
    readonly action: ShortcutAction;
    readonly pressed: ShortcutAction | null;
    readonly states: ShortcutStates | null;
  },
  say: Say,
): string {
  if (shown.pressed === shown.action) return say('settings.shortcut.heard');
  return shown.states === null ? '' : stateWords(shown.states[shown.action], say);
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
