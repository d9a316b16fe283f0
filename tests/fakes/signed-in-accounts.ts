import type { Switchboard } from '../../renderer/phone/model/switchboard.ts';
import { ParkDocuments, type ParkedSketch } from './park-documents.ts';
import { accountAt, type PhonePage } from './phone-page.ts';

/** Accounts that are signed in on a page, each with its own list of parked calls, empty at first. They are named `101@office.test`. */
export class SignedInAccounts {
  readonly #page: PhonePage;
  readonly #documents = new Map<string, ParkDocuments>();

  constructor(page: PhonePage) {
    this.#page = page;
  }

  signIn(switchboard: Switchboard, keys: readonly string[]): void {
    for (const key of keys) {
      const [extension, domain = ''] = key.split('@');
      const session = switchboard.make(accountAt(domain, extension), 'secret');
      switchboard.add(session);
      session.phone.line.start();
      this.#documents.set(key, new ParkDocuments(() => this.#page.clock.now()));
      this.#page.line(key).say({ kind: 'park-list', event: { kind: 'subscribed' } });
      this.list(key, []);
    }
  }

  /** The server says that these are parked, and no others. */
  list(key: string, parked: readonly ParkedSketch[]): void {
    const body = this.#documents.get(key)?.full(parked) ?? '';
    this.#page.line(key).say({ kind: 'park-list', event: { kind: 'document', body } });
  }
}
