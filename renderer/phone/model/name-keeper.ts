import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import { nameBook } from '../../../shared/phone/names.ts';
import type { ContactBook } from './contact-book.ts';
import type { Phone } from './phone.ts';
import type { ServerParts } from './phone-state.ts';

/** Keeps the phone's names as the directory and the user's contacts have them. */
export function keepNames(phone: Phone, book: ContactBook): Disposable {
  const read = () => {
    const { contacts } = book.state.getState();
    phone.useNames(
      nameBook({
        contacts: contacts.map(({ name, numbers }) => ({
          name,
          numbers: numbers.map(({ number }) => number),
        })),
        directory: directoryOf(phone.state.getState().server),
      }),
    );
  };
  read();
  const contacts = book.state.subscribe((now, before) => {
    if (now.contacts !== before.contacts) read();
  });
  const directory = phone.state.subscribe((now, before) => {
    if (directoryOf(now.server) !== directoryOf(before.server)) read();
  });
  return onDispose(() => {
    contacts();
    directory();
  });
}

const NOBODY: readonly never[] = [];
const directoryOf = (server: ServerParts) => (server.kind === 'ready' ? server.directory : NOBODY);
