import { Phone as PhoneIcon } from 'lucide-react';
import { useState } from 'react';
import { Input, Label, SearchField } from 'react-aria-components';
import { IconButton } from '../../../controls/icon-button.tsx';
import { usePhone, usePhoneState } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { matching } from '../park/park-button.tsx';
import { Lamp, lampOf, lampWords } from './lamp.tsx';

/** The directory of my company, with what is known of everyone. */
export function ContactsView() {
  const say = useSay();
  const phone = usePhone();
  const [search, setSearch] = useState('');
  const server = usePhoneState((state) => state.server);
  const board = usePhoneState((state) => state.board);
  if (server.kind !== 'ready')
    return (
      <p className="page-none">
        {say(server.kind === 'loading' ? 'contacts.loading' : 'contacts.absent')}
      </p>
    );
  const found = matching(server.directory, search);
  return (
    <div className="page">
      <h2 className="page-title">{say('contacts.title')}</h2>
      <SearchField value={search} onChange={setSearch} className="field">
        <Label className="visually-hidden">{say('contacts.search')}</Label>
        <div className="field-box">
          <Input className="field-input" placeholder={say('contacts.search')} />
        </div>
      </SearchField>
      {found.length === 0 ? <p className="page-none">{say('contacts.none')}</p> : null}
      <ul className="rows">
        {found.map((entry) => {
          const lamp = lampOf(entry, board);
          const who = entry.displayName === '' ? entry.extension : entry.displayName;
          return (
            <li key={entry.extension} className="row row-still">
              <Lamp state={lamp} />
              <span className="row-words">
                <bdi className="row-title">{who}</bdi>
                <span className="row-more">
                  {entry.extension} · {lampWords(lamp, say)}
                </span>
              </span>
              <IconButton
                icon={PhoneIcon}
                label={say('contacts.call', { who })}
                onPress={() => phone.dial(entry.extension)}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
