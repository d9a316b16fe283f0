import { MOST_SERVERS } from '../../../shared/bridge/contract.ts';
import { liveCalls } from '../../../shared/phone/call-list.ts';
import { AccountBook, type AccountEdit } from './account-book.ts';
import type { Account } from './account.ts';
import type { PasswordKeeper } from './password-keeper.ts';
import type { Session, SessionWorld } from './session.ts';
import { MachineSettings } from './settings-store.ts';
import { Switchboard } from './switchboard.ts';

interface AccountsDeps {
  readonly world: SessionWorld;
  readonly passwords: PasswordKeeper;
  /** What is written down of accounts, or who is signed in, has changed. */
  onChange(): void;
}

/** Which accounts are signed in, now and at the next start, and where the page may connect to for them. */
export class AccountsInUse {
  readonly book: AccountBook;
  readonly #deps: AccountsDeps;
  readonly #machine: MachineSettings;
  /** Made, and not on the screen yet: they need the switchboard while it shows nobody. */
  readonly #coming = new Set<Session>();
  #switchboard: Switchboard | null = null;

  constructor(deps: AccountsDeps) {
    this.#deps = deps;
    this.book = new AccountBook(deps.world.keeper);
    this.#machine = new MachineSettings(deps.world.keeper, this.book.first?.key ?? null);
  }

  /** `null` while nobody is signed in. */
  get switchboard(): Switchboard | null {
    return this.#switchboard?.first === null ? null : this.#switchboard;
  }

  find(key: string): Session | null {
    return this.#switchboard?.find(key) ?? null;
  }

  inACall(key: string): boolean {
    const session = this.find(key);
    return session !== null && liveCalls(session.phone.state.getState().calls).length > 0;
  }

  /** A session that is not on the screen yet. */
  make(account: Account, password: string): Session {
    this.#switchboard ??= new Switchboard(this.#deps.world, this.#machine);
    const session = this.#switchboard.make(account, password);
    this.#coming.add(session);
    return session;
  }

  /** On the screen, and in use from now on. */
  admit(session: Session): void {
    this.book.keep(session.account);
    this.#add(session);
    this.#tell();
  }

  /** A session that came to nothing. */
  async drop(session: Session): Promise<void> {
    try {
      await session.close();
    } finally {
      this.#coming.delete(session);
      this.#closeWhenEmpty();
    }
  }

  /**
   * Signs in one whose password is known, connected or not: the line finds its server by itself.
   * @returns its session, also one that came meanwhile; `null` without a password, or when it is no longer to come
   */
  async come(account: Account): Promise<Session | null> {
    const password = await this.#deps.passwords.read(account.key);
    // Another press may have been faster, or have switched it off again.
    const there = this.find(account.key);
    if (there !== null) return there;
    if (password === null || !this.isUsed(account.key)) return null;
    const session = this.make(account, password);
    this.#add(session);
    session.phone.line.start();
    this.#tell();
    return session;
  }

  /** Takes it from the screen; at the next start it comes up all the same. */
  async remove(session: Session): Promise<void> {
    await this.#switchboard?.remove(session);
    this.#closeWhenEmpty();
  }

  /** Signed out, now and at the next start. */
  async leave(key: string): Promise<void> {
    this.book.use(key, false);
    const session = this.find(key);
    const gone = session === null ? Promise.resolve() : this.remove(session);
    this.#tell();
    await gone;
    await this.keepServers();
  }

  /** Whether it is to be signed in, now and at start. */
  isUsed(key: string): boolean {
    return this.book.inUse.some((account) => account.key === key);
  }

  /** It comes up at start. */
  use(key: string): void {
    this.book.use(key, true);
    this.#tell();
  }

  dialFrom(key: string): void {
    if (this.find(key) === null) return;
    this.book.dialFrom(key);
    this.#tell();
    void this.keepServers();
  }

  edit(key: string, edit: AccountEdit): void {
    this.book.edit(key, edit);
    this.#tell();
  }

  forget(key: string): void {
    this.book.remove(key);
    this.#tell();
  }

  /** The page may talk to the servers of the accounts in use and to no others. @returns false when it is loaded anew for that */
  async keepServers(): Promise<boolean> {
    const { desktop } = this.#deps.world;
    const { inUse } = this.book;
    // Before the first sign-in, and after the last sign-out, the form asks main for what it needs.
    if (desktop === null || inUse.length === 0) return true;
    const places = inUse.slice(0, MOST_SERVERS).map((account) => {
      const { server, webSocketUrl, apiBaseUrl } = account;
      return { typed: server, webSocketUrl, apiBaseUrl };
    });
    return (await desktop.keepServers(places)).kind === 'ready';
  }

  async close(): Promise<void> {
    await this.#switchboard?.close();
  }

  #add(session: Session): void {
    this.#coming.delete(session);
    this.#switchboard?.add(session);
  }

  #closeWhenEmpty(): void {
    if (this.#coming.size > 0 || this.#switchboard?.first !== null) return;
    this.#switchboard.dispose();
    this.#switchboard = null;
  }

  #tell(): void {
    this.#switchboard?.arrange(this.book.inUse);
    this.#deps.onChange();
  }
}
