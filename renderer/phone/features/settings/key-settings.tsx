import { ActionButton } from '../../../controls/action-button.tsx';
import { KeyField } from '../../../controls/key-field.tsx';
import { useSession, useSettings } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { conflictOf, KEY_BINDINGS, keyOf, readPress, showKey } from '../help/key-bindings.ts';

/** The keys of the window, each of which may be another one. */
export function KeySettings() {
  const say = useSay();
  const { settings } = useSession();
  const { ownKeys } = useSettings();
  const change = (action: string, key: string | null) =>
    settings.change({ ownKeys: { ...ownKeys, [action]: key } });
  return (
    <section className="group" aria-labelledby="settings-keys">
      <h3 id="settings-keys">{say('settings.keys')}</h3>
      {KEY_BINDINGS.map((binding) => {
        const key = keyOf(binding, ownKeys);
        const conflict = conflictOf(binding, ownKeys);
        return (
          <KeyField
            key={binding.action}
            label={say(binding.words)}
            value={key === null ? say('settings.key.none') : showKey(key)}
            waiting={say('settings.key.press')}
            {...(conflict === null
              ? {}
              : { hint: say('settings.key.conflict', { other: say(conflict.words) }) })}
            onPress={(event) => {
              const reading = readPress(event);
              if (reading.kind === 'combination') change(binding.action, reading.key);
              if (reading.kind === 'none') change(binding.action, null);
              return reading.kind !== 'unfinished' && reading.kind !== 'refused';
            }}
          />
        );
      })}
      {Object.keys(ownKeys).length === 0 ? null : (
        <ActionButton onPress={() => settings.change({ ownKeys: {} })}>
          {say('settings.key.reset')}
        </ActionButton>
      )}
    </section>
  );
}
