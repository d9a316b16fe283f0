import type { Answer } from '../../model/api.ts';
import { usePortal, useTenantId, useTenantPath } from '../../portal-context.tsx';
import { useEditor, type Editor, type Saved } from '../../use-editor.ts';
import type { GroupDraft, GroupKind, GroupView } from './group-kind.ts';

interface Opened<Draft> {
  /** `null`: a new group. */
  readonly id: string | null;
  readonly opened: Saved<Draft>;
}

/** The form of one group; saved or left, it gives way to the list. */
export function useGroupEditor<View extends GroupView, Draft extends GroupDraft>(
  kind: GroupKind<View, Draft>,
  { id, opened }: Opened<Draft>,
): { readonly editor: Editor<Draft>; readonly leave: () => void } {
  const tenantId = useTenantId();
  const { router, notices } = usePortal();
  const { read, save } = useGroupStore(kind, id);
  const leave = () => void router.goOn({ kind: 'tenant', tenantId, page: kind.page, item: null });
  const editor = useEditor<Draft>({
    opened,
    check: kind.check,
    save,
    ...(id === null ? {} : { read, on: kind.page }),
    onSaved: ({ draft }) => {
      notices.say({ id: 'notice.saved', values: { what: draft.name } });
      leave();
    },
  });
  return { editor, leave };
}

function useGroupStore<View extends GroupView, Draft extends GroupDraft>(
  kind: GroupKind<View, Draft>,
  id: string | null,
) {
  const { api } = usePortal();
  const { schema } = kind;
  const all = `${useTenantPath()}/${kind.page}`;
  const one = `${all}/${encodeURIComponent(id ?? '')}`;
  const drafted = (answer: Answer<View>): Answer<Saved<Draft>> =>
    answer.ok ? { ok: true, value: kind.saved(answer.value) } : answer;
  const read = async () => drafted(await api.get(one, schema));
  const save = async (draft: Draft, version: number) => {
    const json = kind.body(draft);
    return drafted(
      id === null
        ? await api.change('POST', all, { schema, json })
        : await api.change('PATCH', one, { schema, json: { ...json, version } }),
    );
  };
  return { read, save };
}
