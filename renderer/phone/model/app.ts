import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SecretStore, SignIn } from '../../../shared/bridge/contract.ts';
import type { TrustOutcome, TrustRequest } from '../../../shared/bridge/server-certificate.ts';
import { liveCalls } from '../../../shared/phone/call-list.ts';
import { parklineChoice } from '../../../shared/phone/pbx-profile.ts';
import { newCheck, type SignInCheck } from '../../../shared/phone/sign-in-check.ts';
import { readSignInLink, type SignInDraft } from '../../../shared/phone/sign-in-link.ts';
import type { SignInProblem } from '../../../shared/phone/sign-in-problem.ts';
import { AccountBook } from './account-book.ts';
import { makeAccount, type Account, type Endpoint } from './account.ts';
import { explainProblem } from './certificate-problem.ts';
import { openCheckLine } from './check-line.ts';
import type { PasswordKeeper } from './password-keeper.ts';
import { Session, type SessionWorld } from './session.ts';
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

export type SignInStep = 'asking-server' | 'registering' | 'testing';

/** What the page shows. */
export type Stage =
  | { readonly kind: 'starting' }
  /** Another tab of this browser is the phone. */
  | { readonly kind: 'second-tab' }
  | {
      readonly kind: 'sign-in';
      readonly form: SignInForm;
      readonly problem: SignInProblem | null;
      readonly busy: SignInStep | null;
      /** The test of what the form holds, step by step; `null` before it was asked for. */
      readonly check: SignInCheck | null;
    }
  | { readonly kind: 'phone'; readonly session: Session };

/** What became of asking for another account. */
export type SwitchOutcome = 'switching' | 'in-a-call';

export interface AppState {
  readonly stage: Stage;
  readonly secretStore: SecretStore;
  /** Every account of this machine; one of them at most is signed in. */
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

/** Signing in and out, and going from one account to another; everything after that is the session's. */
export class App {
  readonly state: StoreApi<AppState>;
  readonly #deps: AppDeps;
  readonly #book: AccountBook;

  constructor(deps: AppDeps) {
    this.#deps = deps;
    this.#book = new AccountBook(deps.world.keeper);
    this.state = createStore<AppState>(() => ({
      stage: { kind: 'starting' },
      secretStore: { kind: 'unavailable', reason: 'no-key-store' },
      accounts: this.#book.all,
    }));
    deps.world.desktop?.onEvent((event) => {
      if (event.kind === 'sign-in-link') this.useLink(event.link);
    });
  }

  /** In a demo's address, prepared by provisioning, kept across a reload, or remembered: signs in by itself, else asks. */
  async start(demo: SignInForm | null = null): Promise<void> {
    const secretStore = await this.#deps.passwords.store();
    this.state.setState({ secretStore });
    if (demo !== null) return this.signIn(demo);
    const prepared =
      (await this.#deps.world.desktop?.takeSignIn()) ?? this.#deps.linkedSignIn ?? null;
    if (prepared !== null) return this.#takeUp(prepared);
    const { linkedDraft = null } = this.#deps;
    if (linkedDraft !== null) return this.#ask(formOfDraft(linkedDraft), null);
    const account = this.#book.last;
    if (account !== null) return this.#come(account);
    this.#ask({ ...emptyForm, server: this.#deps.ownServer }, null);
  }

  showSecondTab(): void {
    this.state.setState({ stage: { kind: 'second-tab' } });
  }

  /** Signs in with what the form holds; a failure leaves the form as it is and says what is wrong. */
  async signIn(form: SignInForm): Promise<void> {
    this.#ask(form, null, 'asking-server');
    const found = await this.#find(form);
    if (found.kind === 'failed') return this.#ask(form, found.problem);
    if (!(await this.#allow(found.endpoint, signInOf(form, 'sign-in')))) return;
    this.#ask(form, null, 'registering');
    const account = this.#accountFor(form, found.endpoint);
    const session = new Session(account, form.password, this.#deps.world);
    const problem = await registerOnce(session.phone.line, this.#deps.world.clock);
    if (problem !== null) {
      await session.close();
      const { webSocketUrl } = found.endpoint;
      const { desktop } = this.#deps.world;
      return this.#ask(form, await explainProblem(problem, { webSocketUrl, desktop }));
    }
    await this.#remember(account, form);
    this.#show(session);
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
    if (!reloading) show(result, true);
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
    if (stage.kind === 'sign-in' && stage.busy === null) this.#ask(formOfDraft(draft), null);
    else if (stage.kind !== 'phone' || this.#inACall(stage.session)) return false;
    else void this.#leave(stage.session).then(() => this.#ask(formOfDraft(draft), null));
    return true;
  }

  async signOut(): Promise<void> {
    const { stage } = this.state.getState();
    if (stage.kind !== 'phone') return;
    const { account } = stage.session;
    this.#ask(formOfAccount(account), null);
    await stage.session.close();
    await this.#deps.passwords.forget(account.key);
  }

  /** Leaves this account signed in nowhere and goes to another one of this machine. Nobody is hung up on for it. */
  switchTo(key: string): SwitchOutcome {
    const account = this.#book.find(key);
    return this.#goTo(() => {
      if (account === null) return this.#ask({ ...emptyForm, server: this.#deps.ownServer }, null);
      this.#book.use(account.key);
      return this.#come(account);
    });
  }

  /** Asks for one more account. */
  addAccount(): SwitchOutcome {
    return this.#goTo(() => this.#ask({ ...emptyForm, server: this.#deps.ownServer }, null));
  }

  /** Forgets an account with its password, settings, history and contacts; the one that is in use is signed out first. */
  async removeAccount(key: string): Promise<void> {
    const { stage } = this.state.getState();
    if (stage.kind === 'phone' && stage.session.account.key === key) await this.signOut();
    await this.#deps.passwords.forget(key);
    this.#book.remove(key);
    this.state.setState({ accounts: this.#book.all });
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

  #goTo(then: () => void | Promise<void>): SwitchOutcome {
    const { stage } = this.state.getState();
    if (stage.kind !== 'phone') {
      void then();
      return 'switching';
    }
    if (this.#inACall(stage.session)) return 'in-a-call';
    void this.#leave(stage.session).then(then);
    return 'switching';
  }

  async #leave(session: Session): Promise<void> {
    this.state.setState({ stage: { kind: 'starting' } });
    await session.close();
  }

  #inACall(session: Session): boolean {
    return liveCalls(session.phone.state.getState().calls).length > 0;
  }

  /** Of main: prepared by provisioning, or kept while the page was loaded anew for this server. */
  #takeUp(prepared: SignIn): Promise<void> {
    const { secretStore } = this.state.getState();
    const form = { ...formOf(prepared), remember: secretStore.kind === 'available' };
    return prepared.purpose === 'check' ? this.check(form) : this.signIn(form);
  }

  /** A remembered account comes up at once, connected or not: the line finds its server by itself. */
  async #come(account: Account): Promise<void> {
    const password = await this.#deps.passwords.read(account.key);
    if (password === null) return this.#ask(formOfAccount(account), null);
    const form = { ...formOfAccount(account), password };
    if (!(await this.#allow(account, signInOf(form, 'sign-in')))) return;
    const session = new Session(account, password, this.#deps.world);
    this.#show(session);
    session.phone.line.start();
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
    const known = this.#book.find(fresh.key);
    return known === null ? fresh : { ...fresh, instanceId: known.instanceId };
  }

  async #remember(account: Account, form: SignInForm): Promise<void> {
    this.#book.keep(account);
    const { secretStore } = this.state.getState();
    if (form.remember)
      await this.#deps.passwords.write(
        account.key,
        form.password,
        secretStore.kind === 'unavailable',
      );
    else await this.#deps.passwords.forget(account.key);
  }

  #show(session: Session): void {
    this.state.setState({ stage: { kind: 'phone', session }, accounts: this.#book.all });
  }

  #ask(
    form: SignInForm,
    problem: SignInProblem | null,
    busy: SignInStep | null = null,
    check: SignInCheck | null = null,
  ): void {
    this.state.setState({ stage: { kind: 'sign-in', form, problem, busy, check } });
  }
}
