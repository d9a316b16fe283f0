import type { Disposable } from '../../../shared/domain/disposable.ts';
import { Timers } from '../../../shared/domain/timers.ts';
import type { CallEffect, CallInput } from '../../../shared/phone/call-input.ts';
import { liveCalls, REFER_TIMEOUT_MS } from '../../../shared/phone/call-list.ts';
import type { Call, CallList } from '../../../shared/phone/call.ts';
import type { CallFloor, FloorMember } from './call-floor.ts';
import { noticeOfEnd } from './call-watch.ts';
import { namedCalls } from './naming.ts';
import type { PhoneCore } from './phone-core.ts';
import { parkCodeOf } from './phone-lookups.ts';
import { QualityWatch } from './quality-watch.ts';

/** Ended calls leave the panel after this, ms: long enough to read why. */
const ENDED_CALL_MS = 2_500;

/** One account's calls among those of all accounts: has its line do what follows for them, and tells what changed. */
export class CallDesk implements FloorMember, Disposable {
  readonly #core: PhoneCore;
  readonly #timers: Timers;
  readonly #quality: QualityWatch;
  readonly #floor: CallFloor;
  readonly #seat: Disposable;

  constructor(core: PhoneCore) {
    this.#core = core;
    this.#timers = new Timers(core.deps.clock);
    this.#quality = new QualityWatch({
      clock: core.deps.clock,
      line: core.deps.line,
      calls: () => core.state.getState().calls,
      show: (qualities) => core.state.setState({ qualities }),
    });
    this.#floor = core.deps.floor;
    this.#seat = this.#floor.join(core.state.getState().account.key, this);
  }

  input(input: CallInput): void {
    this.#floor.input(this.#core.state.getState().account.key, input);
  }

  named(calls: CallList): CallList {
    return namedCalls(calls, this.#core.names());
  }

  show({ calls }: CallList, shownCall: string | null): void {
    const { state } = this.#core;
    const before = state.getState();
    const same =
      calls.length === before.calls.calls.length &&
      calls.every((call, index) => call === before.calls.calls[index]);
    if (same && shownCall === before.shownCall) return;
    state.setState({ calls: same ? before.calls : { calls }, shownCall });
  }

  perform(effect: CallEffect): void {
    const { line } = this.#core.deps;
    if (effect.kind === 'watch-refer') this.#watchRefer(effect.call, effect.refer);
    else if (effect.kind === 'resubscribe') line.resyncParkList();
    else line.perform(effect);
  }

  dispose(): void {
    this.#seat.dispose();
    this.#timers.dispose();
    this.#quality.dispose();
  }

  changed(before: readonly Call[], after: readonly Call[]): void {
    const { notify } = this.#core;
    const known = new Map(before.map((call) => [call.id, call]));
    for (const call of after) {
      const old = known.get(call.id);
      if (old === undefined) this.#onNew(call);
      if (old?.answeredAt === null && call.answeredAt !== null) this.#onAnswered(call);
      if (call.state.kind === 'ended' && old?.state.kind !== 'ended') this.#onEnded(call);
      if (call.notice !== null && call.notice !== old?.notice)
        notify({ kind: 'call-trouble', notice: call.notice, party: call.party });
    }
    this.#quality.look();
  }

  #onNew(call: Call): void {
    if (call.direction !== 'incoming') return;
    this.#core.events.emit({ kind: 'call-came', call });
    if (call.autoAnswerAfterMs !== null) this.#answerByItself(call.id, call.autoAnswerAfterMs);
  }

  /** Only where the user wants that, and never into another call. A tone says that the microphone opens. */
  #answerByItself(id: string, afterMs: number): void {
    const { deps, events } = this.#core;
    const answer = () => {
      const live = liveCalls(this.#floor.calls);
      const call = live.find((each) => each.id === id);
      if (!deps.autoAnswer() || live.length !== 1 || call?.state.kind !== 'incoming') return;
      events.emit({ kind: 'auto-answered', call });
      this.input({ kind: 'answer', call: id });
    };
    this.#timers.after(afterMs, answer);
  }

  #onAnswered(call: Call): void {
    if (call.purpose.kind !== 'retrieve') return;
    const { deps, state, board } = this.#core;
    deps.line.expectParkChange();
    const { cardId } = call.purpose;
    if (cardId === null) return;
    const { codes, pbx, board: cards } = state.getState();
    const card = cards.cards.find(({ id }) => id === cardId);
    // In a lot the PBX chooses the place: there is no promise to put the call back.
    if (card?.slot && pbx.slotIs === 'extension') {
      const { slot, note } = card;
      state.setState({
        putBack: { callId: call.id, slot, code: parkCodeOf(card, codes, pbx), note },
      });
    }
    board({ kind: 'retrieve-succeeded', id: cardId });
  }

  #onEnded(call: Call): void {
    if (call.state.kind !== 'ended') return;
    const { state, events, notify } = this.#core;
    if (call.purpose.kind === 'retrieve' && call.answeredAt === null) this.#retrieveEnded(call);
    if (state.getState().putBack?.callId === call.id) state.setState({ putBack: null });
    const notice = noticeOfEnd(call, call.state.why);
    if (notice !== null) notify(notice);
    const quality = this.#quality.summaryOf(call.id);
    if (quality !== null && quality.mos < 3.1)
      notify({ kind: 'sounded-poor', quality, party: call.party });
    events.emit({ kind: 'call-ended', call, quality });
    this.#timers.after(ENDED_CALL_MS, () => this.input({ kind: 'forget', call: call.id }));
  }

  #retrieveEnded(call: Call): void {
    if (call.state.kind !== 'ended' || call.purpose.kind !== 'retrieve') return;
    const { why } = call.state;
    const problem = why.kind === 'retrieve-failed' ? why.problem : ({ kind: 'cancelled' } as const);
    const { board, notify } = this.#core;
    if (call.purpose.cardId !== null)
      board({ kind: 'retrieve-failed', id: call.purpose.cardId, problem });
    else if (problem.kind !== 'cancelled')
      notify({ kind: 'retrieve-failed', problem, party: null });
  }

  #watchRefer(call: string, refer: number): void {
    this.#timers.after(REFER_TIMEOUT_MS, () => this.input({ kind: 'refer-overdue', call, refer }));
  }
}
