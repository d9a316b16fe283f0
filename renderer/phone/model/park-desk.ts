import type { Disposable } from '../../../shared/domain/disposable.ts';
import {
  foldBoard,
  nextBoardTick,
  type BoardEffect,
  type BoardInput,
} from '../../../shared/phone/park-board.ts';
import type { Card } from '../../../shared/phone/park-card.ts';
import type { PartyText } from '../../../shared/phone/park-report.ts';
import type { PbxProfile } from '../../../shared/phone/pbx-profile.ts';
import type { ParkListEvent } from '../../sip/phone-line.ts';
import { namedBoard, namedEffect } from './naming.ts';
import { boardInputOf } from './park-list-input.ts';
import type { PhoneCore } from './phone-core.ts';

/** The parked calls: folds what the server says and the user presses, and dials the retrieves that follow. */
export class ParkDesk implements Disposable {
  readonly #core: PhoneCore;
  #tick: Disposable | null = null;

  constructor(core: PhoneCore) {
    this.#core = core;
  }

  input(input: BoardInput): void {
    const { state, deps } = this.#core;
    const { board, effects } = foldBoard(state.getState().board, input, deps.clock.now());
    const names = this.#core.names();
    state.setState({ board: namedBoard(board, names) });
    this.#scheduleTick();
    for (const effect of effects) this.#onEffect(namedEffect(effect, names));
  }

  onParkList(event: ParkListEvent): void {
    const input = boardInputOf(event);
    if (event.kind !== 'lost') this.#core.state.setState({ parkListSupported: input !== null });
    if (input !== null) this.input(input);
  }

  dispose(): void {
    this.#tick?.dispose();
  }

  #onEffect(effect: BoardEffect): void {
    const { deps, notify, events, parkedCallGone } = this.#core;
    switch (effect.kind) {
      case 'resubscribe':
        deps.line.resyncParkList();
        break;
      case 'retrieve':
        this.#dialRetrieve(effect.id, effect.target);
        break;
      case 'say':
        notify({
          kind: 'retrieve-failed',
          problem: effect.problem,
          party: this.#card(effect.id)?.caller ?? null,
        });
        break;
      case 'announce-ended':
        parkedCallGone(effect.id);
        break;
      default:
        break;
    }
    events.emit({ kind: 'board', effect });
  }

  #dialRetrieve(id: string, target: string): void {
    const { state, deps, call } = this.#core;
    if (state.getState().line.kind !== 'registered') {
      return this.input({ kind: 'retrieve-failed', id, problem: { kind: 'no-connection' } });
    }
    call({
      kind: 'dial',
      call: deps.newId(),
      target,
      party: partyOf(this.#card(id), state.getState().pbx),
      purpose: { kind: 'retrieve', cardId: id },
    });
  }

  #scheduleTick(): void {
    const { state, deps } = this.#core;
    this.#tick?.dispose();
    const at = nextBoardTick(state.getState().board);
    this.#tick =
      at === null
        ? null
        : deps.clock.after(at - deps.clock.now(), () => this.input({ kind: 'tick' }));
  }

  #card(id: string): Card | undefined {
    return this.#core.state.getState().board.cards.find((card) => card.id === id);
  }
}

/** Whom a retrieve will reach; where the PBX does not say, the place that is dialled is all there is to show. */
function partyOf(card: Card | undefined, pbx: PbxProfile): PartyText {
  const place = pbx.slotIs === 'place' ? card?.slot : null;
  return card?.caller ?? { name: null, number: place ?? '' };
}
