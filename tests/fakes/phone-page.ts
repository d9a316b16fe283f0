import { vi } from 'vitest';
import { createIntl } from 'react-intl';
import { noInstaller } from '../../renderer/phone/browser-install.ts';
import type { Account } from '../../renderer/phone/model/account.ts';
import type { PasswordKeeper } from '../../renderer/phone/model/password-keeper.ts';
import type { SessionWorld } from '../../renderer/phone/model/session.ts';
import { emptyForm, type SignInForm } from '../../renderer/phone/model/sign-in.ts';
import { sayer } from '../../renderer/phone/text.tsx';
import { SipTrace } from '../../renderer/sip/trace.ts';
import type { DesktopBridge } from '../../shared/bridge/contract.ts';
import { FakeClock } from './fake-clock.ts';
import { memoryKeeper } from './memory-keeper.ts';
import { ScriptedLine } from './scripted-line.ts';

/** A page of the phone without a browser: every account gets a line that is scripted, every record is kept in memory. */
export class PhonePage {
  readonly clock = new FakeClock();
  readonly keeper = memoryKeeper();
  readonly passwords = new FakePasswords();
  /** Every line that was opened, by its account, the last one last. */
  readonly lines = new Map<string, ScriptedLine[]>();
  /** What the next lines do when they are started. */
  answers = true;
  readonly world: SessionWorld;

  constructor(desktop: DesktopBridge | null = null) {
    vi.stubGlobal('window', new EventTarget());
    vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
    const say = sayer(createIntl({ locale: 'en', messages: {}, onError: () => {} }));
    let ids = 0;
    this.world = {
      clock: this.clock,
      keeper: this.keeper,
      desktop,
      profile: null,
      trace: new SipTrace(this.clock),
      installer: noInstaller,
      newId: () => `id-${(ids += 1)}`,
      say: () => say,
      makeLine: ({ account }) => this.#line(account.key),
    };
  }

  /** The newest line of this account. */
  line(key: string): ScriptedLine {
    const line = this.lines.get(key)?.at(-1);
    if (line === undefined) throw new Error(`no line of ${key}`);
    return line;
  }

  #line(key: string): ScriptedLine {
    const line = new ScriptedLine();
    if (!this.answers) line.onStart = { kind: 'registering' };
    this.lines.set(key, [...(this.lines.get(key) ?? []), line]);
    return line;
  }
}

/** Passwords in memory; reading one may be made to wait. */
export class FakePasswords implements PasswordKeeper {
  readonly kept = new Map<string, string>();
  readonly store: PasswordKeeper['store'] = async () => ({ kind: 'available', backend: 'memory' });

  async read(key: string): Promise<string | null> {
    return this.kept.get(key) ?? null;
  }

  async write(key: string, password: string): Promise<boolean> {
    this.kept.set(key, password);
    return true;
  }

  async forget(key: string): Promise<void> {
    this.kept.delete(key);
  }
}

/** A desktop that answers as it is told, and nothing to all else. */
export const fakeDesktop = (answers: Partial<DesktopBridge>): DesktopBridge =>
  new Proxy<DesktopBridge>(Object.create(null), {
    get: (_target, name) => Reflect.get(answers, name) ?? (() => Promise.resolve(null)),
  });

/** An account of another PBX, which nobody has to ask where it is. */
export function accountAt(domain: string, extension = '101'): Account {
  return {
    key: `${extension}@${domain}`,
    server: `wss://${domain}/ws`,
    extension,
    domain,
    webSocketUrl: `wss://${domain}/ws`,
    serverName: '',
    apiBaseUrl: null,
    demo: false,
    instanceId: `device-${extension}`,
  };
}

/** The filled form of that account. */
export function formAt(domain: string, extension = '101'): SignInForm {
  const { server, webSocketUrl } = accountAt(domain, extension);
  return { ...emptyForm, server, webSocketUrl, extension, domain, password: 'secret' };
}

/** What was begun and waits for promises alone is done. */
export const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
