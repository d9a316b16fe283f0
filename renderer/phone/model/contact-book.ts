import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  checkContact,
  contactSchema,
  mergeImport,
  type Contact,
  type ContactDraft,
  type ContactFile,
  type ContactProblem,
  type ImportProblem,
} from '../../../shared/phone/contacts.ts';
import { readContactsCsv } from '../../../shared/phone/contacts-csv.ts';
import { looksLikeVcard, readVcards } from '../../../shared/phone/contacts-vcard.ts';
import type { Keeper } from './keeper.ts';

const recordSchema = z.object({
  contacts: z.array(contactSchema).catch([]),
  /** Extensions of the directory and ids of contacts that stand first, in the order in which they were chosen. */
  favourites: z.array(z.string()).catch([]),
});

export interface ContactRecord {
  readonly contacts: readonly Contact[];
  readonly favourites: readonly string[];
}

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly contact: Contact }
  | { readonly kind: 'bad'; readonly problem: ContactProblem }
  /** This machine's storage is full or forbidden: it would be forgotten. */
  | { readonly kind: 'not-kept' };

export interface ImportOutcome {
  readonly added: number;
  readonly known: number;
  readonly left: number;
  readonly problems: readonly ImportProblem[];
  /** Nothing was added, because this machine's storage is full or forbidden. */
  readonly kept: boolean;
}

/** The user's own contacts and favourites, kept on this machine for one account. */
export class ContactBook {
  readonly state: StoreApi<ContactRecord>;
  readonly #keeper: Keeper;
  readonly #name: string;
  readonly #newId: () => string;

  constructor(keeper: Keeper, options: { readonly accountKey: string; newId(): string }) {
    this.#keeper = keeper;
    this.#newId = () => options.newId();
    this.#name = `contacts:${options.accountKey}`;
    this.state = createStore<ContactRecord>(
      () => keeper.read(this.#name, recordSchema) ?? { contacts: [], favourites: [] },
    );
  }

  /** Adds a contact, or changes the one with this id. */
  save(typed: ContactDraft, id: string | null): SaveOutcome {
    const checked = checkContact(typed);
    if (checked.kind === 'bad') return checked;
    const contact = { ...checked.draft, id: id ?? this.#newId() };
    const { contacts } = this.state.getState();
    const others = contacts.filter((each) => each.id !== contact.id);
    return this.#keep({ contacts: [...others, contact].toSorted(byName) })
      ? { kind: 'saved', contact }
      : { kind: 'not-kept' };
  }

  remove(id: string): void {
    const { contacts, favourites } = this.state.getState();
    this.#keep({
      contacts: contacts.filter((each) => each.id !== id),
      favourites: favourites.filter((each) => each !== id),
    });
  }

  /** vCards or a table; what is there already stays once, and each line that cannot be taken is named. */
  import(text: string): ImportOutcome {
    const file: ContactFile = looksLikeVcard(text) ? readVcards(text) : readContactsCsv(text);
    const { contacts } = this.state.getState();
    const { added, known, left } = mergeImport(contacts, file.contacts);
    const fresh = added.map((draft) => ({ ...draft, id: this.#newId() }));
    const kept =
      fresh.length === 0 || this.#keep({ contacts: [...contacts, ...fresh].toSorted(byName) });
    return { added: kept ? fresh.length : 0, known, left, problems: file.problems, kept };
  }

  /** @param key an extension of the directory, or a contact's id */
  setFavourite(key: string, isOne: boolean): void {
    const others = this.state.getState().favourites.filter((each) => each !== key);
    this.#keep({ favourites: isOne ? [...others, key] : others });
  }

  /** Written, and read back: storage that is full says nothing. What was not kept is not shown either. */
  #keep(patch: Partial<ContactRecord>): boolean {
    const before = this.state.getState();
    const next = { ...before, ...patch };
    this.#keeper.write(this.#name, next);
    const kept = this.#keeper.read(this.#name, recordSchema);
    const isKept = kept !== null && kept.contacts.length === next.contacts.length;
    // A favourite that is forgotten with the page does no harm; a contact would.
    if (!isKept && next.contacts.length > before.contacts.length) {
      this.#keeper.write(this.#name, before);
      return false;
    }
    this.state.setState(next);
    return true;
  }
}

const byName = (a: Contact, b: Contact): number => a.name.localeCompare(b.name);
