import { ListBox, ListBoxItem } from 'react-aria-components';
import { usePhoneState } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { matching } from '../park/park-button.tsx';
import { Lamp, lampOf, lampWords } from './lamp.tsx';

const SHOWN = 6;

/** Colleagues that match what is typed; absent without a directory. */
export function ContactPicker({
  search,
  onPick,
}: {
  readonly search: string;
  onPick(extension: string): void;
}) {
  const say = useSay();
  const server = usePhoneState((state) => state.server);
  const board = usePhoneState((state) => state.board);
  const me = usePhoneState((state) => state.account.extension);
  if (server.kind !== 'ready') return null;
  const found = matching(server.directory, search)
    .filter((entry) => entry.extension !== me && entry.extension !== search)
    .slice(0, SHOWN);
  if (found.length === 0) return null;
  return (
    <ListBox
      aria-label={say('contacts.suggestions')}
      className="list-box"
      onAction={(key) => onPick(String(key))}
    >
      {found.map((entry) => (
        <ListBoxItem
          key={entry.extension}
          id={entry.extension}
          textValue={`${entry.displayName} ${entry.extension}`}
          className="list-option"
        >
          <Lamp state={lampOf(entry, board)} />
          <span className="list-option-words">
            <bdi>{entry.displayName === '' ? entry.extension : entry.displayName}</bdi>
            <span className="list-option-more">
              {entry.extension} · {lampWords(lampOf(entry, board), say)}
            </span>
          </span>
        </ListBoxItem>
      ))}
    </ListBox>
  );
}
