import { ListBox, ListBoxItem } from 'react-aria-components';
import { useStore } from 'zustand';
import { findContacts } from '../../../../shared/phone/contacts.ts';
import { showNumber } from '../../number.ts';
import { usePhoneState, useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { findColleagues } from './people.ts';
import { Lamp, lampWords, useLamps } from './lamp.tsx';

const SHOWN = 6;

/** Colleagues and own contacts that match what is typed; absent when there are none. */
export function ContactPicker({
  search,
  onPick,
}: {
  readonly search: string;
  onPick(number: string): void;
}) {
  const say = useSay();
  const server = usePhoneState((state) => state.server);
  const me = usePhoneState((state) => state.account.extension);
  const { contacts } = useStore(useSession().contacts.state);
  const lampOf = useLamps();
  const colleagues = findColleagues(server, search)
    .filter((entry) => entry.extension !== me && entry.extension !== search)
    .slice(0, SHOWN);
  const others = (search.trim() === '' ? [] : findContacts(contacts, search))
    .flatMap(({ id, name, numbers }) => numbers.map(({ number }) => ({ id, name, number })))
    .filter(({ number }) => number !== search)
    .slice(0, SHOWN - colleagues.length);
  if (colleagues.length + others.length === 0) return null;
  return (
    <ListBox
      aria-label={say('contacts.suggestions')}
      className="list-box"
      onAction={(key) => onPick(String(key).replace(/^[^ ]+ /, ''))}
    >
      {colleagues.map((entry) => (
        <ListBoxItem
          key={entry.extension}
          id={`directory ${entry.extension}`}
          textValue={`${entry.displayName} ${entry.extension}`}
          className="list-option"
        >
          <Lamp state={lampOf(entry)} />
          <span className="list-option-words">
            <bdi>{entry.displayName === '' ? entry.extension : entry.displayName}</bdi>
            <span className="list-option-more">
              {entry.extension} · {lampWords(lampOf(entry), say)}
            </span>
          </span>
        </ListBoxItem>
      ))}
      {others.map(({ id, name, number }) => (
        <ListBoxItem
          key={`${id} ${number}`}
          id={`${id} ${number}`}
          textValue={`${name} ${number}`}
          className="list-option"
        >
          <span className="list-option-words">
            <bdi>{name}</bdi>
            <bdi className="list-option-more">{showNumber(number)}</bdi>
          </span>
        </ListBoxItem>
      ))}
    </ListBox>
  );
}
