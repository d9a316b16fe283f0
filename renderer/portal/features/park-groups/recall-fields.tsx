import { Choice } from '../../../controls/choice.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import {
  ringGroupListSchema,
  type RingGroupSummary,
} from '../../../../shared/config/admin/ring-groups.ts';
import { PORTAL_RECALL_SECONDS } from '../../../../shared/config/admin/park-groups.ts';
import { query } from '../../model/api.ts';
import type { DestinationKind, RecallDraft } from '../../model/recall-draft.ts';
import type { Problems } from '../../model/problem.ts';
import { useResource, usePortal, useTenantPath, type Resource } from '../../portal-context.tsx';
import { PageLink } from '../../controls/page-link.tsx';
import { useTenantId } from '../../portal-context.tsx';
import { useProblemWords, useSay } from '../../words.tsx';

const DESTINATIONS = ['parker', 'parker-then-ring-group', 'ring-group'] as const;

/** Fields of which a refusal is shown in place. */
export const RECALL_FIELDS = [
  'ringGroupId',
  'recall.timerMs',
  'recall.retryMs',
  'recall.destination.waitMs',
] as const;

/** All ring groups of the tenant, for choosing. */
export function useRingGroups(): Resource<readonly RingGroupSummary[]> {
  const { api } = usePortal();
  const path = `${useTenantPath()}/ring-groups${query({ limit: 10_000 })}`;
  return useResource({
    key: path,
    on: ['ring-groups', 'users'],
    load: async () => {
      const answer = await api.get(path, ringGroupListSchema);
      return answer.ok ? { ok: true, value: answer.value.groups } : answer;
    },
  });
}

interface RecallFieldsProps {
  readonly draft: RecallDraft;
  readonly problems: Problems;
  readonly ringGroups: readonly RingGroupSummary[];
  /** Times that were set outside of what the portal offers are explained, not refused. */
  onChange(change: Partial<RecallDraft>): void;
}

/** When an unretrieved call is recalled, and where it goes. Only what can be chosen is offered. */
export function RecallFields({ draft, problems, ringGroups, onChange }: RecallFieldsProps) {
  const say = useSay();
  const words = useProblemWords();
  const { least, most } = PORTAL_RECALL_SECONDS;
  const canRing = ringGroups.length > 0 || draft.destination !== 'parker';
  const destinations = canRing ? DESTINATIONS : (['parker'] as const);
  return (
    <>
      <Choice<DestinationKind>
        label={say('recall.destination')}
        value={draft.destination}
        options={destinations.map((value) => ({ value, label: say(`recall.${value}`) }))}
        hint={say(`recall.hint.${draft.destination}`)}
        onChange={(destination) => onChange({ destination })}
      />
      {canRing ? null : <NoRingGroup />}
      {draft.destination === 'parker' ? null : (
        <RingGroupChoice
          label={say('recall.ringGroup')}
          value={draft.ringGroupId}
          ringGroups={ringGroups}
          error={words(problems['ringGroupId'])}
          onChange={(ringGroupId) => onChange({ ringGroupId })}
        />
      )}
      <div className="fields-row">
        <TextLine
          label={say('recall.timer')}
          hint={say('recall.range', { least, most })}
          value={draft.timer}
          onChange={(timer) => onChange({ timer })}
          error={words(problems['recall.timerMs'])}
          inputMode="numeric"
          machine
        />
        {draft.destination === 'parker-then-ring-group' ? (
          <TextLine
            label={say('recall.wait')}
            hint={say('recall.range', { least, most })}
            value={draft.wait}
            onChange={(wait) => onChange({ wait })}
            error={words(problems['recall.destination.waitMs'])}
            inputMode="numeric"
            machine
          />
        ) : null}
        {draft.destination === 'parker' ? (
          <TextLine
            label={say('recall.retry')}
            hint={say('recall.retryHint')}
            value={draft.retry}
            onChange={(retry) => onChange({ retry })}
            error={words(problems['recall.retryMs'])}
            inputMode="numeric"
            machine
          />
        ) : null}
      </div>
    </>
  );
}

function NoRingGroup() {
  const say = useSay();
  const tenantId = useTenantId();
  return (
    <p className="field-hint">
      {say('recall.noRingGroup')}{' '}
      <PageLink to={{ kind: 'tenant', tenantId, page: 'ring-groups', item: 'new' }}>
        {say('ringGroups.add')}
      </PageLink>
    </p>
  );
}

interface RingGroupChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly ringGroups: readonly RingGroupSummary[];
  readonly error: string | null;
  onChange(id: string): void;
}

/** One of the ring groups; one that was deleted since stays visible as such. */
export function RingGroupChoice({ value, ringGroups, ...rest }: RingGroupChoiceProps) {
  const say = useSay();
  const options = ringGroups.map(({ id, name, memberCount }) => ({
    value: String(id),
    label: memberCount === 0 ? say('recall.emptyRingGroup', { name }) : name,
  }));
  const gone = value !== '' && !options.some((option) => option.value === value);
  return (
    <Choice
      {...rest}
      value={value}
      options={gone ? [...options, { value, label: say('recall.deletedRingGroup') }] : options}
      placeholder={say('common.choose')}
    />
  );
}
