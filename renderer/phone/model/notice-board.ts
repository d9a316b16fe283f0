import type { Clock } from '../../../shared/domain/clock.ts';
import type { Disposable } from '../../../shared/domain/disposable.ts';
import { Timers } from '../../../shared/domain/timers.ts';
import { noticeLasts, type Notice, type NoticeContent } from './notice.ts';

const NOTICES_KEPT = 3;

/** What the user was told last: each notice leaves by itself, when dismissed, or with the call it speaks of. */
export class NoticeBoard implements Disposable {
  readonly #show: (notices: readonly Notice[]) => void;
  readonly #timers: Timers;
  #notices: readonly Notice[] = [];
  #nextId = 1;

  constructor(clock: Clock, show: (notices: readonly Notice[]) => void) {
    this.#timers = new Timers(clock);
    this.#show = show;
  }

  add(what: NoticeContent): void {
    const notice = { id: this.#nextId, what };
    this.#nextId += 1;
    this.#keep([...this.#notices, notice].slice(-NOTICES_KEPT));
    const lasts = noticeLasts(what);
    if (lasts !== null) this.#timers.after(lasts, () => this.dismiss(notice.id));
  }

  dismiss(noticeId: number): void {
    this.#keep(this.#notices.filter(({ id }) => id !== noticeId));
  }

  /** The parked call is gone: how to retrieve it is no news any more. */
  parkedCallGone(parkId: string): void {
    this.#keep(
      this.#notices.filter(
        ({ what }) => what.kind !== 'parked' || what.receipt.parkId?.toLowerCase() !== parkId,
      ),
    );
  }

  dispose(): void {
    this.#timers.dispose();
  }

  #keep(notices: readonly Notice[]): void {
    if (
      notices.length === this.#notices.length &&
      notices.every((each, at) => each === this.#notices[at])
    )
      return;
    this.#notices = notices;
    this.#show(notices);
  }
}
