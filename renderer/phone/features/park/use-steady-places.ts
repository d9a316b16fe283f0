import {
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type PointerEvent,
  type RefObject,
} from 'react';
import { steadyPlaces, type Place } from './steady-list.ts';

interface Anchor {
  readonly hover: string | null;
  readonly focus: string | null;
}

/** Which places to show, and how high, while the pointer or the focus holds one of them. */
export function useSteadyPlaces(list: RefObject<HTMLUListElement | null>, ids: readonly string[]) {
  const [anchor, setAnchor] = useState<Anchor>({ hover: null, focus: null });
  const shown = useRef<readonly Place[]>([]);
  const heights = useRef(new Map<string, number>());
  const places = steadyPlaces(shown.current, ids, lower(ids, shown.current, anchor));
  useEffect(() => {
    shown.current = places;
  });
  const hold = (change: (before: Anchor) => Anchor) => {
    measure(list.current, heights.current);
    setAnchor(change);
  };
  const handlers = {
    onPointerOver: (event: PointerEvent) => {
      const hover = parkIdAt(event.target);
      if (hover !== null && hover !== anchor.hover) hold((before) => ({ ...before, hover }));
    },
    onPointerLeave: () => setAnchor((before) => ({ ...before, hover: null })),
    onFocus: (event: FocusEvent) =>
      hold((before) => ({ ...before, focus: parkIdAt(event.target) })),
    onBlur: () => setAnchor((before) => ({ ...before, focus: null })),
  };
  const held = anchor.hover !== null || anchor.focus !== null;
  return {
    places,
    handlers,
    /** As high as it was when the pointer or the focus came; `undefined` when nothing is held. */
    heightOf: (id: string): number | undefined => (held ? heights.current.get(id) : undefined),
  };
}

/** The call whose card this is in, if any. */
export function parkIdAt(target: EventTarget | null): string | null {
  const card = target instanceof Element ? target.closest('[data-park-id]') : null;
  return card?.getAttribute('data-park-id') ?? null;
}

/** Of the hovered and the focused card the lower one: nothing above it moves, so the other is safe, too. */
function lower(ids: readonly string[], shown: readonly Place[], anchor: Anchor): string | null {
  const order = shown.length > 0 ? shown.map(({ id }) => id) : ids;
  const at = (id: string | null) => (id === null ? -1 : order.indexOf(id));
  return at(anchor.hover) >= at(anchor.focus) ? anchor.hover : anchor.focus;
}

function measure(list: HTMLUListElement | null, heights: Map<string, number>): void {
  for (const card of list?.querySelectorAll<HTMLElement>('li[data-park-id]') ?? []) {
    const id = card.dataset['parkId'];
    if (id !== undefined && card.dataset['state'] !== 'ended') heights.set(id, card.offsetHeight);
  }
}
