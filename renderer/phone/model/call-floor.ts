import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Clock } from '../../../shared/domain/clock.ts';
import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import { findCall } from '../../../shared/phone/call-flow.ts';
import type { CallEffect, CallInput } from '../../../shared/phone/call-input.ts';
import { noCalls, stepCalls } from '../../../shared/phone/call-list.ts';
import type { Call, CallList } from '../../../shared/phone/call.ts';
import { showWhich } from './call-watch.ts';

/** One account's part in it. */
export interface FloorMember {
  /** Its own calls with the names that it knows; the same list where nothing changes. */
  named(calls: CallList): CallList;
  /** What its calls are now, and which call of all accounts the panel shows large. */
  show(own: CallList, shownCall: string | null): void;
  /** Its calls have changed. */
  changed(before: readonly Call[], after: readonly Call[]): void;
  /** Something is to be done in one of its calls. */
  perform(effect: CallEffect): void;
}

export interface FloorState {
  /** The calls of all accounts, in order of their start. */
  readonly calls: CallList;
  /** The call the panel shows large; `null` when there is none. */
  readonly shownCall: string | null;
}

/** A press on a call that is there. */
export type CallPress = Exclude<
  Extract<CallInput, { readonly call: string }>,
  { readonly kind: 'dial' | 'came-in' }
>;

/**
 * Who has the floor: the calls of all accounts in one list, so that one call is heard at a time over all of them. What a rule wants
 * done is done by the account whose call it is.
 */
export class CallFloor {
  readonly state: StoreApi<FloorState>;
  readonly #clock: Clock;
  readonly #members = new Map<string, FloorMember>();
  /** The account whose calls are mixed. */
  #mixing: string | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.state = createStore<FloorState>(() => ({ calls: noCalls(), shownCall: null }));
  }

  get calls(): CallList {
    return this.state.getState().calls;
  }

  /** From now on until disposed this account's calls are here. Then they are gone, and whoever waited for them goes on. */
  join(account: string, member: FloorMember): Disposable {
    this.#members.set(account, member);
    return onDispose(() => {
      if (this.#members.get(account) !== member) return;
      this.#members.delete(account);
      this.#dropCallsOf(account);
    });
  }

  /** What an account's user or line says. Of calls of other accounts it can say nothing. */
  input(account: string, input: CallInput): void {
    const known = findCall(this.calls, input.call);
    if (known !== undefined && known.account !== account) return;
    const stamped =
      input.kind === 'dial' || input.kind === 'came-in' ? { ...input, account } : input;
    const before = this.calls;
    const { list: stepped, effects } = stepCalls(before, stamped, this.#clock.now());
    this.#become(this.#named(stepped), before);
    for (const effect of effects) this.#perform(effect, account);
  }

  /** A press on a call, whichever account it is of. */
  press(input: CallPress): void {
    const call = findCall(this.calls, input.call);
    if (call !== undefined) this.input(call.account, input);
  }

  show(callId: string): void {
    this.state.setState({ shownCall: callId });
    this.#tell();
  }

  /** An account knows other names. */
  rename(): void {
    this.#set(this.#named(this.calls));
  }

  #become(list: CallList, before: CallList): void {
    this.#set(list);
    for (const [account, member] of this.#members) {
      const was = of(before, account);
      const is = of(list, account);
      if (was.length !== is.length || was.some((call, index) => call !== is[index]))
        member.changed(was, is);
    }
    const shownCall = showWhich(list.calls, this.state.getState().shownCall, before.calls);
    if (shownCall === this.state.getState().shownCall) return;
    this.state.setState({ shownCall });
    this.#tell();
  }

  #set(calls: CallList): void {
    if (calls === this.calls) return;
    this.state.setState({ calls });
    this.#tell();
  }

  #tell(): void {
    const { calls, shownCall } = this.state.getState();
    for (const [account, member] of this.#members)
      member.show({ calls: of(calls, account) }, shownCall);
  }

  #named(list: CallList): CallList {
    const calls = list.calls.map(
      (call) => this.#members.get(call.account)?.named({ calls: [call] }).calls[0] ?? call,
    );
    return calls.every((call, index) => call === list.calls[index]) ? list : { calls };
  }

  #perform(effect: CallEffect, asked: string): void {
    this.#members.get(this.#ownerOf(effect) ?? asked)?.perform(effect);
    if (effect.kind === 'mix')
      this.#mixing = effect.calls.length === 0 ? null : this.#ownerOf(effect);
  }

  #ownerOf(effect: CallEffect): string | null {
    if (effect.kind === 'resubscribe') return null;
    const id = effect.kind === 'mix' ? effect.calls[0] : effect.call;
    if (id === undefined) return this.#mixing;
    return findCall(this.calls, id)?.account ?? null;
  }

  #dropCallsOf(account: string): void {
    for (const { id } of of(this.calls, account)) {
      this.input(account, { kind: 'hang-up', call: id });
      this.input(account, { kind: 'forget', call: id });
    }
  }
}

const of = ({ calls }: CallList, account: string): readonly Call[] =>
  calls.filter((call) => call.account === account);
