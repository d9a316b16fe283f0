import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SecretStore, SignIn } from '../../../shared/bridge/contract.ts';
import type { TrustOutcome, TrustRequest } from '../../../shared/bridge/server-certificate.ts';
import { readSignInLink, type SignInDraft } from '../../../shared/phone/sign-in-link.ts';
import type { AccountEdit } from './account-book.ts';
import type { Account } from './account.ts';
import { AccountsInUse } from './accounts-in-use.ts';
import type { PasswordKeeper } from './password-keeper.ts';
import type { SessionWorld } from './session.ts';
import { SignInDesk, type SignInPage } from './sign-in-desk.ts';
import {
  emptyForm,
  extensionFrom,
  formOf,
  formOfAccount,
  formOfDraft,
  type SignInForm,
} from './sign-in.ts';
import type { Switchboard } from './switchboard.ts';

/** What the page shows. */
export type Stage =
  | { readonly kind: 'starting' }
  /** Another tab of this browser is the phone. */
  | { readonly kind: 'second-tab' }
  /** Nobody is signed in. */
  | ({ readonly kind: 'sign-in' } & SignInPage)
  | { readonly kind: 'phone'; readonly switchboard: Switchboard };

/** What became of taking an account out of use. */
export type LeaveOutcome = 'left' | 'in-a-call';

export interface AppState {
  readonly stage: Stage;
  /** One more account is being signed in beside those that are; `null`: none is. */
  readonly adding: SignInPage | null;
  readonly secretStore: SecretStore;
  /** Every account of this machine, in use or not. */
  readonly accounts: readonly Account[];
}

interface AppDeps {
  readonly world: SessionWorld;
  readonly passwords: PasswordKeeper;
  readonly appVersion: string;
  /** Filled into the form of a browser app: the server it came from. */
  readonly ownServer: string;
  /** From the page's own address: the demo's. */
  readonly linkedSignIn?: SignIn | null;
  /** From the page's own address, for the form. */
  readonly linkedDraft?: SignInDraft | null;
}

/** Signing accounts in and out beside one another; everything after that is the switchboard's and its sessions'. */
export class App {
  readonly state: StoreApi<AppState>;
  readonly #deps: AppDeps;
  readonly #accounts: AccountsInUse;
  readonly #desk: SignInDesk;

  constructor(deps: AppDeps) {
    this.#deps = deps;
    const { world, passwords } = deps;
    this.#accounts = new AccountsInUse({ world, passwords, onChange: () => this.#show() });
    this.state = createStore<AppState>(() => ({
      stage: { kind: 'starting' },
      adding: null,
      secretStore: { kind: 'unavailable', reason: 'no-key-store' },
      accounts: this.#accounts.book.all,
    }));
    this.#desk = new SignInDesk({
      world,
      passwords,
      appVersion: deps.appVersion,
      accounts: this.#accounts,
      secretStore: () => this.state.getState().secretStore,
      show: (page) => this.#turnTo(page),
      onSignedIn: () => this.state.setState({ adding: null }),
    });
    deps.world.desktop?.onEvent((event) => {
      if (event.kind === 'sign-in-link') this.useLink(event.link);
    });
  }

  /**
   * All accounts in use come up, connected or not. Besides, a demo's address, provisioning and what was kept across a reload sign
   * in by themselves; with nobody to sign in the form asks.
   */
  async start(demo: SignInForm | null = null): Promise<void> {
    const { world, passwords, linkedSignIn = null, linkedDraft = null } = this.#deps;
    this.state.setState({ secretStore: await passwords.store() });
    const prepared = (await world.desktop?.takeSignIn()) ?? linkedSignIn;
    const fresh = demo ?? (prepared === null ? null : this.#formOfPrepared(prepared));
    // What was prepared may be with a server that no account names yet: the policy stays as it was made for it.
    if (fresh === null && !(await this.#accounts.keepServers())) return;
    const locked = await this.#comeUp(fresh);
    if (fresh !== null) {
      await (prepared?.purpose === 'check' ? this.check(fresh) : this.signIn(fresh));
      return this.#askPassword(locked);
    }
    if (linkedDraft !== null) return this.#ask(formOfDraft(linkedDraft));
    if (this.#accounts.switchboard !== null) return this.#askPassword(locked);
    const { first } = this.#accounts.book;
    this.#ask(first === null ? this.#emptyForm() : formOfAccount(first));
  }

  showSecondTab(): void {
    this.state.setState({ stage: { kind: 'second-tab' } });
  }

  /** Signs in with what the form holds; a failure leaves the form as it is and says what is wrong. */
  signIn(form: SignInForm): Promise<void> {
    return this.#desk.signIn(form);
  }

  /** Tries everything that a call needs, one step after the other, and says which does not work; signs nobody in. */
  check(form: SignInForm): Promise<void> {
    return this.#desk.check(form);
  }

  /** The user has compared the fingerprint and says yes. */
  async trust(request: TrustRequest): Promise<TrustOutcome> {
    const { desktop } = this.#deps.world;
    return desktop === null ? { kind: 'not-shown' } : desktop.trustCertificate(request);
  }

  /** A link or the contents of a file: fills the form, which a person then sends. @returns false when it is no such link */
  useLink(link: string): boolean {
    const draft = readSignInLink(link);
    return draft !== null && this.useDraft(draft);
  }

  useDraft(draft: SignInDraft): boolean {
    const { stage } = this.state.getState();
    if (stage.kind === 'starting') return this.#whenStarted(() => this.useDraft(draft));
    if (stage.kind === 'second-tab' || this.#page?.busy) return false;
    this.#ask(formOfDraft(draft));
    return true;
  }

  /** Asks for one more account; those that are signed in go on. */
  addAccount(): void {
    this.#askAnew(this.#emptyForm());
  }

  /** Asks for the server and the password of a known account again. */
  changeSignIn(key: string): void {
    const account = this.#accounts.book.find(key);
    if (account !== null) this.#askAnew(formOfAccount(account));
  }

  /** Closes the form of one more account; a sign-in that it has begun comes to nothing. */
  stopAdding(): void {
    this.#desk.cancel();
    this.state.setState({ adding: null });
  }

  /** Has a known account come up, now and at every start. Without its password the form asks for it. */
  async enable(key: string): Promise<void> {
    const account = this.#accounts.book.find(key);
    if (account === null || this.#accounts.find(key) !== null) return;
    this.#accounts.use(key);
    if (!(await this.#accounts.keepServers())) return;
    const session = await this.#accounts.come(account);
    // Switched off again meanwhile: then nobody is to be asked.
    if (session === null && this.#accounts.isUsed(key)) this.#askAnew(formOfAccount(account));
  }

  /** Takes an account out of use; nothing of it is forgotten. */
  async disable(key: string): Promise<LeaveOutcome> {
    if (this.#accounts.inACall(key)) return 'in-a-call';
    await this.#leave(key);
    return 'left';
  }

  /** Dials from this account unless another is chosen, from now on. */
  dialFrom(key: string): void {
    this.#accounts.dialFrom(key);
  }

  edit(key: string, edit: AccountEdit): void {
    this.#accounts.edit(key, edit);
  }

  /** Signs an account out and forgets its password. The others go on. */
  async signOut(key: string): Promise<void> {
    // At once: taking leave of a server that is away takes its time, in which the app may end.
    await Promise.all([this.#deps.passwords.forget(key), this.#leave(key)]);
  }

  /** Forgets an account with its password, settings, history and contacts; one that is in use is signed out first. */
  async removeAccount(key: string): Promise<LeaveOutcome> {
    if (this.#accounts.inACall(key)) return 'in-a-call';
    await this.signOut(key);
    this.#accounts.forget(key);
    return 'left';
  }

  /** Ends everything, for the app is ending. What is in use comes up again at the next start. */
  async close(): Promise<void> {
    await this.#accounts.close();
  }

  get #page(): SignInPage | null {
    const { stage, adding } = this.state.getState();
    return stage.kind === 'sign-in' ? stage : adding;
  }

  #emptyForm(): SignInForm {
    return { ...emptyForm, server: this.#deps.ownServer };
  }

  /** The app was started by the link: what it starts with comes first. */
  #whenStarted(run: () => void): boolean {
    const stop = this.state.subscribe(({ stage }) => {
      if (stage.kind === 'starting') return;
      stop();
      run();
    });
    return true;
  }

  /** Of main: prepared by provisioning, or kept while the page was loaded anew for this server. */
  #formOfPrepared(prepared: SignIn): SignInForm {
    const { secretStore } = this.state.getState();
    const { remember = secretStore.kind === 'available' } = prepared;
    return { ...formOf(prepared), remember };
  }

  /**
   * The accounts in use, but for the one that is about to be signed in anew.
   * @returns the first whose password is not known
   */
  async #comeUp(fresh: SignInForm | null): Promise<Account | null> {
    const beside = this.#accounts.book.inUse.filter(
      ({ server, extension }) =>
        fresh === null || server !== fresh.server || extension !== extensionFrom(fresh),
    );
    let locked: Account | null = null;
    for (const account of beside)
      if ((await this.#accounts.come(account)) === null) locked ??= account;
    return locked;
  }

  /** Of an account in use that could not come up by itself. A form that is open already comes first. */
  #askPassword(account: Account | null): void {
    if (account === null || this.#page !== null || !this.#accounts.isUsed(account.key)) return;
    if (this.#accounts.find(account.key) === null) this.#ask(formOfAccount(account));
  }

  /** When the last one leaves, its form is the page. */
  async #leave(key: string): Promise<void> {
    const account = this.#accounts.find(key)?.account ?? null;
    const gone = this.#accounts.leave(key);
    if (this.#accounts.switchboard === null && account !== null) {
      const { adding } = this.state.getState();
      this.state.setState({ adding: null });
      // One that is just being signed in goes on, and says on the page how far it has got.
      if (adding !== null && adding.busy !== null) this.#turnTo(adding);
      else this.#ask(formOfAccount(account));
    }
    await gone;
  }

  /** The accounts as they are written down now, and the phone as soon as one of them is signed in. */
  #show(): void {
    this.state.setState({ accounts: this.#accounts.book.all });
    const { switchboard } = this.#accounts;
    const { stage } = this.state.getState();
    if (switchboard === null) return;
    if (stage.kind !== 'phone' || stage.switchboard !== switchboard)
      this.state.setState({ stage: { kind: 'phone', switchboard } });
  }

  /** The form begins anew: what it was doing is given up. */
  #askAnew(form: SignInForm): void {
    this.#desk.cancel();
    this.#ask(form);
  }

  #ask(form: SignInForm): void {
    this.#turnTo({ form, problem: null, busy: null, check: null });
  }

  /** The form has the page to itself while nobody is signed in, and stands among the settings otherwise. */
  #turnTo(page: SignInPage): void {
    if (this.#accounts.switchboard !== null) this.state.setState({ adding: page });
    else this.state.setState({ stage: { kind: 'sign-in', ...page } });
  }
}
