import { createStore, type StoreApi } from 'zustand/vanilla';
import { DisposableStore, type Disposable } from '../../../shared/domain/disposable.ts';
import { parseFeatureCode } from '../../../shared/domain/feature-code.ts';
import type { CallInput } from '../../../shared/phone/call-input.ts';
import { liveCalls, REFER_TIMEOUT_MS, stepCalls } from '../../../shared/phone/call-list.ts';
import { isTalking, type Call, type TransferTarget } from '../../../shared/phone/call.ts';
import {
  foldBoard,
  nextBoardTick,
  type BoardEffect,
  type BoardInput,
} from '../../../shared/phone/park-board.ts';
import type { Card } from '../../../shared/phone/park-card.ts';
import { Emitter } from '../../sip/emitter.ts';
import type { LineEffect, LineEvent, ParkListEvent, PhoneLine } from '../../sip/phone-line.ts';
import type { Account } from './account.ts';
import type { NoticeContent } from './notice.ts';
import { NoticeBoard } from './notice-board.ts';
import type { PhoneDeps } from './phone-deps.ts';
import type { PhoneEvent } from './phone-event.ts';
import { boardInputOf } from './park-list-input.ts';
import { parkCodeOf, partyFor } from './phone-lookups.ts';
import { newPhoneState, type PhoneState } from './phone-state.ts';
import { noticeOfEnd, showWhich } from './call-watch.ts';

/** Ended calls leave the panel after this, ms: long enough to read why. */
const ENDED_CALL_MS = 2_500;

/** One account's phone without a screen: the rules of `shared/phone`, the line that carries them out, and what the screen shows. */
export class Phone implements Disposable {
  readonly state: StoreApi<PhoneState>;
  readonly events = new Emitter<PhoneEvent>();
  readonly #deps: PhoneDeps;
  readonly #disposables = new DisposableStore();
  readonly #notices: NoticeBoard;
  #boardTick: Disposable | null = null;

  constructor(account: Account, deps: PhoneDeps) {
    this.#deps = deps;
    this.state = createStore(() => newPhoneState(account));
    this.#notices = this.#disposables.add(
      new NoticeBoard(deps.clock, (notices) => this.#set({ notices })),
    );
    this.#disposables.add(deps.line.onEvent((event) => this.#onLine(event)));
    this.#set({ line: deps.line.state });
  }

  get line(): PhoneLine {
    return this.#deps.line;
  }

  get now() {
    return this.#deps.clock.now();
  }

  /** Dials what was typed; a feature code is dialled like anything else and means what the server says. */
  dial(target: string): void {
    const text = target.trim();
    if (text === '') return this.notify({ kind: 'not-dialled', why: 'empty' });
    if (this.state.getState().line.kind !== 'registered')
      return this.notify({ kind: 'not-dialled', why: 'offline' });
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
  }

  /** A press on a card, Alt+digit, a notification, the tray: retrieves exactly this call. */
  retrieve(id: string, confirmed = false): void {
    const talking = liveCalls(this.state.getState().calls).some((call) => isTalking(call.state));
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
    this.call({ kind: 'transfer', call: callId, target: { kind: 'park', ...request } });
  }

  /** Blind transfer; a park code typed here parks. */
  transfer(callId: string, target: string): void {
    const request = parseFeatureCode(target, this.state.getState().codes);
    const parks =
      request?.kind === 'park-own' ||
      request?.kind === 'park-extension' ||
      request?.kind === 'park-group';
    const where: TransferTarget = parks
      ? { kind: 'park', code: target, note: null }
      : { kind: 'blind', number: target };
    this.call({ kind: 'transfer', call: callId, target: where });
  }

  putBack(): void {
    const { putBack } = this.state.getState();
    if (putBack !== null) this.park(putBack.callId, { code: putBack.code, note: putBack.note });
  }

  show(callId: string): void {
    this.#set({ shownCall: callId });
  }

  digit(callId: string, digit: string): void {
    this.events.emit({ kind: 'digit', digit });
    this.call({ kind: 'digit', call: callId, digit });
  }

  call(input: CallInput): void {
    const before = this.state.getState().calls;
    const { list, effects } = stepCalls(before, input, this.#deps.clock.now());
    this.#set({ calls: list });
    this.#watchCalls(before.calls, list.calls);
    for (const effect of effects) {
      if (effect.kind === 'watch-refer') this.#watchRefer(effect.call, effect.refer);
      else if (effect.kind === 'resubscribe') this.line.resyncParkList();
      else this.line.perform(effect satisfies LineEffect);
    }
  }

  board(input: BoardInput): void {
    const { board, effects } = foldBoard(
      this.state.getState().board,
      input,
      this.#deps.clock.now(),
    );
    this.#set({ board });
    this.#scheduleTick();
    for (const effect of effects) this.#onBoardEffect(effect);
  }

  notify(what: NoticeContent): void {
    this.#notices.add(what);
    this.events.emit({ kind: 'notice', what });
  }

  dismiss(noticeId: number): void {
    this.#notices.dismiss(noticeId);
  }

  update(patch: Partial<PhoneState>): void {
    this.#set(patch);
  }

  dispose(): void {
    this.#boardTick?.dispose();
    this.#disposables.dispose();
  }

  #onLine(event: LineEvent): void {
    switch (event.kind) {
      case 'state':
        return this.#set({ line: event.state });
      case 'call':
        return this.call(event.input);
      case 'park-list':
        return this.#onParkList(event.event);
      case 'park-hint':
        return this.notify({ kind: 'park-hint' });
      // Colleagues' lamps have a store of their own.
      case 'lamp':
        return;
    }
  }

  #onParkList(event: ParkListEvent): void {
    const input = boardInputOf(event);
    if (event.kind !== 'lost') this.#set({ parkListSupported: input !== null });
    if (input !== null) this.board(input);
  }

  #onBoardEffect(effect: BoardEffect): void {
    switch (effect.kind) {
      case 'resubscribe':
        this.line.resyncParkList();
        break;
      case 'retrieve':
        this.#dialRetrieve(effect.id, effect.target);
        break;
      case 'say':
        this.notify({
          kind: 'retrieve-failed',
          problem: effect.problem,
          party: this.#card(effect.id)?.caller ?? null,
        });
        break;
      case 'announce-ended':
        this.#notices.parkedCallGone(effect.id);
        break;
      default:
        break;
    }
    this.events.emit({ kind: 'board', effect });
  }

  #dialRetrieve(id: string, target: string): void {
    if (this.state.getState().line.kind !== 'registered') {
      return this.board({ kind: 'retrieve-failed', id, problem: { kind: 'no-connection' } });
    }
    const party = this.#card(id)?.caller ?? { name: null, number: '' };
    this.call({
      kind: 'dial',
      call: this.#deps.newId(),
      target,
      party,
      purpose: { kind: 'retrieve', cardId: id },
    });
  }

  #watchCalls(before: readonly Call[], after: readonly Call[]): void {
    const known = new Map(before.map((call) => [call.id, call]));
    for (const call of after) {
      const old = known.get(call.id);
      if (old === undefined) this.#onNewCall(call);
      if (old?.answeredAt === null && call.answeredAt !== null) this.#onAnswered(call);
      if (call.state.kind === 'ended' && old?.state.kind !== 'ended') this.#onEnded(call);
      if (call.notice !== null && call.notice !== old?.notice) {
        this.notify({ kind: 'call-trouble', notice: call.notice, party: call.party });
      }
    }
    this.#set({ shownCall: showWhich(after, this.state.getState().shownCall, before) });
  }

  #onNewCall(call: Call): void {
    if (call.direction === 'incoming') this.events.emit({ kind: 'call-came', call });
  }

  #onAnswered(call: Call): void {
    if (call.purpose.kind !== 'retrieve') return;
    this.line.expectParkChange();
    if (call.purpose.cardId === null) return;
    const card = this.#card(call.purpose.cardId);
    if (card?.slot)
      this.#set({
        putBack: {
          callId: call.id,
          slot: card.slot,
          code: parkCodeOf(card, this.state.getState().codes),
          note: card.note,
        },
      });
    this.board({ kind: 'retrieve-succeeded', id: call.purpose.cardId });
  }

  #onEnded(call: Call): void {
    if (call.state.kind !== 'ended') return;
    const { why } = call.state;
    if (call.purpose.kind === 'retrieve' && call.answeredAt === null) this.#retrieveEnded(call);
    if (this.state.getState().putBack?.callId === call.id) this.#set({ putBack: null });
    const notice = noticeOfEnd(call, why);
    if (notice !== null) this.notify(notice);
    this.events.emit({ kind: 'call-ended', call });
    this.#disposables.add(
      this.#deps.clock.after(ENDED_CALL_MS, () => this.call({ kind: 'forget', call: call.id })),
    );
  }

  #retrieveEnded(call: Call): void {
    if (call.state.kind !== 'ended' || call.purpose.kind !== 'retrieve') return;
    const { why } = call.state;
    const problem = why.kind === 'retrieve-failed' ? why.problem : ({ kind: 'cancelled' } as const);
    if (call.purpose.cardId !== null)
      this.board({ kind: 'retrieve-failed', id: call.purpose.cardId, problem });
    else if (problem.kind !== 'cancelled')
      this.notify({ kind: 'retrieve-failed', problem, party: null });
  }

  #watchRefer(call: string, refer: number): void {
    this.#disposables.add(
      this.#deps.clock.after(REFER_TIMEOUT_MS, () =>
        this.call({ kind: 'refer-overdue', call, refer }),
      ),
    );
  }

  #scheduleTick(): void {
    this.#boardTick?.dispose();
    const at = nextBoardTick(this.state.getState().board);
    this.#boardTick =
      at === null
        ? null
        : this.#deps.clock.after(at - this.#deps.clock.now(), () => this.board({ kind: 'tick' }));
  }

  #card(id: string): Card | undefined {
    return this.state.getState().board.cards.find((card) => card.id === id);
  }

  #set(patch: Partial<PhoneState>): void {
    this.state.setState(patch);
  }
}
