import type { SecretStore, SignIn } from '../../../shared/bridge/contract.ts';
import { parklineChoice } from '../../../shared/phone/pbx-profile.ts';
import { newCheck, type SignInCheck } from '../../../shared/phone/sign-in-check.ts';
import type { SignInProblem } from '../../../shared/phone/sign-in-problem.ts';
import { makeAccount, type Account, type Endpoint } from './account.ts';
import type { AccountsInUse } from './accounts-in-use.ts';
import { explainProblem } from './certificate-problem.ts';
import { openCheckLine } from './check-line.ts';
import type { PasswordKeeper } from './password-keeper.ts';
import type { Session, SessionWorld } from './session.ts';
import { probeServer, runCheck } from './sign-in-check.ts';
import { extensionFrom, findEndpoint, registerOnce, signInOf, type SignInForm } from './sign-in.ts';

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

interface SignInDeskDeps {
  readonly world: SessionWorld;
  readonly passwords: PasswordKeeper;
  readonly appVersion: string;
  readonly accounts: AccountsInUse;
  /** Where passwords can be kept now. */
  readonly secretStore: () => SecretStore;
  /** How far it has got, and what is wrong. */
  readonly show: (page: SignInPage) => void;
  /** The account of the form is on the screen. */
  readonly onSignedIn: () => void;
}

/** Signs in the account that a form holds, or tries what it holds; what others do meanwhile is not its business. */
export class SignInDesk {
  readonly #deps: SignInDeskDeps;

  constructor(deps: SignInDeskDeps) {
    this.#deps = deps;
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
    const before = this.#deps.accounts.find(account.key);
    if (before !== null) return this.#signInAnew(before, account, form);
    const session = this.#deps.accounts.make(account, form.password);
    const problem = await registerOnce(session.phone.line, this.#deps.world.clock);
    if (problem === null) return this.#admit(session, form);
    await this.#deps.accounts.drop(session);
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

  /** Another server or password for an account that is signed in: tried first, so that a slip signs nobody out. */
  async #signInAnew(before: Session, account: Account, form: SignInForm): Promise<void> {
    const { world } = this.#deps;
    if (this.#deps.accounts.inACall(account.key)) return this.#ask(form, { kind: 'in-a-call' });
    const trial = openCheckLine(account, form.password, world);
    const problem = await registerOnce(trial.line, world.clock);
    await trial.close();
    if (problem !== null) return this.#ask(form, await this.#explain(problem, account));
    await this.#deps.accounts.remove(before);
    const session = this.#deps.accounts.make(account, form.password);
    session.phone.line.start();
    await this.#admit(session, form);
  }

  async #admit(session: Session, form: SignInForm): Promise<void> {
    this.#deps.accounts.admit(session);
    await this.#remember(session.account, form);
    this.#deps.onSignedIn();
    await this.#deps.accounts.keepServers();
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
    const known = this.#deps.accounts.book.find(fresh.key);
    return known === null ? fresh : { ...fresh, instanceId: known.instanceId };
  }

  async #remember(account: Account, form: SignInForm): Promise<void> {
    const secretStore = this.#deps.secretStore();
    if (form.remember)
      await this.#deps.passwords.write(
        account.key,
        form.password,
        secretStore.kind === 'unavailable',
      );
    else await this.#deps.passwords.forget(account.key);
  }

  #ask(
    form: SignInForm,
    problem: SignInProblem | null,
    busy: SignInStep | null = null,
    check: SignInCheck | null = null,
  ): void {
    this.#deps.show({ form, problem, busy, check });
  }
}
