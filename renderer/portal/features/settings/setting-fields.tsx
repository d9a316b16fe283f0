import { Choice } from '../../../controls/choice.tsx';
import { OnOff } from '../../../controls/on-off.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import type { Problems } from '../../model/problem.ts';
import type { SettingsDraft } from '../../model/settings-draft.ts';
import { useProblemWords, useSay } from '../../words.tsx';

export interface SettingPartProps {
  readonly draft: SettingsDraft;
  readonly problems: Problems;
  onChange(change: Partial<SettingsDraft>): void;
}

/** How many calls, and how long they are remembered. */
export function CapFields({ draft, problems, onChange }: SettingPartProps) {
  const say = useSay();
  const words = useProblemWords();
  return (
    <div className="fields-row">
      <TextLine
        label={say('settings.perExtension')}
        hint={say('settings.perExtensionHint')}
        value={draft.perExtension}
        onChange={(perExtension) => onChange({ perExtension })}
        error={words(problems['parkedCallsPerExtension'])}
        inputMode="numeric"
        machine
      />
      <TextLine
        label={say('settings.perTenant')}
        hint={say('settings.perTenantHint')}
        value={draft.perTenant}
        onChange={(perTenant) => onChange({ perTenant })}
        error={words(problems['parkedCallsPerTenant'])}
        inputMode="numeric"
        machine
      />
      <TextLine
        label={say('settings.journalDays')}
        hint={say('settings.journalDaysHint')}
        value={draft.journalDays}
        onChange={(journalDays) => onChange({ journalDays })}
        error={words(problems['journalDays'])}
        inputMode="numeric"
        machine
      />
    </div>
  );
}

/** Who may watch and take, who is alerted. */
export function AccessFields({ draft, onChange }: SettingPartProps) {
  const say = useSay();
  return (
    <>
      <Choice
        label={say('settings.watch')}
        hint={say('settings.watchHint')}
        value={draft.watch}
        options={(['own', 'group', 'tenant'] as const).map((value) => ({
          value,
          label: say(`who.${value}`),
        }))}
        onChange={(watch) => onChange({ watch })}
      />
      <Choice
        label={say('settings.retrieveBy')}
        hint={say('settings.retrieveByHint')}
        value={draft.retrieveBy}
        options={(['owner', 'group', 'tenant'] as const).map((value) => ({
          value,
          label: say(`who.${value}`),
        }))}
        onChange={(retrieveBy) => onChange({ retrieveBy })}
      />
      <OnOff
        label={say('settings.alertParker')}
        hint={say('settings.alertParkerHint')}
        isOn={draft.alertParker}
        onChange={(alertParker) => onChange({ alertParker })}
      />
      <Choice
        label={say('settings.followRedirects')}
        value={draft.followRedirects}
        options={(['inside-tenant', 'never'] as const).map((value) => ({
          value,
          label: say(`redirects.${value}`),
        }))}
        onChange={(followRedirects) => onChange({ followRedirects })}
      />
    </>
  );
}

/** What is heard. */
export function AnnouncementFields({ draft, problems, onChange }: SettingPartProps) {
  const say = useSay();
  const words = useProblemWords();
  return (
    <>
      <Choice
        label={say('settings.parkConfirmation')}
        value={draft.parkConfirmation}
        options={(['tone', 'spoken'] as const).map((value) => ({
          value,
          label: say(`confirmation.${value}`),
        }))}
        onChange={(parkConfirmation) => onChange({ parkConfirmation })}
      />
      <OnOff
        label={say('settings.announceRefusals')}
        hint={say('settings.announceRefusalsHint')}
        isOn={draft.announceRefusals}
        onChange={(announceRefusals) => onChange({ announceRefusals })}
      />
      <TextLine
        label={say('settings.announcementLanguage')}
        hint={say('settings.announcementLanguageHint')}
        value={draft.announcementLanguage}
        onChange={(announcementLanguage) => onChange({ announcementLanguage })}
        error={words(problems['announcementLanguage'])}
        machine
      />
    </>
  );
}

/** What phones are sent. */
export function PhoneFields({ draft, problems, onChange }: SettingPartProps) {
  const say = useSay();
  const words = useProblemWords();
  return (
    <>
      <Choice
        label={say('settings.dialogState')}
        hint={say('settings.dialogStateHint')}
        value={draft.dialogState}
        options={(['confirmed', 'early'] as const).map((value) => ({
          value,
          label: say(`dialogState.${value}`),
        }))}
        onChange={(dialogState) => onChange({ dialogState })}
      />
      <Choice
        label={say('settings.challenge')}
        value={draft.challenge}
        options={(['md5', 'both', 'sha256'] as const).map((value) => ({
          value,
          label: say(`digest.${value}`),
        }))}
        onChange={(challenge) => onChange({ challenge })}
      />
      <TextLine
        label={say('settings.confirmHold')}
        hint={say('settings.confirmHoldHint')}
        value={draft.confirmHold}
        onChange={(confirmHold) => onChange({ confirmHold })}
        error={words(problems['parkConfirmHoldMs'])}
        inputMode="numeric"
        machine
      />
    </>
  );
}
