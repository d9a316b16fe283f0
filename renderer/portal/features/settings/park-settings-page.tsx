import type { RingGroupSummary } from '../../../../shared/config/admin/ring-groups.ts';
import type { SettingsView } from '../../../../shared/config/admin/tenants.ts';
import { ok } from '../../../../shared/domain/result.ts';
import type { ComparedField } from '../../controls/compare-versions.tsx';
import { EditorForm } from '../../controls/editor-form.tsx';
import { Loaded, Page, Panel } from '../../controls/page.tsx';
import { SavedFacts } from '../../controls/saved-facts.tsx';
import {
  checkSettings,
  savedSettings,
  settingsBody,
  type SettingsDraft,
} from '../../model/settings-draft.ts';
import { usePortal } from '../../portal-context.tsx';
import { useEditor } from '../../use-editor.ts';
import { useSay } from '../../words.tsx';
import { RECALL_FIELDS, RecallFields, useRingGroups } from '../park-groups/recall-fields.tsx';
import { AccessFields, AnnouncementFields, CapFields, PhoneFields } from './setting-fields.tsx';
import { RuleFields } from './rule-fields.tsx';
import { useSettingsStore, type SettingsStore } from './use-settings.ts';

const KNOWN = [
  ...RECALL_FIELDS,
  'parkedCallsPerExtension',
  'parkedCallsPerTenant',
  'journalDays',
  'parkConfirmHoldMs',
  'announcementLanguage',
  'userAgentRules',
];

/** Recall of calls parked on extensions, caps, access, announcements. */
export function ParkSettingsPage() {
  const say = useSay();
  const store = useSettingsStore();
  const ringGroups = useRingGroups();
  return (
    <Page section={say('nav.advanced')} title={say('settings.title')} about={say('settings.about')}>
      <Loaded resource={store.resource}>
        {(view) => (
          <>
            <SavedFacts
              {...view}
              warnings={view.warnings.map((warning) => say(`warning.${warning}`))}
            />
            <Loaded resource={ringGroups}>
              {(groups) => <SettingsForm opened={view} store={store} ringGroups={groups} />}
            </Loaded>
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface SettingsFormProps {
  readonly opened: SettingsView;
  readonly store: SettingsStore;
  readonly ringGroups: readonly RingGroupSummary[];
}

function SettingsForm({ opened, store, ringGroups }: SettingsFormProps) {
  const say = useSay();
  const { notices } = usePortal();
  const codes = opened.settings.featureCodes;
  const editor = useEditor<SettingsDraft>({
    opened: savedSettings(opened),
    check: (draft, base) => checkSettings(draft, base, codes),
    read: async () => {
      const answer = await store.read();
      return answer.ok ? ok(savedSettings(answer.value)) : answer;
    },
    save: async (draft, version) => {
      // The codes go along as they are now; if they are newer than what is open here, the version says so.
      const now = await store.read();
      if (!now.ok) return now;
      const answer = await store.save(
        settingsBody(draft, now.value.settings.featureCodes),
        version,
      );
      return answer.ok ? ok(savedSettings(answer.value)) : answer;
    },
    onSaved: () => notices.say({ id: 'notice.settingsSaved' }),
    on: 'settings',
  });
  const { draft, problems, set } = editor;
  const part = { draft, problems, onChange: set };
  return (
    <EditorForm editor={editor} fields={useComparedFields(ringGroups)} known={KNOWN}>
      <Panel title={say('settings.recall')} about={say('settings.recallAbout')}>
        <RecallFields {...part} ringGroups={ringGroups} />
        <p className="field-hint">{say('parkGroups.fromNowOn')}</p>
      </Panel>
      <Panel title={say('settings.caps')}>
        <CapFields {...part} />
      </Panel>
      <Panel title={say('settings.access')}>
        <AccessFields {...part} />
      </Panel>
      <Panel title={say('settings.announcements')}>
        <AnnouncementFields {...part} />
      </Panel>
      <Panel title={say('settings.phones')} about={say('settings.phonesAbout')}>
        <PhoneFields {...part} />
        <RuleFields {...part} />
      </Panel>
    </EditorForm>
  );
}

function useComparedFields(
  ringGroups: readonly RingGroupSummary[],
): readonly ComparedField<SettingsDraft>[] {
  const say = useSay();
  const seconds = (text: string) => say('form.seconds', { seconds: text });
  const yesNo = (isOn: boolean) => say(isOn ? 'common.yes' : 'common.no');
  return [
    {
      key: 'destination',
      label: say('recall.destination'),
      show: (d) => say(`recall.${d.destination}`),
    },
    {
      key: 'ringGroupId',
      label: say('recall.ringGroup'),
      show: (d) => ringGroups.find(({ id }) => id === d.ringGroupId)?.name ?? '–',
    },
    { key: 'timer', label: say('recall.timer'), show: (d) => seconds(d.timer) },
    { key: 'wait', label: say('recall.wait'), show: (d) => seconds(d.wait) },
    { key: 'retry', label: say('recall.retry'), show: (d) => seconds(d.retry) },
    { key: 'perExtension', label: say('settings.perExtension'), show: (d) => d.perExtension },
    { key: 'perTenant', label: say('settings.perTenant'), show: (d) => d.perTenant },
    { key: 'journalDays', label: say('settings.journalDays'), show: (d) => d.journalDays },
    { key: 'watch', label: say('settings.watch'), show: (d) => say(`who.${d.watch}`) },
    {
      key: 'retrieveBy',
      label: say('settings.retrieveBy'),
      show: (d) => say(`who.${d.retrieveBy}`),
    },
    { key: 'alertParker', label: say('settings.alertParker'), show: (d) => yesNo(d.alertParker) },
    {
      key: 'followRedirects',
      label: say('settings.followRedirects'),
      show: (d) => say(`redirects.${d.followRedirects}`),
    },
    {
      key: 'parkConfirmation',
      label: say('settings.parkConfirmation'),
      show: (d) => say(`confirmation.${d.parkConfirmation}`),
    },
    {
      key: 'announceRefusals',
      label: say('settings.announceRefusals'),
      show: (d) => yesNo(d.announceRefusals),
    },
    {
      key: 'announcementLanguage',
      label: say('settings.announcementLanguage'),
      show: (d) => d.announcementLanguage,
    },
    { key: 'dialogState', label: say('settings.dialogState'), show: (d) => d.dialogState },
    {
      key: 'challenge',
      label: say('settings.challenge'),
      show: (d) => say(`digest.${d.challenge}`),
    },
    { key: 'confirmHold', label: say('settings.confirmHold'), show: (d) => seconds(d.confirmHold) },
    {
      key: 'rules',
      label: say('settings.rules'),
      show: (d) => d.rules.map(({ userAgent }) => userAgent).join(', ') || '–',
    },
  ];
}
