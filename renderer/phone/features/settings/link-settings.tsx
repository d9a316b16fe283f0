import { useEffect, useState } from 'react';
import type { DesktopBridge, LinkChoice } from '../../../../shared/bridge/contract.ts';
import { OnOff } from '../../../controls/on-off.tsx';
import { useSay } from '../../text.tsx';

type Known = Awaited<ReturnType<DesktopBridge['linkChoice']>>;

/** Which links of other programs open here. They fill a field and do nothing by themselves. */
export function LinkSettings({ desktop }: { readonly desktop: DesktopBridge }) {
  const say = useSay();
  const [known, setKnown] = useState<Known | null>(null);
  useEffect(() => void desktop.linkChoice().then(setKnown), [desktop]);
  if (known === null || !known.supported) return null;
  const change = async (choice: LinkChoice) => {
    await desktop.setLinkChoice(choice).catch(() => undefined);
    // What the desktop says counts, not what was wished.
    setKnown(await desktop.linkChoice());
  };
  const { calls, signIn } = known;
  return (
    <section className="group" aria-labelledby="settings-links">
      <h3 id="settings-links">{say('settings.links')}</h3>
      <OnOff
        label={say('settings.links.calls')}
        hint={say('settings.links.hint')}
        isOn={calls}
        onChange={(on) => void change({ calls: on, signIn })}
      />
      <OnOff
        label={say('settings.links.signIn')}
        isOn={signIn}
        onChange={(on) => void change({ calls, signIn: on })}
      />
    </section>
  );
}
