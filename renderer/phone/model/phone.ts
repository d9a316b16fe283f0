import { createStore, type StoreApi } from 'zustand/vanilla';
import { DisposableStore, type Disposable } from '../../../shared/domain/disposable.ts';
import { parseFeatureCode } from '../../../shared/domain/feature-code.ts';
import { conferenceOf, mayJoin } from '../../../shared/phone/call-conference.ts';
import type { CallInput } from '../../../shared/phone/call-input.ts';
import { liveCalls } from '../../../shared/phone/call-list.ts';
import { isTalking, type TransferTarget } from '../../../shared/phone/call.ts';
import { emptyNameBook, type NameBook } from '../../../shared/phone/names.ts';
import { boardMood, waitingCards, type BoardInput } from '../../../shared/phone/park-board.ts';
import { isLotFull } from '../../../shared/phone/pbx-profile.ts';
import { Emitter } from '../../sip/emitter.ts';
import type { LineEvent, PhoneLine } from '../../sip/phone-line.ts';
import { cleanDialled } from './dialled-text.ts';
import type { Account } from './account.ts';
import { CallDesk } from './call-desk.ts';
import { namedBoard } from './naming.ts';
import type { NoticeContent } from './notice.ts';
import { NoticeBoard } from './notice-board.ts';
import { ParkDesk } from './park-desk.ts';
import type { PhoneCore } from './phone-core.ts';
import type { PhoneDeps } from './phone-deps.ts';
import type { PhoneEvent } from './phone-event.ts';
import { callOf, partyFor } from './phone-lookups.ts';
import { newPhoneState, type PhoneState } from './phone-state.ts';

/** One account's phone without a screen: the rules of `shared/phone`, the line that carries them out, and what the screen shows. */
export class Phone implements Disposable {
  readonly state: StoreApi<PhoneState>;
  readonly events = new Emitter<PhoneEvent>();
  readonly #deps: PhoneDeps;
  readonly #disposables = new DisposableStore();
  readonly #notices: NoticeBoard;
  readonly #calls: CallDesk;
  readonly #parks: ParkDesk;
  #names: NameBook = emptyNameBook;

  constructor(account: Account, deps: PhoneDeps) {
    this.#deps = deps;
    this.state = createStore(() => newPhoneState(account));
    this.#notices = this.#disposables.add(
      new NoticeBoard(deps.clock, (notices) => this.#set({ notices })),
    );
    const core: PhoneCore = {
      state: this.state,
      deps,
      events: this.events,
      names: () => this.#names,
      call: (input) => this.call(input),
      board: (input) => this.board(input),
      notify: (what) => this.notify(what),
      parkedCallGone: (parkId) => this.#notices.parkedCallGone(parkId),
    };
    this.#calls = this.#disposables.add(new CallDesk(core));
    this.#parks = this.#disposables.add(new ParkDesk(core));
    this.#disposables.add(deps.line.onEvent((event) => this.#onLine(event)));
    this.#set({ line: deps.line.state });
  }

  get line(): PhoneLine {
    return this.#deps.line;
  }

  get now() {
    return this.#deps.clock.now();
  }

  /**
   * Dials what was typed; a feature code is dialled like anything else and means what the server says.
   * @returns false when it could not even be tried: what was typed is worth keeping
   */
  dial(target: string): boolean {
    const text = target.trim();
    if (text === '') return this.#notDialled('empty');
    if (this.state.getState().line.kind !== 'registered') return this.#notDialled('offline');
    const request = parseFeatureCode(text, this.state.getState().codes);
    const retrieves = request?.kind === 'retrieve-own' || request?.kind === 'retrieve-extension';
    const purpose = retrieves
      ? ({ kind: 'retrieve', cardId: null } as const)
      : ({ kind: request === null ? 'call' : 'feature' } as const);
    this.call({
      kind: 'dial',
      call: this.#deps.newId(),
      target: text,
      party: partyFor(text, this.state.getState().server),
      purpose,
    });
    return true;
  }

  /** A press on a card, Alt+digit, a notification, the tray: retrieves exactly this call. */
  retrieve(id: string, confirmed = false): void {
    const talking = liveCalls(this.#deps.floor.calls).some((call) => isTalking(call.state));
    if (talking && !confirmed && this.#deps.askBeforeHold()) return this.#set({ askingFor: id });
    this.#set({ askingFor: null });
    this.board({ kind: 'retrieve-pressed', id });
  }

  retrieveOldest(): void {
    this.board({ kind: 'retrieve-oldest-pressed' });
  }

  cancelAsking(): void {
    this.#set({ askingFor: null });
  }

  park(callId: string, request: { readonly code: string; readonly note: string | null }): void {
    // A PBX without a park code.
    if (request.code === '') return;
    if (this.#lotIsFull(request.code)) return this.#refuseParking(callId);
    this.call({ kind: 'transfer', call: callId, target: { kind: 'park', ...request } });
  }

  /** Asterisk says yes to a park that a full lot then refuses, and a phone that believes it hangs up on the caller. */
  #lotIsFull(code: string): boolean {
    const { pbx, codes, board } = this.state.getState();
    const known = boardMood(board) !== 'unknown' && code === codes.park;
    return (
      known &&
      isLotFull(
        pbx,
        waitingCards(board).map(({ slot }) => slot),
      )
    );
  }

  #refuseParking(callId: string): void {
    const party = callOf(this.state.getState(), callId)?.party;
    const notice = { kind: 'park-failed', problem: { kind: 'slot-full' } } as const;
    if (party !== undefined) this.notify({ kind: 'call-trouble', notice, party });
  }

  /** Calls somebody about the call one is in, which is put on hold for that. */
  consult(written: string): boolean {
    return this.dial(cleanDialled(written));
  }

  /** Blind transfer to a number as people write it; a park code typed here parks. */
  transfer(callId: string, written: string): void {
    const target = cleanDialled(written);
    const request = parseFeatureCode(target, this.state.getState().codes);
    const parks =
      request?.kind === 'park-own' ||
      request?.kind === 'park-extension' ||
      request?.kind === 'park-group';
    if (parks) return this.park(callId, { code: target, note: null });
    const where: TransferTarget = { kind: 'blind', number: target };
    this.call({ kind: 'transfer', call: callId, target: where });
  }

  /** Makes a conference of the call one hears and the one on hold, or parts it: the shown one goes on. */
  toggleConference(): void {
    const { calls, shownCall } = this.state.getState();
    const members = conferenceOf(calls);
    const stays = members.find(({ id }) => id === shownCall) ?? members[0];
    if (stays !== undefined) return this.call({ kind: 'split', call: stays.id });
    const active = liveCalls(calls).find(({ state }) => state.kind === 'active');
    const held = liveCalls(calls).find(({ state }) => state.kind === 'held');
    if (active !== undefined && held !== undefined && mayJoin(calls, active.id, held.id))
      this.call({ kind: 'join', call: active.id, other: held.id });
  }

  putBack(): void {
    const { putBack } = this.state.getState();
    if (putBack !== null) this.park(putBack.callId, { code: putBack.code, note: putBack.note });
  }

  show(callId: string): void {
    this.#deps.floor.show(callId);
  }

  digit(callId: string, digit: string): void {
    this.events.emit({ kind: 'digit', digit });
    this.call({ kind: 'digit', call: callId, digit });
  }

  call(input: CallInput): void {
    this.#calls.input(input);
  }

  board(input: BoardInput): void {
    this.#parks.input(input);
  }

  notify(what: NoticeContent): void {
    this.#notices.add(what);
    this.events.emit({ kind: 'notice', what });
  }

  dismiss(noticeId: number): void {
    this.#notices.dismiss(noticeId);
  }

  /** The names that are used now. */
  get names(): NameBook {
    return this.#names;
  }

  /** Shows whoever calls, is called or waits by these names, now and from now on. */
  useNames(names: NameBook): void {
    this.#names = names;
    this.#deps.floor.rename();
    this.#set({ board: namedBoard(this.state.getState().board, names) });
  }

  update(patch: Partial<PhoneState>): void {
    this.#set(patch);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #onLine(event: LineEvent): void {
    switch (event.kind) {
      case 'state':
        return this.#set({ line: event.state });
      case 'call':
        return this.call(event.input);
      case 'park-list':
        return this.#parks.onParkList(event.event);
      case 'park-hint':
        return this.notify({ kind: 'park-hint' });
      case 'voicemail':
        return this.#set({ voicemail: event.summary });
      // Colleagues' lamps have a store of their own.
      case 'lamp':
        return;
    }
  }

  #notDialled(why: 'empty' | 'offline'): false {
    this.notify({ kind: 'not-dialled', why });
    return false;
  }

  #set(patch: Partial<PhoneState>): void {
    this.state.setState(patch);
  }
}
