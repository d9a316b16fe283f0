import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SecretStore, SignIn } from '../../../shared/bridge/contract.ts';
import type { SignInProblem } from '../../../shared/phone/sign-in-problem.ts';
import { accountSchema, makeAccount, type Account, type Endpoint } from './account.ts';
import type { PasswordKeeper } from './password-keeper.ts';
import { Session, type SessionWorld } from './session.ts';
import { extensionFrom, findEndpoint, formOf, registerOnce, type SignInForm } from './sign-in.ts';

export type SignInStep = 'asking-server' | 'registering';

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
    }
  | { readonly kind: 'phone'; readonly session: Session };

export interface AppState {
  readonly stage: Stage;
  readonly secretStore: SecretStore;
}

interface AppDeps {
  readonly world: SessionWorld;
  readonly passwords: PasswordKeeper;
  readonly appVersion: string;
  /** Filled into the form of a browser app: the server it came from. */
  readonly ownServer: string;
  /** From the page's own address: the demo's. */
  readonly linkedSignIn?: SignIn | null;
}

const accountsSchema = z.object({ last: z.string().nullable(), accounts: z.array(accountSchema) });
const ACCOUNTS = 'accounts';
const EMPTY_FORM: SignInForm = {
  server: '',
  extension: '',
  password: '',
  webSocketUrl: '',
  domain: '',
  remember: false,
};

/** Signing in and out; everything after that is the session's. */
export class App {
  readonly state: StoreApi<AppState>;
  readonly #deps: AppDeps;

  constructor(deps: AppDeps) {
    this.#deps = deps;
    this.state = createStore<AppState>(() => ({
      stage: { kind: 'starting' },
      secretStore: { kind: 'unavailable', reason: 'no-key-store' },
    }));
  }

  /** In a demo's address, prepared by provisioning, kept across a reload, or remembered: signs in by itself, else asks. */
  async start(demo: SignInForm | null = null): Promise<void> {
    this.state.setState({ secretStore: await this.#deps.passwords.store() });
    if (demo !== null) return this.signIn(demo);
    const prepared =
      (await this.#deps.world.desktop?.takeSignIn()) ?? this.#deps.linkedSignIn ?? null;
    if (prepared)
      return this.signIn({
        ...formOf(prepared),
        remember: this.state.getState().secretStore.kind === 'available',
      });
    const account = this.#lastAccount();
    if (account === null) return this.#ask({ ...EMPTY_FORM, server: this.#deps.ownServer }, null);
    const password = await this.#deps.passwords.read(account.key);
    if (password === null)
      return this.#ask(
        { ...EMPTY_FORM, server: account.server, extension: account.extension },
        null,
      );
    await this.#open(account, password);
  }

  showSecondTab(): void {
    this.state.setState({ stage: { kind: 'second-tab' } });
  }

  /** Signs in with what the form holds; a failure leaves the form as it is and says what is wrong. */
  async signIn(form: SignInForm): Promise<void> {
    this.#ask(form, null, 'asking-server');
    const found = await findEndpoint(form, {
      desktop: this.#deps.world.desktop,
      appVersion: this.#deps.appVersion,
    });
    if (found.kind === 'failed') return this.#ask(form, found.problem);
    const extension = extensionFrom(form);
    if (!(await this.#allowed(form, extension, found.endpoint))) return;
    this.#ask(form, null, 'registering');
    const account = this.#accountFor(form, extension, found.endpoint);
    const session = new Session(account, form.password, this.#deps.world);
    const problem = await registerOnce(session.phone.line, this.#deps.world.clock);
    if (problem !== null) {
      await session.close();
      return this.#ask(form, problem);
    }
    await this.#remember(account, form);
    this.state.setState({ stage: { kind: 'phone', session } });
  }

  async signOut(): Promise<void> {
    const { stage } = this.state.getState();
    if (stage.kind !== 'phone') return;
    const { account } = stage.session;
    this.#ask({ ...EMPTY_FORM, server: account.server, extension: account.extension }, null);
    await stage.session.close();
    await this.#deps.passwords.forget(account.key);
  }

  /** A remembered account comes up at once, connected or not: the line finds its server by itself. */
  async #open(account: Account, password: string): Promise<void> {
    const signIn: SignIn = { server: account.server, extension: account.extension, password };
    if (!(await this.#allow(account.webSocketUrl, account.apiBaseUrl, signIn))) return;
    const session = new Session(account, password, this.#deps.world);
    this.state.setState({ stage: { kind: 'phone', session } });
    session.phone.line.start();
  }

  #allowed(form: SignInForm, extension: string, endpoint: Endpoint): Promise<boolean> {
    const { server, password, domain } = form;
    return this.#allow(endpoint.webSocketUrl, endpoint.apiBaseUrl, {
      server,
      extension,
      password,
      ...(domain === '' ? {} : { domain }),
    });
  }

  /** The desktop opens the page's policy to this server, which may load the page anew; it then comes back with the sign-in. */
  async #allow(webSocketUrl: string, apiBaseUrl: string | null, signIn: SignIn): Promise<boolean> {
    const { desktop } = this.#deps.world;
    if (desktop === null) return true;
    return (await desktop.allowServer({ webSocketUrl, apiBaseUrl, signIn })).kind === 'ready';
  }

  #accountFor(form: SignInForm, extension: string, endpoint: Endpoint): Account {
    const fresh = makeAccount({
      server: form.server === '' ? endpoint.webSocketUrl : form.server,
      extension,
      endpoint,
      instanceId: this.#deps.world.newId(),
    });
    const known = this.#accounts().accounts.find(({ key }) => key === fresh.key);
    return known === undefined ? fresh : { ...fresh, instanceId: known.instanceId };
  }

  async #remember(account: Account, form: SignInForm): Promise<void> {
    const others = this.#accounts().accounts.filter(({ key }) => key !== account.key);
    this.#deps.world.keeper.write(ACCOUNTS, { last: account.key, accounts: [...others, account] });
    const { secretStore } = this.state.getState();
    if (form.remember)
      await this.#deps.passwords.write(
        account.key,
        form.password,
        secretStore.kind === 'unavailable',
      );
    else await this.#deps.passwords.forget(account.key);
  }

  #accounts(): z.infer<typeof accountsSchema> {
    return this.#deps.world.keeper.read(ACCOUNTS, accountsSchema) ?? { last: null, accounts: [] };
  }

  #lastAccount(): Account | null {
    const { last, accounts } = this.#accounts();
    return accounts.find(({ key }) => key === last) ?? null;
  }

  #ask(form: SignInForm, problem: SignInProblem | null, busy: SignInStep | null = null): void {
    this.state.setState({ stage: { kind: 'sign-in', form, problem, busy } });
  }
}
