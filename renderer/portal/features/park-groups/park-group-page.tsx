import { useSay } from '../../words.tsx';
import { GroupPage } from '../groups/group-page.tsx';
import { ParkGroupForm, parkGroupKind } from './park-group-form.tsx';

/** Add (`id` null) or edit one Call Park group. */
export function ParkGroupPage({ id }: { readonly id: string | null }) {
  const say = useSay();
  return (
    <GroupPage
      kind={parkGroupKind}
      id={id}
      words={{
        section: say('parkGroups.title'),
        addTitle: say('parkGroups.addTitle'),
        editTitle: say('parkGroups.editTitle'),
        deleteTitle: (name) => say('parkGroups.deleteTitle', { name }),
        deleteWords: say('parkGroups.deleteWords'),
      }}
      warnings={({ warnings }) => warnings.map((warning) => say(`warning.${warning}`))}
      form={(props) => <ParkGroupForm {...props} />}
    />
  );
}
