import type { App, Stage } from '../../../../renderer/phone/model/app.ts';
import type { NoticeContent } from '../../../../renderer/phone/model/notice.ts';
import { emptyForm } from '../../../../renderer/phone/model/sign-in.ts';
import type { Account } from '../../../../renderer/phone/model/account.ts';
import type { Session } from '../../../../renderer/phone/model/session.ts';
import type { Switchboard } from '../../../../renderer/phone/model/switchboard.ts';
import type { LineEffect, LineEvent } from '../../../../renderer/sip/phone-line.ts';
import { epochMs } from '../../../../shared/domain/ids.ts';
import { dialogDocument } from '../../../fakes/dialog-documents.ts';
import { ParkDocuments, parkIdOf, type ParkedSketch } from '../../../fakes/park-documents.ts';
import type { ScriptedLine } from '../../../fakes/scripted-line.ts';

interface StagehandParts {
  readonly app: App;
  readonly switchboard: Switchboard;
  readonly session: Session;
  /** A second account, for scenes that want one. */
  readonly other: { readonly account: Account; readonly line: ScriptedLine };
  /** Has the app know both accounts. */
  keepAccounts(): void;
  readonly line: ScriptedLine;
  readonly documents: ParkDocuments;
}

const DIRECTORY = [
  { extension: '101', displayName: 'Bob Baker', registered: true, doNotDisturb: false },
  { extension: '102', displayName: 'Alice Archer', registered: true, doNotDisturb: false },
  {
    extension: '103',
    displayName: 'Carol Cartwright-Featherstonehaugh',
    registered: false,
    doNotDisturb: false,
  },
  { extension: '104', displayName: 'Übermütig Überall', registered: true, doNotDisturb: true },
];

/** What scenes and tests play the world with. */
export class Stagehand {
  readonly #parts: StagehandParts;
  readonly #otherDocuments = new ParkDocuments(() => Date.now());
  #incoming = 0;

  constructor(parts: StagehandParts) {
    this.#parts = parts;
  }

  get session(): Session {
    return this.#parts.session;
  }

  get performed(): readonly LineEffect[] {
    return this.#parts.line.performed;
  }

  forget(): void {
    this.#parts.line.performed.length = 0;
  }

  setStage(stage: Stage): void {
    this.#parts.app.state.setState({ stage });
  }

  /** Who has signed in on this machine before. */
  know(accounts: readonly Account[]): void {
    this.#parts.app.state.setState({ accounts });
  }

  /** Signed in, with a directory. */
  signIn(): void {
    const { session, switchboard } = this.#parts;
    this.setStage({ kind: 'phone', switchboard });
    this.say({
      kind: 'state',
      state: { kind: 'registered', at: epochMs(Date.now()), apiBaseUrl: null },
    });
    session.phone.update({
      displayName: 'Bob Baker',
      group: 'Support',
      server: { kind: 'ready', loadedAt: epochMs(Date.now()), directory: DIRECTORY },
    });
  }

  /** A second account beside the first: signed in, with these calls parked. */
  addAccount(parked: readonly ParkedSketch[]): Session {
    const { switchboard, other } = this.#parts;
    const session = switchboard.make(other.account, 'secret');
    switchboard.add(session);
    this.#parts.keepAccounts();
    other.line.become({ kind: 'registered', at: epochMs(Date.now()), apiBaseUrl: null });
    other.line.say({ kind: 'park-list', event: { kind: 'subscribed' } });
    const body = this.#otherDocuments.full(parked);
    this.sayOther({ kind: 'park-list', event: { kind: 'document', body } });
    return session;
  }

  /** What changed in the list of the second account. */
  partialOther(parked: readonly ParkedSketch[]): void {
    const body = this.#otherDocuments.partial(parked);
    this.sayOther({ kind: 'park-list', event: { kind: 'document', body } });
  }

  /** The second account's server has gone. */
  loseOther(): void {
    const { line } = this.#parts.other;
    line.become({
      kind: 'offline',
      since: epochMs(Date.now()),
      problem: { kind: 'unreachable' },
    });
    line.say({ kind: 'park-list', event: { kind: 'lost' } });
  }

  /** Somebody calls the second account. */
  ringOther(party: { readonly name: string | null; readonly number: string }): string {
    const call = 'other-1';
    const input = { kind: 'came-in', call, party, recall: null } as const;
    this.#parts.other.line.say({ kind: 'call', input });
    return call;
  }

  /** The form of one more account. */
  startAdding(): void {
    const form = { ...emptyForm, server: 'pbx.example' };
    const adding = { form, problem: null, busy: null, check: null };
    this.#parts.app.state.setState({ adding });
  }

  /** What the second account's line says. */
  sayOther(event: LineEvent): void {
    this.#parts.other.line.say(event);
  }

  say(event: LineEvent): void {
    if (event.kind === 'state') this.#parts.line.become(event.state);
    else this.#parts.line.say(event);
  }

  subscribe(): void {
    this.#parts.documents.restart();
    this.say({ kind: 'park-list', event: { kind: 'subscribed' } });
  }

  full(parked: readonly ParkedSketch[]): void {
    this.#document(this.#parts.documents.full(parked));
  }

  partial(parked: readonly ParkedSketch[]): void {
    this.#document(this.#parts.documents.partial(parked));
  }

  loseList(): void {
    this.say({ kind: 'park-list', event: { kind: 'lost' } });
  }

  /** What a colleague's telephone does; `null`: nothing. Told once somebody looks. */
  lamp(digits: string, state: 'confirmed' | 'early' | null): void {
    const dialogs = state === null ? [] : [{ id: 'call', state }];
    const body = dialogDocument({ version: 0, state: 'full' }, dialogs);
    const tell = () => this.say({ kind: 'lamp', digits, event: { kind: 'document', body } });
    this.#parts.line.onWatched((watched) => {
      if (watched.includes(digits)) tell();
    });
  }

  /** Someone calls. */
  ring(
    party: { readonly name: string | null; readonly number: string },
    recallSlot: string | null = null,
  ): string {
    this.#incoming += 1;
    const call = `in-${this.#incoming}`;
    const recall = recallSlot === null ? null : { slot: recallSlot, attempt: 1 };
    this.say({ kind: 'call', input: { kind: 'came-in', call, party, recall } });
    return call;
  }

  /** A call that is talking. */
  talk(party: { readonly name: string | null; readonly number: string }): string {
    const call = this.ring(party);
    this.session.phone.call({ kind: 'answer', call });
    this.say({ kind: 'call', input: { kind: 'answered', call, party: null } });
    return call;
  }

  notify(what: NoticeContent): void {
    this.session.phone.notify(what);
  }

  parkId(n: number): string {
    return parkIdOf(n);
  }

  measure(mos: number): void {
    this.#parts.line.measured = {
      loss: 0.004,
      jitterMs: 6,
      roundTripMs: 38,
      mos,
      codec: 'opus',
      level: 0.4,
    };
  }

  #document(body: string): void {
    this.say({ kind: 'park-list', event: { kind: 'document', body } });
  }
}
