import {
  ringGroupSchema,
  type RingGroupSummary,
  type RingGroupView,
} from '../../../../shared/config/admin/ring-groups.ts';
import { userListSchema } from '../../../../shared/config/admin/users.ts';
import { RING_MS } from '../../../../shared/domain/ring-group.ts';
import { Choice } from '../../../controls/choice.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import type { ComparedField } from '../../controls/compare-versions.tsx';
import { EditorForm } from '../../controls/editor-form.tsx';
import { OFFERED, type LoadMembers } from '../../controls/member-picker.tsx';
import { MembersField, nameOf } from '../../controls/members-field.tsx';
import { Panel } from '../../controls/page.tsx';
import { query } from '../../model/api.ts';
import {
  atNoAnswer,
  checkRingGroup,
  newRingGroup,
  ringGroupBody,
  savedRingGroup,
  type RingGroupDraft,
} from '../../model/ring-group-draft.ts';
import { usePortal, useTenantPath } from '../../portal-context.tsx';
import type { Editor } from '../../use-editor.ts';
import { useProblemWords, useSay } from '../../words.tsx';
import type { GroupKind } from '../groups/group-kind.ts';
import type { GroupFormProps } from '../groups/group-page.tsx';
import { useGroupEditor } from '../groups/use-group-editor.ts';
import { RingGroupChoice } from '../park-groups/recall-fields.tsx';

const STRATEGIES = ['ring-all', 'in-order', 'longest-idle'] as const;
const KNOWN = ['name', 'extension', 'ringMs', 'noAnswer', 'ringGroupId', 'members'];

/** How ring groups are kept. */
export const ringGroupKind: GroupKind<RingGroupView, RingGroupDraft> = {
  page: 'ring-groups',
  schema: ringGroupSchema,
  fresh: newRingGroup,
  saved: savedRingGroup,
  check: checkRingGroup,
  body: ringGroupBody,
};

/** One ring group: who rings, how, and what becomes of a call that nobody answers. */
export function RingGroupForm({ id, opened, ringGroups }: GroupFormProps<RingGroupDraft>) {
  const say = useSay();
  const { editor, leave } = useGroupEditor(ringGroupKind, { id, opened });
  const others = ringGroups.filter((group) => group.id !== id);
  return (
    <EditorForm
      editor={editor}
      fields={useComparedFields(ringGroups)}
      known={KNOWN}
      onCancel={leave}
    >
      <Panel>
        <Basics editor={editor} />
        <NoAnswerFields editor={editor} others={others} />
      </Panel>
      <Panel title={say('parkGroups.membersTab')}>
        <Members editor={editor} />
      </Panel>
    </EditorForm>
  );
}

function Basics({ editor }: { readonly editor: Editor<RingGroupDraft> }) {
  const say = useSay();
  const words = useProblemWords();
  const { draft, problems, set } = editor;
  const { least, most } = RING_MS;
  return (
    <>
      <TextLine
        label={say('ringGroups.name')}
        hint={say('parkGroups.nameHint')}
        value={draft.name}
        onChange={(name) => set({ name })}
        error={words(problems['name'])}
        isRequired
        autoComplete="off"
      />
      <TextLine
        label={say('ringGroups.number')}
        hint={say('ringGroups.numberHint')}
        value={draft.extension}
        onChange={(extension) => set({ extension })}
        error={words(problems['extension'])}
        inputMode="numeric"
        machine
      />
      <Choice
        label={say('ringGroups.strategy')}
        value={draft.strategy}
        options={STRATEGIES.map((value) => ({ value, label: say(`strategy.${value}`) }))}
        onChange={(strategy) => set({ strategy })}
      />
      <TextLine
        label={say(draft.strategy === 'ring-all' ? 'ringGroups.ringAll' : 'ringGroups.ringEach')}
        hint={say('recall.range', { least: least / 1000, most: most / 1000 })}
        value={draft.ring}
        onChange={(ring) => set({ ring })}
        error={words(problems['ringMs'])}
        inputMode="numeric"
        machine
      />
    </>
  );
}

interface NoAnswerProps {
  readonly editor: Editor<RingGroupDraft>;
  /** Ring groups that calls can go on to. */
  readonly others: readonly RingGroupSummary[];
}

function NoAnswerFields({ editor, others }: NoAnswerProps) {
  const say = useSay();
  const words = useProblemWords();
  const { draft, set } = editor;
  const { noAnswer: problem = null } = atNoAnswer(editor.problems);
  const canRing = others.length > 0 || draft.noAnswer === 'ring-group';
  const kinds = (['hang-up', 'extension', 'ring-group'] as const).filter(
    (kind) => kind !== 'ring-group' || canRing,
  );
  return (
    <>
      <Choice
        label={say('ringGroups.noAnswer')}
        value={draft.noAnswer}
        options={kinds.map((value) => ({ value, label: say(`noAnswer.${value}`) }))}
        error={draft.noAnswer === 'hang-up' ? words(problem) : null}
        onChange={(noAnswer) => set({ noAnswer })}
      />
      {draft.noAnswer === 'extension' ? (
        <TextLine
          label={say('ringGroups.noAnswerExtension')}
          value={draft.noAnswerExtension}
          onChange={(noAnswerExtension) => set({ noAnswerExtension })}
          error={words(problem)}
          inputMode="numeric"
          machine
        />
      ) : null}
      {draft.noAnswer === 'ring-group' ? (
        <RingGroupChoice
          label={say('ringGroups.noAnswerRingGroup')}
          value={draft.noAnswerRingGroup}
          ringGroups={others}
          error={words(problem)}
          onChange={(noAnswerRingGroup) => set({ noAnswerRingGroup })}
        />
      ) : null}
    </>
  );
}

function Members({ editor }: { readonly editor: Editor<RingGroupDraft> }) {
  const say = useSay();
  const words = useProblemWords();
  const { api } = usePortal();
  const path = `${useTenantPath()}/users`;
  const available: LoadMembers = async (search) => {
    const answer = await api.get(`${path}${query({ search, limit: OFFERED })}`, userListSchema);
    if (!answer.ok) return answer;
    const { users, total } = answer.value;
    const members = users.map(({ extension, displayName }) => ({ extension, displayName }));
    return { ok: true, value: { members, total } };
  };
  return (
    <MembersField
      label={say('parkGroups.membersTab')}
      hint={say('ringGroups.membersHint')}
      none={say('warning.ring.no-members')}
      members={editor.draft.members}
      error={words(editor.problems['members'])}
      available={available}
      availableHint={say('ringGroups.availableHint')}
      onChange={(members) => editor.set({ members })}
    />
  );
}

function useComparedFields(
  ringGroups: readonly RingGroupSummary[],
): readonly ComparedField<RingGroupDraft>[] {
  const say = useSay();
  return [
    { key: 'name', label: say('ringGroups.name'), show: ({ name }) => name },
    { key: 'extension', label: say('ringGroups.number'), show: (d) => d.extension || '–' },
    {
      key: 'strategy',
      label: say('ringGroups.strategy'),
      show: ({ strategy }) => say(`strategy.${strategy}`),
    },
    {
      key: 'ring',
      label: say('ringGroups.ringAll'),
      show: ({ ring }) => say('form.seconds', { seconds: ring }),
    },
    {
      key: 'noAnswer',
      label: say('ringGroups.noAnswer'),
      show: ({ noAnswer }) => say(`noAnswer.${noAnswer}`),
    },
    {
      key: 'noAnswerExtension',
      label: say('ringGroups.noAnswerExtension'),
      show: (d) => d.noAnswerExtension || '–',
    },
    {
      key: 'noAnswerRingGroup',
      label: say('ringGroups.noAnswerRingGroup'),
      show: (d) => ringGroups.find(({ id }) => id === d.noAnswerRingGroup)?.name ?? '–',
    },
    {
      key: 'members',
      label: say('parkGroups.membersTab'),
      show: ({ members }) => members.map(nameOf).join(' · '),
    },
  ];
}
