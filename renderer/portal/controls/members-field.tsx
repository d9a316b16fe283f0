import { ArrowDown, ArrowUp, GripVertical, Trash2, UserPlus } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button, GridList, GridListItem, useDragAndDrop } from 'react-aria-components';
import type { Member } from '../../../shared/config/admin/values.ts';
import { ActionButton } from '../../controls/action-button.tsx';
import { announce } from '../../phone/announcer.tsx';
import { dropped, moved } from '../model/reorder.ts';
import { useSay } from '../words.tsx';
import { MemberPicker, type LoadMembers } from './member-picker.tsx';

interface MembersFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly none: string;
  readonly members: readonly Member[];
  readonly error: string | null;
  /** Who can be chosen. */
  readonly available: LoadMembers;
  /** Said in the dialog: who is not offered. */
  readonly availableHint: string;
  onChange(members: readonly Member[]): void;
}

/** Members in their assigned order: Add, Remove, and another order by dragging, by buttons or by keys. */
export function MembersField(props: MembersFieldProps) {
  const { label, hint, none, members, error, available, availableHint, onChange } = props;
  const say = useSay();
  const [isPicking, setPicking] = useState(false);
  return (
    <div className="members" data-invalid={error === null ? undefined : true}>
      <p className="field-hint">{hint}</p>
      <ActionButton icon={UserPlus} onPress={() => setPicking(true)} className="members-add">
        {say('members.add')}
      </ActionButton>
      {error === null ? null : (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      {members.length === 0 ? (
        <p className="none">{none}</p>
      ) : (
        <OrderedMembers label={label} members={members} onChange={onChange} />
      )}
      {isPicking ? (
        <MemberPicker
          load={available}
          hint={availableHint}
          taken={new Set(members.map(({ extension }) => extension))}
          onCancel={() => setPicking(false)}
          onPick={(picked) => {
            setPicking(false);
            onChange([...members, ...picked]);
          }}
        />
      ) : null}
    </div>
  );
}

const keyOf = ({ extension }: Member) => extension;

function OrderedMembers({
  label,
  members,
  onChange,
}: Pick<MembersFieldProps, 'label' | 'members' | 'onChange'>) {
  const say = useSay();
  const box = useRef<HTMLDivElement>(null);
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': String(key) })),
    onReorder: ({ keys, target: { key, dropPosition } }) => {
      if (dropPosition === 'on') return;
      const dragged = new Set([...keys].map(String));
      onChange(
        dropped(members, keyOf, { keys: dragged, target: String(key), position: dropPosition }),
      );
    },
  });
  const move = (index: number, by: 1 | -1) => {
    const member = members[index];
    const next = moved(members, index, by);
    if (member === undefined || next === members) return;
    onChange(next);
    const place = index + by + 1;
    announce(say('members.moved', { who: nameOf(member), place, count: members.length }));
    // The row is moved in the page, and takes the focus away with it.
    setTimeout(() => focusMove(box.current, member.extension, by), 0);
  };
  return (
    <div ref={box}>
      <GridList
        aria-label={label}
        className="member-list"
        dragAndDropHooks={dragAndDropHooks}
        keyboardNavigationBehavior="tab"
        items={members.map((member, index) => ({ id: member.extension, member, index }))}
      >
        {({ member, index }) => (
          <MemberRow
            member={member}
            index={index}
            count={members.length}
            onMove={(by) => move(index, by)}
            onRemove={() => onChange(members.filter((each) => each !== member))}
          />
        )}
      </GridList>
    </div>
  );
}

interface MemberRowProps {
  readonly member: Member;
  readonly index: number;
  readonly count: number;
  onMove(by: 1 | -1): void;
  onRemove(): void;
}

function MemberRow({ member, index, count, onMove, onRemove }: MemberRowProps) {
  const say = useSay();
  const who = nameOf(member);
  const button = (by: 1 | -1, Icon: typeof ArrowUp, isDisabled: boolean) => (
    <Button
      className="icon-button"
      aria-label={say(by < 0 ? 'members.up' : 'members.down', { who })}
      data-move={`${by}:${member.extension}`}
      isDisabled={isDisabled}
      onPress={() => onMove(by)}
    >
      <Icon aria-hidden className="icon" />
    </Button>
  );
  return (
    <GridListItem id={member.extension} textValue={who} className="member">
      <Button
        slot="drag"
        className="icon-button member-grip"
        aria-label={say('members.drag', { who })}
      >
        <GripVertical aria-hidden className="icon" />
      </Button>
      <span className="member-place">{index + 1}</span>
      <span className="member-words">
        <span className="member-name">{member.displayName}</span>
        <span className="member-number">{member.extension}</span>
      </span>
      {button(-1, ArrowUp, index === 0)}
      {button(1, ArrowDown, index === count - 1)}
      <Button
        className="icon-button icon-danger"
        aria-label={say('members.remove', { who })}
        onPress={onRemove}
      >
        <Trash2 aria-hidden className="icon" />
      </Button>
    </GridListItem>
  );
}

/** "Bob, 101" */
export function nameOf({ displayName, extension }: Member): string {
  return displayName === '' ? extension : `${displayName}, ${extension}`;
}

function focusMove(box: HTMLElement | null, extension: string, by: 1 | -1): void {
  const find = (each: number) =>
    box?.querySelector<HTMLButtonElement>(`[data-move="${each}:${extension}"]:not(:disabled)`);
  (find(by) ?? find(-by))?.focus();
}
