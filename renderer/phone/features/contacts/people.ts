import { findContacts, type Contact } from '../../../../shared/phone/contacts.ts';
import { hasWords, searchWords } from '../../../../shared/phone/word-search.ts';
import type { ContactRecord } from '../../model/contact-book.ts';
import type { DirectoryEntry, ServerParts } from '../../model/phone-state.ts';

/** Somebody of the list: a colleague of the server's directory, or an own contact. */
export type Person =
  | { readonly kind: 'colleague'; readonly key: string; readonly entry: DirectoryEntry }
  | { readonly kind: 'contact'; readonly key: string; readonly contact: Contact };

export interface People {
  readonly favourites: readonly Person[];
  readonly colleagues: readonly Person[];
  readonly contacts: readonly Person[];
}

/** Everybody whose name, company or number contains each word typed; favourites stand first, and only there. */
export function findPeople(
  server: ServerParts,
  { contacts, favourites }: ContactRecord,
  search: string,
): People {
  const colleagues = findColleagues(server, search).map((entry): Person => ({
    kind: 'colleague',
    key: entry.extension,
    entry,
  }));
  const own = findContacts(contacts, search).map((contact): Person => ({
    kind: 'contact',
    key: contact.id,
    contact,
  }));
  const byKey = new Map([...colleagues, ...own].map((person) => [person.key, person]));
  const first = new Set(favourites);
  const others = (people: readonly Person[]) => people.filter(({ key }) => !first.has(key));
  return {
    favourites: favourites.flatMap((key) => byKey.get(key) ?? []),
    colleagues: others(colleagues),
    contacts: others(own),
  };
}

/** The directory's entries that contain every word typed; none without a directory. */
export function findColleagues(server: ServerParts, search: string): readonly DirectoryEntry[] {
  if (server.kind !== 'ready') return [];
  const words = searchWords(search);
  return server.directory.filter(({ displayName, extension }) =>
    hasWords(words, [displayName, extension]),
  );
}
