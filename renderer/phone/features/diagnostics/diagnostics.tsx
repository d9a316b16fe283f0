import { useState } from 'react';
import { ActionButton } from '../../../controls/action-button.tsx';
import { OnOff } from '../../../controls/on-off.tsx';
import type { Session } from '../../model/session.ts';
import { useEachPhone, useSwitchboard } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { lineWords } from '../shell/line-words.ts';
import { writeReport } from './report.ts';
import { saveText } from './save-text.ts';

/** What support asks for: where the line stands, and one file of what happened, everything secret taken out. */
export function Diagnostics() {
  const say = useSay();
  const { sessions } = useSwitchboard();
  const lines = useEachPhone((state) => state.line);
  const [withoutNumbers, setWithoutNumbers] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const report = () => reportOf(sessions, withoutNumbers ? 'removed' : 'kept');
  const change = (next: boolean) => {
    setWithoutNumbers(next);
    setShown(null);
  };
  return (
    <section className="group" aria-labelledby="settings-diagnostics">
      <h3 id="settings-diagnostics">{say('diagnostics.title')}</h3>
      {lines.map((line, at) => (
        <p key={sessions[at]?.account.key ?? at} className="field-hint">
          {sessions.length < 2 ? '' : `${sessions[at]?.mark ?? ''}: `}
          {lineWords(line, say)}
        </p>
      ))}
      <p className="field-hint">{say('diagnostics.secrets')}</p>
      <OnOff
        label={say('diagnostics.withoutNumbers')}
        hint={say('diagnostics.withoutNumbers.hint')}
        isOn={withoutNumbers}
        onChange={change}
      />
      <div className="form-actions">
        <ActionButton onPress={() => saveReport(sessions, withoutNumbers ? 'removed' : 'kept')}>
          {say('diagnostics.save')}
        </ActionButton>
        <ActionButton onPress={() => setShown(shown === null ? report() : null)}>
          {shown === null ? say('diagnostics.show') : say('diagnostics.hide')}
        </ActionButton>
        <ActionButton
          onPress={() => {
            for (const { phone } of sessions) phone.line.nudge('asked by the user');
          }}
        >
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
export function saveReport(sessions: readonly Session[], numbers: 'kept' | 'removed'): void {
  const [first] = sessions;
  if (first === undefined) return;
  const { clock, desktop } = first.world;
  const stamp = new Date(clock.now()).toISOString().replace(/[:.]/g, '-');
  const suggestedName = `parkline-report-${stamp}.txt`;
  void saveText({ suggestedName, text: reportOf(sessions, numbers) }, desktop);
}

function reportOf(sessions: readonly Session[], numbers: 'kept' | 'removed'): string {
  const [first] = sessions;
  if (first === undefined) return '';
  const { profile, trace, clock } = first.world;
  return writeReport({
    about: {
      time: new Date(clock.now()).toISOString(),
      app: profile === null ? 'browser' : `desktop ${profile.appVersion}`,
      browser: navigator.userAgent,
      ...Object.assign({}, ...sessions.map(aboutAccount)),
    },
    log: sessions.flatMap(({ log }) => log.entries()),
    trace: trace.entries(),
    numbers,
  });
}

function aboutAccount({ account, phone }: Session, at: number): Readonly<Record<string, string>> {
  const { line, board, server } = phone.state.getState();
  const facts = {
    account: `sip:${account.extension}@${account.domain}`,
    server: account.webSocketUrl,
    line: line.kind,
    'parked calls': `${board.sync.kind}, ${board.cards.length}`,
    'server parts': server.kind,
  };
  const which = at === 0 ? '' : ` ${at + 1}`;
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name + which, fact]));
}
