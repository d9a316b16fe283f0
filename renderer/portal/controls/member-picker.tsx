import { useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import { Check } from 'lucide-react';
import type { Member } from '../../../shared/config/admin/values.ts';
import { ActionButton } from '../../controls/action-button.tsx';
import type { Answer } from '../model/api.ts';
import { useResource } from '../portal-context.tsx';
import { useSay } from '../words.tsx';
import { Dialog } from './dialog.tsx';
import { SearchLine } from './list-tools.tsx';
import { Loaded } from './page.tsx';

/** Reads who can be chosen, at most {@link OFFERED}. */
export type LoadMembers = (
  search: string,
) => Promise<Answer<{ readonly members: readonly Member[]; readonly total: number }>>;

/** More are found by searching. */
export const OFFERED = 200;

interface MemberPickerProps {
  readonly load: LoadMembers;
  readonly hint: string;
  /** Those that are in the list already. */
  readonly taken: ReadonlySet<string>;
  onPick(members: readonly Member[]): void;
  onCancel(): void;
}

/** Available users: pick any number of them, OK. */
export function MemberPicker({ load, hint, taken, onPick, onCancel }: MemberPickerProps) {
  const say = useSay();
  const [search, setSearch] = useState('');
  const [picked, setPicked] = useState<ReadonlyMap<string, Member>>(new Map());
  const found = useResource({ key: `pick ${search}`, load: () => load(search), on: ['users'] });
  return (
    <Dialog title={say('members.available')} onClose={onCancel}>
      <p className="field-hint">{hint}</p>
      <SearchLine label={say('members.search')} onSearch={setSearch} />
      <Loaded resource={found}>
        {({ members, total }) => (
          <Offered
            members={members.filter(({ extension }) => !taken.has(extension))}
            more={total - members.length}
            picked={picked}
            onChange={setPicked}
          />
        )}
      </Loaded>
      <div className="form-actions">
        <ActionButton onPress={onCancel}>{say('common.cancel')}</ActionButton>
        <ActionButton
          tone="accent"
          isDisabled={picked.size === 0}
          onPress={() => onPick([...picked.values()])}
        >
          {say('common.ok')}
        </ActionButton>
      </div>
    </Dialog>
  );
}

interface OfferedProps {
  readonly members: readonly Member[];
  /** So many are not shown. */
  readonly more: number;
  readonly picked: ReadonlyMap<string, Member>;
  onChange(picked: ReadonlyMap<string, Member>): void;
}

function Offered({ members, more, picked, onChange }: OfferedProps) {
  const say = useSay();
  const choose = (keys: 'all' | Iterable<unknown>) => {
    const wanted = keys === 'all' ? null : new Set(keys);
    // What a search hides stays picked.
    const shown = new Set<string>(members.map(({ extension }) => extension));
    const hidden = [...picked].filter(([extension]) => !shown.has(extension));
    const now = members.filter(({ extension }) => wanted === null || wanted.has(extension));
    onChange(new Map([...hidden, ...now.map((member) => [member.extension, member] as const)]));
  };
  return (
    <>
      <ListBox
        aria-label={say('members.available')}
        className="list-box offered"
        selectionMode="multiple"
        selectedKeys={[...picked.keys()]}
        onSelectionChange={choose}
        renderEmptyState={() => <p className="none">{say('members.nobody')}</p>}
        items={members.map((member) => ({ id: member.extension, ...member }))}
      >
        {({ extension, displayName }) => (
          <ListBoxItem
            id={extension}
            textValue={`${displayName} ${extension}`}
            className="list-option"
          >
            {({ isSelected }) => (
              <>
                <span className="tick" data-on={isSelected} aria-hidden>
                  {isSelected ? <Check className="icon icon-small" /> : null}
                </span>
                <span className="list-option-words">
                  <span>{displayName === '' ? extension : displayName}</span>
                  <span className="list-option-more">{extension}</span>
                </span>
              </>
            )}
          </ListBoxItem>
        )}
      </ListBox>
      <p className="field-hint" role="status">
        {say('members.picked', { count: picked.size })}
        {more > 0 ? ` ${say('members.more', { count: more })}` : ''}
      </p>
    </>
  );
}
