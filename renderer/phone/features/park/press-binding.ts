/**
 * Whose call a press retrieves: the one that was under the pointer when it went down, whatever is there when it comes up. Between the
 * two the list may change; the press then fails with the reason instead of taking another caller.
 */
export class PressBinding {
  #pressed: { readonly pointerId: number; readonly parkId: string } | null = null;

  /** @param parkId the call whose Retrieve button is under the pointer, if any */
  down(pointerId: number, parkId: string | null): void {
    this.#pressed = parkId === null ? null : { pointerId, parkId };
  }

  cancel(pointerId: number): void {
    if (this.#pressed?.pointerId === pointerId) this.#pressed = null;
  }

  /**
   * A click arrives.
   * @param under the call under it now, if any
   * @param byPointer false for Enter, Space and assistive technology, which have no pointer-down
   */
  click(under: string | null, byPointer: boolean): string | null {
    const pressed = this.#pressed;
    this.#pressed = null;
    return byPointer ? (pressed?.parkId ?? null) : under;
  }
}
