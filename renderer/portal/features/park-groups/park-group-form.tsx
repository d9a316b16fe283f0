import { TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import {
  availableMembersSchema,
  parkGroupSchema,
  type ParkGroupView,
} from '../../../../shared/config/admin/park-groups.ts';
import type { RingGroupSummary } from '../../../../shared/config/admin/ring-groups.ts';
import { TextLine } from '../../../controls/text-line.tsx';
import type { ComparedField } from '../../controls/compare-versions.tsx';
import { EditorForm } from '../../controls/editor-form.tsx';
import { OFFERED } from '../../controls/member-picker.tsx';
import { MembersField, nameOf } from '../../controls/members-field.tsx';
import { query } from '../../model/api.ts';
import {
  checkParkGroup,
  newParkGroup,
  parkGroupBody,
  savedParkGroup,
  type ParkGroupDraft,
} from '../../model/park-group-draft.ts';
import { usePortal, useTenantPath } from '../../portal-context.tsx';
import type { Editor } from '../../use-editor.ts';
import { useProblemWords, useSay } from '../../words.tsx';
import type { GroupKind } from '../groups/group-kind.ts';
import type { GroupFormProps } from '../groups/group-page.tsx';
import { useGroupEditor } from '../groups/use-group-editor.ts';
import { RECALL_FIELDS, RecallFields } from './recall-fields.tsx';

const KNOWN = ['name', 'members', ...RECALL_FIELDS];

/** How Call Park groups are kept. */
export const parkGroupKind: GroupKind<ParkGroupView, ParkGroupDraft> = {
  page: 'park-groups',
  schema: parkGroupSchema,
  fresh: newParkGroup,
  saved: savedParkGroup,
  check: checkParkGroup,
  body: parkGroupBody,
};

/** *Settings* and *Group members* of one Call Park group. */
export function ParkGroupForm({ id, opened, ringGroups }: GroupFormProps<ParkGroupDraft>) {
  const { editor, leave } = useGroupEditor(parkGroupKind, { id, opened });
  return (
    <EditorForm
      editor={editor}
      fields={useComparedFields(ringGroups)}
      known={KNOWN}
      onCancel={leave}
    >
      <GroupTabs id={id} editor={editor} ringGroups={ringGroups} />
    </EditorForm>
  );
}

interface GroupTabsProps {
  readonly id: string | null;
  readonly editor: Editor<ParkGroupDraft>;
  readonly ringGroups: readonly RingGroupSummary[];
}

type TabName = 'settings' | 'members';

function GroupTabs({ id, editor, ringGroups }: GroupTabsProps) {
  const say = useSay();
  const [tab, setTab] = useState<TabName>('settings');
  const { problems } = editor;
  const atMembers = problems['members'] !== undefined;
  const atSettings = Object.keys(problems).some((field) => field !== 'members');
  useEffect(() => {
    // What has to be mended comes into view.
    if (atSettings) setTab('settings');
    else if (atMembers) setTab('members');
  }, [problems, atSettings, atMembers]);
  return (
    <Tabs
      className="tabs"
      selectedKey={tab}
      onSelectionChange={(key) => setTab(key === 'members' ? 'members' : 'settings')}
    >
      <TabList className="tab-list" aria-label={say('parkGroups.tabs')}>
        <Tab id="settings" className="tab-head">
          {atSettings ? <TriangleAlert aria-hidden className="icon icon-small" /> : null}
          {say('parkGroups.settingsTab')}
        </Tab>
        <Tab id="members" className="tab-head">
          {atMembers ? <TriangleAlert aria-hidden className="icon icon-small" /> : null}
          {say('parkGroups.membersTab')}
          <span className="tab-count">{editor.draft.members.length}</span>
        </Tab>
      </TabList>
      <TabPanel id="settings" className="panel tab-panel">
        <GroupSettings editor={editor} ringGroups={ringGroups} />
      </TabPanel>
      <TabPanel id="members" className="panel tab-panel">
        <GroupMembers id={id} editor={editor} />
      </TabPanel>
    </Tabs>
  );
}

function GroupSettings({ editor, ringGroups }: Omit<GroupTabsProps, 'id'>) {
  const say = useSay();
  const words = useProblemWords();
  const { draft, problems, set } = editor;
  return (
    <>
      <TextLine
        label={say('parkGroups.name')}
        hint={say('parkGroups.nameHint')}
        value={draft.name}
        onChange={(name) => set({ name })}
        error={words(problems['name'])}
        isRequired
        autoComplete="off"
      />
      <RecallFields draft={draft} problems={problems} ringGroups={ringGroups} onChange={set} />
      <p className="field-hint">{say('parkGroups.fromNowOn')}</p>
    </>
  );
}

function GroupMembers({ id, editor }: Omit<GroupTabsProps, 'ringGroups'>) {
  const say = useSay();
  const words = useProblemWords();
  const { api } = usePortal();
  const path = `${useTenantPath()}/park-groups/available-members`;
  return (
    <MembersField
      label={say('parkGroups.membersTab')}
      hint={say('parkGroups.membersHint')}
      none={say('warning.no-members')}
      members={editor.draft.members}
      error={words(editor.problems['members'])}
      available={(search) =>
        api.get(
          `${path}${query({ for: id ?? undefined, search, limit: OFFERED })}`,
          availableMembersSchema,
        )
      }
      availableHint={say('parkGroups.availableHint')}
      onChange={(members) => editor.set({ members })}
    />
  );
}

function useComparedFields(
  ringGroups: readonly RingGroupSummary[],
): readonly ComparedField<ParkGroupDraft>[] {
  const say = useSay();
  const seconds = (text: string) => say('form.seconds', { seconds: text });
  return [
    { key: 'name', label: say('parkGroups.name'), show: ({ name }) => name },
    {
      key: 'destination',
      label: say('recall.destination'),
      show: ({ destination }) => say(`recall.${destination}`),
    },
    {
      key: 'ringGroupId',
      label: say('recall.ringGroup'),
      show: ({ ringGroupId }) => ringGroups.find(({ id }) => id === ringGroupId)?.name ?? '–',
    },
    { key: 'timer', label: say('recall.timer'), show: ({ timer }) => seconds(timer) },
    { key: 'wait', label: say('recall.wait'), show: ({ wait }) => seconds(wait) },
    { key: 'retry', label: say('recall.retry'), show: ({ retry }) => seconds(retry) },
    {
      key: 'members',
      label: say('parkGroups.membersTab'),
      show: ({ members }) => (
        <ol className="version-list">
          {members.map((member) => (
            <li key={member.extension}>{nameOf(member)}</li>
          ))}
        </ol>
      ),
    },
  ];
}
