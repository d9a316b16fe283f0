import type { SettingsView } from '../../../../shared/config/admin/tenants.ts';
import type { FeatureCodes } from '../../../../shared/domain/feature-code.ts';
import { ok } from '../../../../shared/domain/result.ts';
import { TextLine } from '../../../controls/text-line.tsx';
import { EditorForm } from '../../controls/editor-form.tsx';
import { Loaded, Page, Panel } from '../../controls/page.tsx';
import { CODE_NAMES, checkCodes, trimmedCodes } from '../../model/settings-draft.ts';
import { usePortal } from '../../portal-context.tsx';
import { useEditor, type Saved } from '../../use-editor.ts';
import { useProblemWords, useSay } from '../../words.tsx';
import { useSettingsStore, type SettingsStore } from './use-settings.ts';

/** The digits that ask for a feature. */
export function FeatureCodesPage() {
  const say = useSay();
  const store = useSettingsStore();
  return (
    <Page section={say('nav.advanced')} title={say('codes.title')} about={say('codes.about')}>
      <Loaded resource={store.resource}>
        {(view) => <CodesForm opened={view} store={store} />}
      </Loaded>
    </Page>
  );
}

function savedCodes({
  settings,
  version,
  changedBy,
  changedAt,
}: SettingsView): Saved<FeatureCodes> {
  return { draft: settings.featureCodes, version, by: changedBy, at: changedAt };
}

function CodesForm({
  opened,
  store,
}: {
  readonly opened: SettingsView;
  readonly store: SettingsStore;
}) {
  const say = useSay();
  const words = useProblemWords();
  const { notices } = usePortal();
  const editor = useEditor<FeatureCodes>({
    opened: savedCodes(opened),
    check: checkCodes,
    read: async () => {
      const answer = await store.read();
      return answer.ok ? ok(savedCodes(answer.value)) : answer;
    },
    save: async (draft, version) => {
      // The other settings go along as they are now; if they are newer than what is open here, the version says so.
      const now = await store.read();
      if (!now.ok) return now;
      const settings = { ...now.value.settings, featureCodes: trimmedCodes(draft) };
      const answer = await store.save(settings, version);
      return answer.ok ? ok(savedCodes(answer.value)) : answer;
    },
    onSaved: () => notices.say({ id: 'notice.settingsSaved' }),
    on: 'settings',
  });
  const fields = CODE_NAMES.map((key) => ({
    key,
    label: say(`codes.${key}`),
    show: (draft: FeatureCodes) => draft[key],
  }));
  return (
    <EditorForm editor={editor} fields={fields} known={CODE_NAMES}>
      <Panel>
        {CODE_NAMES.map((name) => (
          <TextLine
            key={name}
            label={say(`codes.${name}`)}
            hint={say(`codes.${name}Hint`, { code: editor.draft[name] })}
            value={editor.draft[name]}
            onChange={(code) => editor.set({ [name]: code })}
            error={words(editor.problems[name])}
            machine
            autoComplete="off"
          />
        ))}
      </Panel>
    </EditorForm>
  );
}
