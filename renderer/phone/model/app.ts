import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SecretStore, SignIn } from '../../../shared/bridge/contract.ts';
import type { TrustOutcome, TrustRequest } from '../../../shared/bridge/server-certificate.ts';
import { parklineChoice } from '../../../shared/phone/pbx-profile.ts';
import { newCheck, type SignInCheck } from '../../../shared/phone/sign-in-check.ts';
import { readSignInLink, type SignInDraft } from '../../../shared/phone/sign-in-link.ts';
import type { SignInProblem } from '../../../shared/phone/sign-in-problem.ts';
import type { AccountEdit } from './account-book.ts';
import { makeAccount, type Account, type Endpoint } from './account.ts';
import { AccountsInUse } from './accounts-in-use.ts';
import { explainProblem } from './certificate-problem.ts';
import { openCheckLine } from './check-line.ts';
import type { PasswordKeeper } from './password-keeper.ts';
import type { Session, SessionWorld } from './session.ts';
import { probeServer, runCheck } from './sign-in-check.ts';
import {
  emptyForm,
  extensionFrom,
  findEndpoint,
  formOf,
  formOfAccount,
  formOfDraft,
  registerOnce,
  signInOf,
  type SignInForm,
} from './sign-in.ts';
import type { Switchboard } from './switchboard.ts';

export type SignInStep =
  | 'asking-server'
  | 'registering'
  | 'testing'
  /** The page has to be loaded anew to talk to this server, as soon as nobody is talking. */
  | 'waiting';

/** The form of an account that is to be signed in. */
export interface SignInPage {
  readonly form: SignInForm;
  readonly problem: SignInProblem | null;
  readonly busy: SignInStep | null;
  /** The test of what the form holds, step by step; `null` before it was asked for. */
  readonly check: SignInCheck | null;
}

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
    await this.#comeUp(fresh);
    if (fresh !== null)
      return prepared?.purpose === 'check' ? this.check(fresh) : this.signIn(fresh);
    if (linkedDraft !== null) return this.#ask(formOfDraft(linkedDraft), null);
    if (this.#accounts.switchboard !== null) return;
    const { first } = this.#accounts.book;
    this.#ask(first === null ? this.#emptyForm() : formOfAccount(first), null);
  }

  showSecondTab(): void {
    this.state.setState({ stage: { kind: 'second-tab' } });
  }

  /** Signs in with what the form holds; a failure leaves the form as it is and says what is wrong. */
  async signIn(form: SignInForm): Promise<void> {
    this.#ask(form, null, 'asking-server');
    const found = await this.#find(form);
    if (found.kind === 'failed') return this.#ask(form, found.problem);
    if (!(await this.#allow(found.endpoint, signInOf(form, 'sign-in'))))
      return this.#ask(form, null, 'waiting');
    this.#ask(form, null, 'registering');
    const account = this.#accountFor(form, found.endpoint);
    const before = this.#accounts.find(account.key);
    if (before !== null) return this.#signInAnew(before, account, form);
    const session = this.#accounts.make(account, form.password);
    const problem = await registerOnce(session.phone.line, this.#deps.world.clock);
    if (problem === null) return this.#admit(session, form);
    await this.#accounts.drop(session);
    this.#ask(form, await this.#explain(problem, account));
  }

  /** Tries everything that a call needs, one step after the other, and says which does not work; signs nobody in. */
  async check(form: SignInForm): Promise<void> {
    const { world } = this.#deps;
    const show = (check: SignInCheck, over = false) =>
      this.#ask(form, null, over ? null : 'testing', check);
    show(newCheck);
    let reloading = false;
    const result = await runCheck(
      form,
      {
        clock: world.clock,
        findEndpoint: (asked) => this.#find(asked),
        probe: (url) => probeServer(url, world.desktop),
        allow: async (endpoint) => {
          reloading = !(await this.#allow(endpoint, signInOf(form, 'check')));
          return !reloading;
        },
        open: (endpoint) => openCheckLine(this.#accountFor(form, endpoint), form.password, world),
        newId: () => world.newId(),
      },
      show,
    );
    if (reloading) this.#ask(form, null, 'waiting');
    else show(result, true);
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
    this.#ask(formOfDraft(draft), null);
    return true;
  }

  /** Asks for one more account; those that are signed in go on. */
  addAccount(): void {
    this.#ask(this.#emptyForm(), null);
  }

  /** Asks for the server and the password of a known account again. */
  changeSignIn(key: string): void {
    const account = this.#accounts.book.find(key);
    if (account !== null) this.#ask(formOfAccount(account), null);
  }

  /** Closes the form of one more account. */
  stopAdding(): void {
    this.state.setState({ adding: null });
  }

  /** Has a known account come up, now and at every start. Without its password the form asks for it. */
  async enable(key: string): Promise<void> {
    const account = this.#accounts.book.find(key);
    if (account === null || this.#accounts.find(key) !== null) return;
    this.#accounts.use(key);
    if (!(await this.#accounts.keepServers())) return;
    if ((await this.#accounts.come(account)) === null) this.#ask(formOfAccount(account), null);
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
    await this.#leave(key);
    await this.#deps.passwords.forget(key);
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
    return { ...formOf(prepared), remember: secretStore.kind === 'available' };
  }

  /** The accounts in use whose password is known, but for the one that is about to be signed in anew. */
  async #comeUp(fresh: SignInForm | null): Promise<void> {
    const beside = this.#accounts.book.inUse.filter(
      ({ server, extension }) =>
        fresh === null || server !== fresh.server || extension !== extensionFrom(fresh),
    );
    for (const account of beside) await this.#accounts.come(account);
  }

  /** Another server or password for an account that is signed in: tried first, so that a slip signs nobody out. */
  async #signInAnew(before: Session, account: Account, form: SignInForm): Promise<void> {
    const { world } = this.#deps;
    if (this.#accounts.inACall(account.key)) return this.#ask(form, { kind: 'in-a-call' });
    const trial = openCheckLine(account, form.password, world);
    const problem = await registerOnce(trial.line, world.clock);
    await trial.close();
    if (problem !== null) return this.#ask(form, await this.#explain(problem, account));
    await this.#accounts.remove(before);
    const session = this.#accounts.make(account, form.password);
    session.phone.line.start();
    await this.#admit(session, form);
  }

  async #admit(session: Session, form: SignInForm): Promise<void> {
    this.#accounts.admit(session);
    await this.#remember(session.account, form);
    this.state.setState({ adding: null });
    await this.#accounts.keepServers();
  }

  /** When the last one leaves, its form is the page. */
  async #leave(key: string): Promise<void> {
    const account = this.#accounts.find(key)?.account ?? null;
    const gone = this.#accounts.leave(key);
    if (this.#accounts.switchboard === null && account !== null) {
      this.state.setState({ adding: null });
      this.#ask(formOfAccount(account), null);
    }
    await gone;
  }

  #explain(problem: SignInProblem, { webSocketUrl }: Account): Promise<SignInProblem> {
    return explainProblem(problem, { webSocketUrl, desktop: this.#deps.world.desktop });
  }

  #find(form: SignInForm) {
    return findEndpoint(form, {
      desktop: this.#deps.world.desktop,
      appVersion: this.#deps.appVersion,
    });
  }

  /** The desktop opens the page's policy to this server, which may load the page anew; it then comes back with the sign-in. */
  async #allow(
    { webSocketUrl, apiBaseUrl }: Pick<Endpoint, 'webSocketUrl' | 'apiBaseUrl'>,
    signIn: SignIn,
  ): Promise<boolean> {
    const { desktop } = this.#deps.world;
    if (desktop === null) return true;
    return (await desktop.allowServer({ webSocketUrl, apiBaseUrl, signIn })).kind === 'ready';
  }

  /** A device keeps its identity over sign-ins, so that the server knows it again. */
  #accountFor(form: SignInForm, endpoint: Endpoint): Account {
    const fresh = makeAccount({
      server: form.server === '' ? endpoint.webSocketUrl : form.server,
      extension: extensionFrom(form),
      endpoint,
      instanceId: this.#deps.world.newId(),
      pbx: form.pbx ?? parklineChoice,
    });
    const known = this.#accounts.book.find(fresh.key);
    return known === null ? fresh : { ...fresh, instanceId: known.instanceId };
  }

  async #remember(account: Account, form: SignInForm): Promise<void> {
    const { secretStore } = this.state.getState();
    if (form.remember)
      await this.#deps.passwords.write(
        account.key,
        form.password,
        secretStore.kind === 'unavailable',
      );
    else await this.#deps.passwords.forget(account.key);
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

  /** The form has the page to itself while nobody is signed in, and stands among the settings otherwise. */
  #ask(
    form: SignInForm,
    problem: SignInProblem | null,
    busy: SignInStep | null = null,
    check: SignInCheck | null = null,
  ): void {
    const page: SignInPage = { form, problem, busy, check };
    if (this.#accounts.switchboard !== null) this.state.setState({ adding: page });
    else this.state.setState({ stage: { kind: 'sign-in', ...page } });
  }
}
