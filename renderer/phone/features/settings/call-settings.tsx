import { useState } from 'react';
import { Form } from 'react-aria-components';
import { noForwarding, type Forwarding } from '../../../../shared/domain/call-forwarding.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Choice } from '../../../controls/choice.tsx';
import { OnOff } from '../../../controls/on-off.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import {
  useEachPhone,
  usePhoneState,
  useSession,
  useSessions,
  useSettings,
} from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { ForAccount } from '../accounts/for-account.tsx';
import { cleanDialled } from '../../model/dialled-text.ts';

/** What becomes of an account's calls: forwarding by the server, do-not-disturb, answering by itself, keys. */
export function CallSettings() {
  const say = useSay();
  return (
    <section className="group" aria-labelledby="settings-calls">
      <h3 id="settings-calls">{say('settings.calls')}</h3>
      <ForAccount>
        <CallSettingsOf />
      </ForAccount>
    </section>
  );
}

function CallSettingsOf() {
  const say = useSay();
  const { settings } = useSession();
  const now = useSettings();
  const forwarding = usePhoneState((state) => state.forwarding);
  return (
    <>
      {forwarding === null ? null : <ForwardingForm saved={forwarding} />}
      {useSessions().length < 2 ? null : (
        <OnOff
          label={say('header.doNotDisturb')}
          isOn={now.doNotDisturb}
          onChange={(doNotDisturb) => settings.change({ doNotDisturb })}
        />
      )}
      <OnOff
        label={say('settings.autoAnswer')}
        hint={say('settings.autoAnswer.hint')}
        isOn={now.autoAnswer}
        onChange={(autoAnswer) => settings.change({ autoAnswer })}
      />
      <Choice
        label={say('settings.digits')}
        value={now.digitsBy}
        options={[
          { value: 'rfc4733', label: say('settings.digits.rfc4733') },
          { value: 'info', label: say('settings.digits.info') },
        ]}
        onChange={(digitsBy) => settings.change({ digitsBy })}
      />
    </>
  );
}

const WAITS = [10, 15, 20, 30, 45, 60, 90] as const;
const USUAL_WAIT_S = 20;

/** A forwarding as the form has it. */
const fieldsOf = ({ always, busy, noAnswer }: Forwarding) => ({
  always: always ?? '',
  busy: busy ?? '',
  noAnswer: noAnswer?.to ?? '',
  after: String(Math.round((noAnswer?.afterMs ?? USUAL_WAIT_S * 1000) / 1000)),
});

/** Empty fields forward nothing. */
function ForwardingForm({ saved }: { readonly saved: Forwarding }) {
  const say = useSay();
  const { server } = useSession();
  const sessions = useSessions();
  const known = useEachPhone((state) => state.forwarding !== null);
  const able = sessions.filter((_, at) => known[at]);
  const [fields, setFields] = useState(() => fieldsOf(saved));
  const [shown, setShown] = useState(saved);
  // What another phone of mine saved shows here, too; the fields stay, and the focus with them.
  if (JSON.stringify(shown) !== JSON.stringify(saved)) {
    setShown(saved);
    setFields(fieldsOf(saved));
  }
  const { always, busy, noAnswer, after } = fields;
  const change = (name: keyof typeof fields) => (text: string) =>
    setFields((before) => ({ ...before, [name]: text }));
  const waits = [...new Set([...WAITS.map(String), after])].sort((a, b) => Number(a) - Number(b));
  const target = (text: string) => (cleanDialled(text) === '' ? null : cleanDialled(text));
  const typed = (): Forwarding => {
    const to = target(noAnswer);
    return {
      ...noForwarding,
      always: target(always),
      busy: target(busy),
      noAnswer: to === null ? null : { to, afterMs: Number(after) * 1000 },
    };
  };
  const save = () => void server.setForwarding(typed());
  const saveForAll = () => able.forEach((session) => void session.server.setForwarding(typed()));
  return (
    <Form
      className="form"
      aria-label={say('forward.title')}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <h4 className="page-subtitle">{say('forward.title')}</h4>
      <p className="field-hint">{say('forward.hint')}</p>
      <TextLine label={say('forward.always')} value={always} onChange={change('always')} machine />
      <TextLine label={say('forward.busy')} value={busy} onChange={change('busy')} machine />
      <TextLine
        label={say('forward.noAnswer')}
        value={noAnswer}
        onChange={change('noAnswer')}
        machine
      />
      <Choice
        label={say('forward.after')}
        value={after}
        options={waits.map((value) => ({
          value,
          label: say('forward.seconds', { seconds: Number(value) }),
        }))}
        onChange={change('after')}
      />
      <div className="form-actions">
        {able.length < 2 ? null : (
          <ActionButton onPress={saveForAll}>{say('forward.saveAll')}</ActionButton>
        )}
        <ActionButton type="submit" tone="accent">
          {say('forward.save')}
        </ActionButton>
      </div>
    </Form>
  );
}
