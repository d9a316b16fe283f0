import { useState } from 'react';
import { ActionButton } from '../../../controls/action-button.tsx';
import { OnOff } from '../../../controls/on-off.tsx';
import type { Session } from '../../model/session.ts';
import { usePhoneState, useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { lineWords } from '../shell/line-words.ts';
import { writeReport } from './report.ts';
import { saveText } from './save-text.ts';

/** What support asks for: where the line stands, and one file of what happened, everything secret taken out. */
export function Diagnostics() {
  const say = useSay();
  const session = useSession();
  const line = usePhoneState((state) => state.line);
  const [withoutNumbers, setWithoutNumbers] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const report = () => reportOf(session, withoutNumbers ? 'removed' : 'kept');
  const change = (next: boolean) => {
    setWithoutNumbers(next);
    setShown(null);
  };
  return (
    <section className="group" aria-labelledby="settings-diagnostics">
      <h3 id="settings-diagnostics">{say('diagnostics.title')}</h3>
      <p className="field-hint">{lineWords(line, say)}</p>
      <p className="field-hint">{say('diagnostics.secrets')}</p>
      <OnOff
        label={say('diagnostics.withoutNumbers')}
        hint={say('diagnostics.withoutNumbers.hint')}
        isOn={withoutNumbers}
        onChange={change}
      />
      <div className="form-actions">
        <ActionButton onPress={() => saveReport(session, withoutNumbers ? 'removed' : 'kept')}>
          {say('diagnostics.save')}
        </ActionButton>
        <ActionButton onPress={() => setShown(shown === null ? report() : null)}>
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

/** Saves the report as one text file. */
export function saveReport(session: Session, numbers: 'kept' | 'removed'): void {
  const { clock, desktop } = session.world;
  const stamp = new Date(clock.now()).toISOString().replace(/[:.]/g, '-');
  const suggestedName = `parkline-report-${stamp}.txt`;
  void saveText({ suggestedName, text: reportOf(session, numbers) }, desktop);
}

function reportOf({ account, phone, world, log }: Session, numbers: 'kept' | 'removed'): string {
  const { line, board, server } = phone.state.getState();
  const { profile, trace, clock } = world;
  return writeReport({
    about: {
      time: new Date(clock.now()).toISOString(),
      app: profile === null ? 'browser' : `desktop ${profile.appVersion}`,
      browser: navigator.userAgent,
      account: `sip:${account.extension}@${account.domain}`,
      server: account.webSocketUrl,
      line: line.kind,
      'parked calls': `${board.sync.kind}, ${board.cards.length}`,
      'server parts': server.kind,
    },
    log: log.entries(),
    trace: trace.entries(),
    numbers,
  });
}
