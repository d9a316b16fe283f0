/** A place in the list on the screen: a card, or the gap where one was. */
export type Place =
  { readonly kind: 'card'; readonly id: string } | { readonly kind: 'gap'; readonly id: string };

/**
 * Keeps what the user points at where it is: while a card is hovered or focused (`anchor`), nothing above it, nor itself, moves.
 * Cards that left leave a gap until the pointer and the focus have gone; cards that came go below.
 * @param shown what is on the screen now
 * @param ids the cards that there are, in their order
 */
export function steadyPlaces(
  shown: readonly Place[],
  ids: readonly string[],
  anchor: string | null,
): readonly Place[] {
  const at = anchor === null ? -1 : shown.findIndex((place) => place.id === anchor);
  if (at < 0) return ids.map((id) => ({ kind: 'card', id }));
  const present = new Set(ids);
  const kept = shown
    .slice(0, at + 1)
    .map(({ id }): Place => ({ kind: present.has(id) ? 'card' : 'gap', id }));
  const placed = new Set(kept.map(({ id }) => id));
  return [
    ...kept,
    ...ids.filter((id) => !placed.has(id)).map((id): Place => ({ kind: 'card', id })),
  ];
}

/** Whom the focus goes to when the focused card has left: the next one, the one before, or `null` for the list's heading. */
export function focusHeir(
  before: readonly string[],
  after: readonly string[],
  lost: string,
): string | null {
  const at = before.indexOf(lost);
  const remaining = new Set(after);
  const below = before.slice(at + 1).find((id) => remaining.has(id));
  const above = before.slice(0, Math.max(0, at)).findLast((id) => remaining.has(id));
  return below ?? above ?? null;
}
