import { FileDown, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Contact } from '../../../../shared/phone/contacts.ts';
import type { LampOwner, LampState } from '../../../../shared/phone/lamps.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { IconButton } from '../../../controls/icon-button.tsx';
import { SearchLine } from '../../../controls/search-line.tsx';
import { usePhoneState, useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { ContactFiles } from './contact-files.tsx';
import { ContactSheet } from './contact-form.tsx';
import { useLamps } from './lamp.tsx';
import { findPeople, type Person } from './people.ts';
import { ColleagueRow, ContactRow } from './person-row.tsx';

type Open =
  | { readonly kind: 'nothing' | 'new' | 'files' }
  | { readonly kind: 'edit'; readonly contact: Contact };

const CLOSED: Open = { kind: 'nothing' };
/** So many rows at a time; a search is quicker than scrolling on. */
const PAGE = 100;

/** Everybody one may want to call: favourites, colleagues with what they are doing, and one's own contacts. */
export function ContactsView() {
  const say = useSay();
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<Open>(CLOSED);
  const server = usePhoneState((state) => state.server);
  const record = useStore(useSession().contacts.state);
  const lampOf = useLamps();
  const { favourites, colleagues, contacts } = findPeople(server, record, search);
  const none = favourites.length + colleagues.length + contacts.length === 0;
  const lists = { lampOf, onEdit: (contact: Contact) => setOpen({ kind: 'edit', contact }) };
  return (
    <div className="page">
      <div className="page-head">
        <h2 className="page-title">{say('contacts.title')}</h2>
        <IconButton
          icon={UserPlus}
          label={say('contacts.add')}
          onPress={() => setOpen({ kind: 'new' })}
        />
        <IconButton
          icon={FileDown}
          label={say('contacts.files')}
          onPress={() => setOpen({ kind: 'files' })}
        />
      </div>
      <SearchLine label={say('contacts.search')} value={search} onChange={setSearch} />
      {server.kind === 'loading' ? <p className="page-none">{say('contacts.loading')}</p> : null}
      {none && server.kind !== 'loading' ? (
        <p className="page-none">{say(search === '' ? 'contacts.nobody' : 'contacts.none')}</p>
      ) : null}
      <PeopleList title={say('contacts.favourites')} people={favourites} favourite {...lists} />
      <PeopleList title={say('contacts.colleagues')} people={colleagues} {...lists} />
      <PeopleList title={say('contacts.own')} people={contacts} {...lists} />
      {open.kind === 'new' || open.kind === 'edit' ? (
        <ContactSheet
          contact={open.kind === 'edit' ? open.contact : null}
          onClose={() => setOpen(CLOSED)}
        />
      ) : null}
      {open.kind === 'files' ? <ContactFiles onClose={() => setOpen(CLOSED)} /> : null}
    </div>
  );
}

interface PeopleListProps {
  readonly title: string;
  readonly people: readonly Person[];
  readonly favourite?: boolean;
  readonly lampOf: (entry: LampOwner) => LampState;
  onEdit(contact: Contact): void;
}

function PeopleList({ title, people, favourite = false, lampOf, onEdit }: PeopleListProps) {
  const say = useSay();
  const [shown, setShown] = useState(PAGE);
  if (people.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="page-subtitle">{title}</h3>
      <ul className="rows">
        {people
          .slice(0, shown)
          .map((person) =>
            person.kind === 'colleague' ? (
              <ColleagueRow
                key={person.key}
                entry={person.entry}
                favourite={favourite}
                lampOf={lampOf}
              />
            ) : (
              <ContactRow
                key={person.key}
                contact={person.contact}
                favourite={favourite}
                lampOf={lampOf}
                onEdit={() => onEdit(person.contact)}
              />
            ),
          )}
      </ul>
      {people.length <= shown ? null : (
        <ActionButton tone="quiet" onPress={() => setShown(shown + PAGE)}>
          {say('common.more', { count: people.length - shown })}
        </ActionButton>
      )}
    </section>
  );
}
