import { useSay } from '../../words.tsx';
import { GroupPage } from '../groups/group-page.tsx';
import { RingGroupForm, ringGroupKind } from './ring-group-form.tsx';

/** Add (`id` null) or edit one ring group. */
export function RingGroupPage({ id }: { readonly id: string | null }) {
  const say = useSay();
  return (
    <GroupPage
      kind={ringGroupKind}
      id={id}
      words={{
        section: say('ringGroups.title'),
        addTitle: say('ringGroups.addTitle'),
        editTitle: say('ringGroups.editTitle'),
        deleteTitle: (name) => say('ringGroups.deleteTitle', { name }),
        deleteWords: say('ringGroups.deleteWords'),
      }}
      warnings={({ warnings }) => warnings.map((warning) => say(`warning.ring.${warning}`))}
      form={(props) => <RingGroupForm {...props} />}
    />
  );
}
