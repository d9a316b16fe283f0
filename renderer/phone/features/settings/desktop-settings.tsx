import { useEffect, useState } from 'react';
import type { DesktopBridge } from '../../../../shared/bridge/contract.ts';
import { OnOff } from '../../../controls/on-off.tsx';
import { useSession, useSettings } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { BrowserAppSettings } from './browser-app-settings.tsx';
import { KeySettings } from './key-settings.tsx';
import { LinkSettings } from './link-settings.tsx';
import { ShortcutSettings } from './shortcut-settings.tsx';
import { TrustedCertificates } from './trusted-certificates.tsx';
import { UpdateSettings } from './update-settings.tsx';

/** What only the desktop app has, or in a browser what that cannot do; and the keys of the window, which both have. */
export function DesktopSettings() {
  const { desktop } = useSession().world;
  if (desktop === null) {
    return (
      <>
        <KeySettings />
        <BrowserAppSettings />
      </>
    );
  }
  return (
    <>
      <SmallWindowSettings />
      <ShortcutSettings desktop={desktop} />
      <KeySettings />
      <StartAtLogin desktop={desktop} />
      <LinkSettings desktop={desktop} />
      <TrustedCertificates desktop={desktop} />
      <UpdateSettings desktop={desktop} />
    </>
  );
}

function SmallWindowSettings() {
  const say = useSay();
  const { settings } = useSession();
  const { smallWindow } = useSettings();
  return (
    <section className="group" aria-labelledby="settings-small-window">
      <h3 id="settings-small-window">{say('settings.smallWindow')}</h3>
      <OnOff
        label={say('settings.smallWindow.show')}
        hint={say('settings.smallWindow.hint')}
        isOn={smallWindow}
        onChange={(on) => settings.change({ smallWindow: on })}
      />
    </section>
  );
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
