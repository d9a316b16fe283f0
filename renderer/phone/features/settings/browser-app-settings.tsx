import { useSyncExternalStore } from 'react';
import { ActionButton } from '../../../controls/action-button.tsx';
import { useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';

/** The browser app can be installed, and says what a browser keeps from it. */
export function BrowserAppSettings() {
  const say = useSay();
  const { installer } = useSession().world;
  const offer = useSyncExternalStore(installer.onChange, installer.current);
  return (
    <section className="group" aria-labelledby="settings-browser-app">
      <h3 id="settings-browser-app">{say('settings.browserApp')}</h3>
      {offer === 'installed' ? <p>{say('settings.browserApp.installed')}</p> : null}
      {offer === 'offered' ? (
        <ActionButton onPress={() => installer.install()}>
          {say('settings.browserApp.install')}
        </ActionButton>
      ) : null}
      <p className="field-hint">{say('settings.browserApp.limits')}</p>
      <ul className="field-hint bullets">
        <li>{say('settings.browserApp.limit.closed')}</li>
        <li>{say('settings.browserApp.limit.asleep')}</li>
        <li>{say('settings.browserApp.limit.keys')}</li>
        <li>{say('settings.browserApp.limit.links')}</li>
        <li>{say('settings.browserApp.limit.certificates')}</li>
      </ul>
    </section>
  );
}
