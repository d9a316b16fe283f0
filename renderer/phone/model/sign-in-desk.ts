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
import { SignInAttempt } from './sign-in-attempt.ts';
import { probeServer, runCheck, type CheckLine } from './sign-in-check.ts';
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

/** What is under way for a form. */
interface Asked {
  readonly form: SignInForm;
  readonly attempt: SignInAttempt;
}

/** Signs in the account that a form holds, or tries what it holds; what others do meanwhile is not its business. */
export class SignInDesk {
  readonly #deps: SignInDeskDeps;
  #attempt: SignInAttempt | null = null;

  constructor(deps: SignInDeskDeps) {
    this.#deps = deps;
  }

  /** Gives up what is under way, wherever it is; nothing of it is shown or kept. */
  cancel(): void {
    this.#attempt?.giveUp();
    this.#attempt = null;
    // Main may hold it back for when the page is loaded anew.
    void this.#deps.world.desktop?.takeSignIn();
  }

  /** Signs in with what the form holds; a failure leaves the form as it is and says what is wrong. */
  async signIn(form: SignInForm): Promise<void> {
    const asked: Asked = { form, attempt: this.#begin() };
    const { attempt } = asked;
    this.#say(asked, null, 'asking-server');
    const found = await this.#find(form);
    if (attempt.isOver()) return;
    if (found.kind === 'failed') return this.#say(asked, found.problem);
    const allowed = await this.#allow(found.endpoint, signInOf(form, 'sign-in'));
    if (attempt.isOver()) return;
    if (!allowed) return this.#say(asked, null, 'waiting');
    this.#say(asked, null, 'registering');
    await this.#register(this.#accountFor(form, found.endpoint), asked);
  }

  async #register(account: Account, asked: Asked): Promise<void> {
    const { accounts, world } = this.#deps;
    const { form, attempt } = asked;
    if (accounts.find(account.key) !== null) return this.#signInAnew(account, asked);
    const session = accounts.make(account, form.password);
    const problem = await attempt.unlessOver(registerOnce(session.phone.line, world.clock));
    // It may have been switched on meanwhile: two of one account are one too many.
    const doubled = accounts.find(account.key) !== null;
    if (problem === null && !doubled && !attempt.isOver()) return this.#admit(session, asked);
    await accounts.drop(session);
    if (attempt.isOver()) return;
    if (problem === null) return this.#signInAnew(account, asked);
    this.#say(asked, await this.#explain(problem, account));
  }

  /** Tries everything that a call needs, one step after the other, and says which does not work; signs nobody in. */
  async check(form: SignInForm): Promise<void> {
    const { world } = this.#deps;
    const asked: Asked = { form, attempt: this.#begin() };
    const { attempt } = asked;
    const show = (check: SignInCheck, over = false) =>
      this.#say(asked, null, over ? null : 'testing', check);
    show(newCheck);
    let reloading = false;
    const result = await runCheck(
      form,
      {
        clock: world.clock,
        findEndpoint: (typed) => this.#find(typed),
        probe: (url) => probeServer(url, world.desktop),
        allow: async (endpoint) => {
          if (attempt.isOver()) return false;
          reloading = !(await this.#allow(endpoint, signInOf(form, 'check')));
          return !reloading && !attempt.isOver();
        },
        open: (endpoint) => this.#openTrial(this.#accountFor(form, endpoint), asked),
        newId: () => world.newId(),
        isOver: () => attempt.isOver(),
      },
      show,
    );
    if (reloading) this.#say(asked, null, 'waiting');
    else show(result, true);
  }

  /** Another server or password for an account that is signed in: tried first, so that a slip signs nobody out. */
  async #signInAnew(account: Account, asked: Asked): Promise<void> {
    const { accounts, world } = this.#deps;
    const { form, attempt } = asked;
    if (accounts.inACall(account.key)) return this.#say(asked, { kind: 'in-a-call' });
    const trial = this.#openTrial(account, asked);
    const problem = await attempt.unlessOver(registerOnce(trial.line, world.clock));
    await trial.close();
    if (attempt.isOver()) return;
    if (problem !== null) return this.#say(asked, await this.#explain(problem, account));
    // The trial took seconds, in which somebody may have called.
    if (accounts.inACall(account.key)) return this.#say(asked, { kind: 'in-a-call' });
    const before = accounts.find(account.key);
    if (before !== null) await accounts.remove(before);
    // Given up after all, but the old one is gone: the new one is what the user has left.
    const session = accounts.make(account, form.password);
    session.phone.line.start();
    await this.#admit(session, asked);
  }

  async #admit(session: Session, { form, attempt }: Asked): Promise<void> {
    this.#deps.accounts.admit(session);
    await this.#remember(session.account, form);
    // The form may have been opened again for another account.
    if (!attempt.isOver()) this.#deps.onSignedIn();
    await this.#deps.accounts.keepServers();
  }

  /** Closes when the attempt is given up, in the middle of a test call as well. */
  #openTrial(account: Account, { form, attempt }: Asked): CheckLine {
    const trial = openCheckLine(account, form.password, this.#deps.world);
    void attempt.over.then(() => trial.close());
    return trial;
  }

  /** A form has one attempt at a time. */
  #begin(): SignInAttempt {
    this.#attempt?.giveUp();
    this.#attempt = new SignInAttempt();
    return this.#attempt;
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

  /** What was given up says nothing any more. */
  #say(
    { form, attempt }: Asked,
    problem: SignInProblem | null,
    busy: SignInStep | null = null,
    check: SignInCheck | null = null,
  ): void {
    if (!attempt.isOver()) this.#deps.show({ form, problem, busy, check });
  }
}
