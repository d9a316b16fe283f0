import { Pencil, Phone as PhoneIcon, Star, Undo2 } from 'lucide-react';
import { Button, ToggleButton } from 'react-aria-components';
import type { ReactNode } from 'react';
import { formatFeatureCode } from '../../../../shared/domain/feature-code.ts';
import { isExtension } from '../../../../shared/domain/ids.ts';
import type { Contact } from '../../../../shared/phone/contacts.ts';
import type { LampOwner, LampState } from '../../../../shared/phone/lamps.ts';
import { waitingCards } from '../../../../shared/phone/park-board.ts';
import { IconButton } from '../../../controls/icon-button.tsx';
import type { DirectoryEntry } from '../../model/phone-state.ts';
import { dialForeign } from '../../model/dial-foreign.ts';
import type { Phone } from '../../model/phone.ts';
import { showNumber } from '../../number.ts';
import { usePhone, useSession, useSwitchboard } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { Lamp, lampWords } from './lamp.tsx';
import { numberKindWords } from './contact-words.ts';
import { useLampInView } from './use-lamp-in-view.ts';

interface RowProps {
  readonly favourite: boolean;
  /** Answers what is known of an extension now. */
  readonly lampOf: (entry: LampOwner) => LampState;
}

/** A colleague of the directory: what they are doing, and one press to call them or to take the call that is parked there. */
export function ColleagueRow({
  entry,
  favourite,
  lampOf,
}: RowProps & { readonly entry: DirectoryEntry }) {
  const say = useSay();
  const phone = usePhone();
  const row = useLampInView(entry.extension);
  const lamp = lampOf(entry);
  const who = entry.displayName === '' ? entry.extension : entry.displayName;
  return (
    <li ref={row} className="row row-still" data-extension={entry.extension}>
      <Lamp state={lamp} />
      <span className="row-words">
        <bdi className="row-title">{who}</bdi>
        <span className="row-more">
          {entry.extension} · {lampWords(lamp, say)}
        </span>
      </span>
      {lamp.parked === 'some' ? (
        <IconButton
          icon={Undo2}
          label={say('contacts.retrieve', { who })}
          className="row-retrieve"
          onPress={() => retrieveFrom(phone, entry.extension)}
        />
      ) : null}
      <FavouriteToggle who={who} personKey={entry.extension} favourite={favourite} />
      <IconButton
        icon={PhoneIcon}
        label={say('contacts.call', { who })}
        onPress={() => phone.dial(entry.extension)}
      />
    </li>
  );
}

/** Exactly the oldest call that I see parked there; else whatever the server has there. */
function retrieveFrom(phone: Phone, extension: string): void {
  const { board, codes } = phone.state.getState();
  const card = waitingCards(board).find(({ slot }) => slot === extension);
  if (card !== undefined) phone.retrieve(card.id);
  else if (isExtension(extension))
    phone.dial(formatFeatureCode({ kind: 'retrieve-extension', extension }, codes));
}

/** An own contact; each number is called by a press on it. One whose number is an extension has a lamp, too. */
export function ContactRow({
  contact,
  favourite,
  lampOf,
  onEdit,
}: RowProps & { readonly contact: Contact; onEdit(): void }) {
  const say = useSay();
  const call = useCallNumber();
  const { name, company, numbers } = contact;
  const extension = numbers.find(({ number }) => isExtension(number))?.number ?? null;
  const row = useLampInView(extension);
  const first = numbers[0]?.number ?? '';
  return (
    <li ref={row} className="row row-still" data-contact={contact.id}>
      {extension === null ? null : <ContactLamp extension={extension} lampOf={lampOf} />}
      <span className="row-words">
        <bdi className="row-title">{name}</bdi>
        {company === '' ? null : <bdi className="row-more">{company}</bdi>}
        {numbers.map(({ kind, number }) => (
          <NumberLine key={`${kind} ${number}`} label={numberKindWords(kind, say)} number={number}>
            {say('contacts.callNumber', { who: name, number: showNumber(number) })}
          </NumberLine>
        ))}
      </span>
      <FavouriteToggle who={name} personKey={contact.id} favourite={favourite} />
      <IconButton icon={Pencil} label={say('contacts.edit', { who: name })} onPress={onEdit} />
      <IconButton
        icon={PhoneIcon}
        label={say('contacts.call', { who: name })}
        onPress={() => call(first)}
      />
    </li>
  );
}

function ContactLamp({
  extension,
  lampOf,
}: Pick<RowProps, 'lampOf'> & { readonly extension: string }) {
  return (
    <Lamp
      state={{
        ...lampOf({ extension, registered: true, doNotDisturb: false }),
        presence: 'unknown',
      }}
    />
  );
}

function NumberLine({
  label,
  number,
  children,
}: {
  readonly label: string;
  readonly number: string;
  readonly children: ReactNode;
}) {
  const call = useCallNumber();
  return (
    <Button
      className="number-line"
      aria-description={String(children)}
      onPress={() => call(number)}
    >
      <span className="number-kind">{label}</span> <bdi>{showNumber(number)}</bdi>
    </Button>
  );
}

/** Calls a contact's number. */
function useCallNumber(): (number: string) => void {
  const phone = usePhone();
  const switchboard = useSwitchboard();
  return (number) => dialForeign(number, { phone, dialler: switchboard.first?.phone ?? phone });
}

function FavouriteToggle({
  who,
  personKey,
  favourite,
}: {
  readonly who: string;
  readonly personKey: string;
  readonly favourite: boolean;
}) {
  const say = useSay();
  const { contacts } = useSession();
  return (
    <ToggleButton
      className="icon-button favourite"
      isSelected={favourite}
      onChange={(isOne) => contacts.setFavourite(personKey, isOne)}
      aria-label={say('contacts.favourite', { who })}
    >
      <Star aria-hidden className="icon" />
    </ToggleButton>
  );
}
