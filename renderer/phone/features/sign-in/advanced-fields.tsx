import { ChevronRight } from 'lucide-react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { parseSlots, type PbxChoice, type PbxKind } from '../../../../shared/phone/pbx-profile.ts';
import { Choice } from '../../../controls/choice.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import type { SignInForm } from '../../model/sign-in.ts';
import { useSay } from '../../text.tsx';

interface FieldsProps {
  readonly form: SignInForm;
  change(patch: Partial<SignInForm>): void;
}

/** What only servers need that do not describe themselves: which telephone system, and where its WebSocket is. */
export function AdvancedFields({ form, change }: FieldsProps) {
  const say = useSay();
  return (
    <Disclosure
      className="disclosure"
      defaultExpanded={form.pbx !== null || form.webSocketUrl !== ''}
    >
      <Heading level={2} className="disclosure-head">
        <Button slot="trigger" className="button button-quiet">
          <ChevronRight aria-hidden className="icon icon-small disclosure-mark" />
          {say('signIn.advanced')}
        </Button>
      </Heading>
      <DisclosurePanel className="disclosure-panel">
        <PbxFields form={form} change={change} />
        <TextLine
          label={say('signIn.webSocket')}
          hint={say('signIn.webSocketHint')}
          value={form.webSocketUrl}
          onChange={(webSocketUrl) => change({ webSocketUrl })}
          machine
          placeholder="wss://pbx.example:7443/"
        />
        <TextLine
          label={say('signIn.domain')}
          hint={say('signIn.domainHint')}
          value={form.domain}
          onChange={(domain) => change({ domain })}
          machine
        />
      </DisclosurePanel>
    </Disclosure>
  );
}

type Offered = 'automatic' | Exclude<PbxKind, 'parkline'>;

function PbxFields({ form, change }: FieldsProps) {
  const say = useSay();
  const { pbx } = form;
  const value: Offered = pbx === null || pbx.kind === 'parkline' ? 'automatic' : pbx.kind;
  const choose = (kind: Offered) =>
    change({ pbx: kind === 'automatic' ? null : { kind, slots: '', parkCode: '' } });
  return (
    <>
      <Choice<Offered>
        label={say('signIn.pbx')}
        value={value}
        options={[
          { value: 'automatic', label: say('signIn.pbx.automatic') },
          { value: 'portsip', label: 'PortSIP PBX' },
          { value: 'asterisk', label: 'Asterisk, FreePBX' },
          { value: 'generic', label: say('signIn.pbx.generic') },
        ]}
        onChange={choose}
      />
      {pbx?.kind === 'asterisk' ? (
        <ParkingLot pbx={pbx} onChange={(next) => change({ pbx: next })} />
      ) : null}
    </>
  );
}

function ParkingLot({
  pbx,
  onChange,
}: {
  readonly pbx: PbxChoice;
  onChange(pbx: PbxChoice): void;
}) {
  const say = useSay();
  const slots = parseSlots(pbx.slots);
  const wrong = slots.ok || slots.error === 'empty' ? null : slots.error;
  return (
    <>
      <TextLine
        label={say('signIn.parkCode')}
        value={pbx.parkCode}
        onChange={(parkCode) => onChange({ ...pbx, parkCode })}
        machine
        placeholder="700"
      />
      <TextLine
        label={say('signIn.slots')}
        hint={say('signIn.slotsHint')}
        value={pbx.slots}
        onChange={(next) => onChange({ ...pbx, slots: next })}
        error={
          wrong === null
            ? null
            : say(wrong === 'too-many' ? 'signIn.slots.tooMany' : 'signIn.slots.wrong')
        }
        machine
        placeholder="701-720"
      />
    </>
  );
}
