import { DisposableStore } from '../../domain/disposable.ts';
import type { CodecName } from '../../media/engine.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import { makeBridgeable } from './bridge-plan.ts';
import type { CallKit } from './call-kit.ts';
import { holdMusicOf } from './hold-music.ts';
import { passDigit, passInfo } from './info-digits.ts';
import { codecsOf, type Leg, type LegOwner } from './leg.ts';
import type { LegEnd } from './leg-end.ts';
import { readReason, type Reason } from './reason-header.ts';
import { runGuarded } from './run-guarded.ts';

export type CallState =
  | { readonly kind: 'talking' }
  /** The other leg of `by` is being put on music; the pair is still a pair. */
  | { readonly kind: 'parking'; readonly by: Leg; readonly watcher: BusyWatcher }
  /** `by` asked that the other leg be connected to somebody else. */
  | { readonly kind: 'transferring'; readonly by: Leg; readonly watcher: BusyWatcher }
  /** Both legs have gone their own ways, or are over. */
  | { readonly kind: 'ended' };

/** Whoever works on a pair is told when one of its legs ends meanwhile, and decides what becomes of the other. */
export interface BusyWatcher {
  legEnded(leg: Leg, end: LegEnd): void;
}

/** Told of every pair's begin and end, and asked to act on REFER. */
export interface CallWatcher {
  callBegan(call: TwoPartyCall): void;
  callEnded(call: TwoPartyCall): void;
  referred(call: TwoPartyCall, leg: Leg, tx: ServerTransaction): void;
}

/** Two legs that talk to each other. */
export class TwoPartyCall implements LegOwner {
  readonly a: Leg;
  readonly b: Leg;
  readonly #kit: CallKit;
  readonly #watcher: CallWatcher;
  readonly #ends = new DisposableStore();
  #state: CallState = { kind: 'talking' };
  #arranging = false;

  /** Takes both legs and lets them hear each other, as far as neither holds. */
  constructor(kit: CallKit, legs: readonly [Leg, Leg], watcher: CallWatcher) {
    [this.a, this.b] = legs;
    this.#kit = kit;
    this.#watcher = watcher;
    this.a.handTo(this);
    this.b.handTo(this);
    for (const leg of legs) this.#ends.add(leg.media.onDtmf((digit) => this.#pressed(leg, digit)));
    watcher.callBegan(this);
    this.connect();
  }

  get state(): CallState {
    return this.#state;
  }

  /** The leg at the other side. */
  other(leg: Leg): Leg {
    return leg === this.a ? this.b : this.a;
  }

  has(leg: Leg): boolean {
    return leg === this.a || leg === this.b;
  }

  /** Something longer begins with this pair; until `resume` or `release` it answers for ended legs. */
  occupy(state: Extract<CallState, { kind: 'parking' | 'transferring' }>): void {
    if (this.#state.kind === 'talking') this.#state = state;
  }

  /** The longer thing came to nothing: the two go on talking, or follow each other if one has ended. */
  resume(): void {
    if (this.#state.kind === 'ended') return;
    this.#state = { kind: 'talking' };
    if (this.a.ended || this.b.ended) this.hangUp();
    else this.connect();
  }

  /** The pair is no more, but its legs live on with other owners. */
  release(): void {
    if (this.#state.kind === 'ended') return;
    this.#state = { kind: 'ended' };
    this.#ends.dispose();
    this.#watcher.callEnded(this);
  }

  /** Ends both legs. */
  hangUp(reason?: Reason): void {
    this.release();
    for (const leg of [this.a, this.b]) if (leg.owner === this) leg.hangUp(reason);
  }

  /**
   * Gives each leg what it should hear now. Who holds hears nothing; who is held hears music; two who hold hear nothing.
   * A pair without a common codec is asked to change while everything else goes on (MEDIA.md).
   */
  connect(): void {
    if (this.#state.kind !== 'talking' || this.a.ended || this.b.ended) return;
    const { media } = this.#kit;
    if (!this.a.held && !this.b.held) {
      media.bridge(this.a.media, this.b.media);
      runGuarded(this.#kit.log, 'common codec', () => this.#arrange());
      return;
    }
    for (const leg of [this.a, this.b]) {
      if (leg.held) media.silence(leg.media);
    }
    for (const leg of [this.a, this.b]) {
      if (!leg.held) media.play(leg.media, holdMusicOf(leg.party.tenantId));
    }
  }

  legEnded(leg: Leg, end: LegEnd): void {
    const state = this.#state;
    if (state.kind === 'parking' || state.kind === 'transferring') {
      state.watcher.legEnded(leg, end);
    } else if (state.kind === 'talking') {
      this.release();
      this.other(leg).hangUp(reasonOf(end));
    }
  }

  legChanged(): void {
    this.connect();
  }

  legReferred(leg: Leg, tx: ServerTransaction): void {
    this.#watcher.referred(this, leg, tx);
  }

  legInformed(leg: Leg, tx: ServerTransaction): void {
    passInfo(tx, this.other(leg));
  }

  codecsFor(leg: Leg): readonly CodecName[] {
    return codecsOf(this.other(leg));
  }

  #pressed(leg: Leg, digit: string): void {
    if (this.#state.kind === 'talking' && !leg.held) passDigit(digit, this.other(leg));
  }

  async #arrange(): Promise<void> {
    if (this.#arranging) return;
    this.#arranging = true;
    const common = await makeBridgeable(this.#kit, [this.a, this.b], this.#kit.times.renegotiateMs);
    this.#arranging = false;
    if (common || this.#state.kind !== 'talking') return;
    this.#kit.log.warn({ a: this.a.id, b: this.b.id }, 'two legs share no codec');
  }
}

function reasonOf(end: LegEnd): Reason | undefined {
  switch (end.kind) {
    case 'bye':
      return end.reason === undefined ? undefined : readReason(end.reason);
    case 'gone':
      return { cause: 408, text: 'The other side is gone' };
    case 'no-ack':
      return { cause: 408, text: 'The other side did not acknowledge' };
  }
}
