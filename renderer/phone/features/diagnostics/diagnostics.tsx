import { useState } from 'react';
import { ActionButton } from '../../../controls/action-button.tsx';
import { usePhoneState, useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { lineWords } from '../shell/line-words.ts';
import { saveText } from './save-text.ts';

/** What support asks for: where the line stands, and the last SIP messages with everything secret taken out. */
export function Diagnostics() {
  const say = useSay();
  const session = useSession();
  const line = usePhoneState((state) => state.line);
  const [shown, setShown] = useState<string | null>(null);
  const { trace, desktop, clock } = session.world;
  const save = () => {
    const stamp = new Date(clock.now()).toISOString().replace(/[:.]/g, '-');
    void saveText({ suggestedName: `parkline-trace-${stamp}.txt`, text: trace.export() }, desktop);
  };
  return (
    <section className="group" aria-labelledby="settings-diagnostics">
      <h3 id="settings-diagnostics">{say('diagnostics.title')}</h3>
      <p className="field-hint">{lineWords(line, say)}</p>
      <p className="field-hint">{say('diagnostics.secrets')}</p>
      <div className="form-actions">
        <ActionButton onPress={save}>{say('diagnostics.save')}</ActionButton>
        <ActionButton onPress={() => setShown(shown === null ? trace.export() : null)}>
          {shown === null ? say('diagnostics.show') : say('diagnostics.hide')}
        </ActionButton>
        <ActionButton onPress={() => session.phone.line.nudge('asked by the user')}>
          {say('diagnostics.check')}
        </ActionButton>
      </div>
      {shown === null ? null : (
        <pre className="trace" dir="ltr" tabIndex={0} aria-label={say('diagnostics.trace')}>
          {shown}
        </pre>
      )}
    </section>
  );
}
