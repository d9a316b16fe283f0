import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from 'react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import type { PlacedCard } from '../../../../shared/phone/merged-parks.ts';
import { useEachPhone, useParks, useSessions, useSwitchboard } from '../../session-context.tsx';
import type { Switchboard } from '../../model/switchboard.ts';
import { useSay } from '../../text.tsx';
import { nameOf } from './card-words.ts';
import { NoCards, SyncedAt } from './list-state.tsx';
import { ParkCard } from './park-card.tsx';
import { PressBinding } from './press-binding.ts';
import { focusHeir } from './steady-list.ts';
import { parkIdAt, useSteadyPlaces } from './use-steady-places.ts';

/** The parked calls in my scope, of all accounts, always in view. Three states: parked, empty, unknown. */
export function ParkList() {
  const say = useSay();
  const mood = useParks((view) => view.mood);
  const count = useParks((view) => view.waiting);
  const anyCard = useParks((view) => view.cards.length > 0);
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <section
      className="park"
      aria-labelledby="park-heading"
      data-mood={mood}
      data-testid="park-list"
    >
      <header className="park-head">
        <h2 id="park-heading" ref={heading} tabIndex={-1} className="park-heading">
          {say('park.title')}
          {count > 0 ? <span className="count">{count}</span> : null}
        </h2>
        <SyncedAt />
      </header>
      {anyCard ? <Cards heading={heading} /> : <NoCards mood={mood} />}
    </section>
  );
}

/** So many cards are drawn without a pause; beyond them the rest is a press away, and the heading counts them all. */
const DRAWN_AT_ONCE = 500;

/** The first cards, and how to have more of them. */
function useSomeCards(cards: readonly PlacedCard[]) {
  const [drawn, setDrawn] = useState(DRAWN_AT_ONCE);
  const left = Math.max(0, cards.length - drawn);
  return {
    shown: left === 0 ? cards : cards.slice(0, drawn),
    left,
    next: Math.min(left, DRAWN_AT_ONCE),
    more: () => setDrawn((before) => before + DRAWN_AT_ONCE),
  };
}

function Cards({ heading }: { readonly heading: React.RefObject<HTMLHeadingElement | null> }) {
  const switchboard = useSwitchboard();
  const all = useParks((view) => view.cards);
  const retrieving = useParks((view) => view.retrieving);
  const of = useCardAccounts();
  const list = useRef<HTMLUListElement>(null);
  const some = useSomeCards(all);
  const ids = some.shown.map(({ key }) => key);
  const steady = useSteadyPlaces(list, ids);
  useFocusHeir({ list, heading, ids });
  const press = useCardPress(switchboard);
  const onKeyDown = useCardKeys(list);
  const cards = new Map(some.shown.map((placed) => [placed.key, placed]));
  const first = steady.places.find((place) => place.kind === 'card')?.id;
  return (
    <ul
      ref={list}
      className="cards"
      aria-labelledby="park-heading"
      onKeyDown={onKeyDown}
      {...steady.handlers}
      {...press}
    >
      {steady.places.map(({ kind, id }) => {
        const placed = cards.get(id);
        const account = placed === undefined ? undefined : of.get(placed.account);
        if (kind === 'gap' || placed === undefined || account === undefined)
          return <Gap key={id} height={steady.heightOf(id)} />;
        return (
          <ParkCard
            key={id}
            placed={placed}
            {...account}
            pending={pendingFor(id, retrieving)}
            focusable={id === first}
            keptHeight={placed.card.state.kind === 'ended' ? steady.heightOf(id) : undefined}
          />
        );
      })}
      {some.left === 0 ? null : <More {...some} />}
    </ul>
  );
}

/** Keeps the place of a card that left, so that nothing moves under the pointer. */
function Gap({ height }: { readonly height: number | undefined }) {
  return <li className="card card-gap" aria-hidden style={{ blockSize: height }} />;
}

/** Whether the retrieve that is under way is this card's. */
function pendingFor(id: string, retrieving: string | null): 'this' | 'other' | null {
  if (retrieving === null) return null;
  return retrieving === id ? 'this' : 'other';
}

function More({ next, left, more }: Omit<ReturnType<typeof useSomeCards>, 'shown'>) {
  const say = useSay();
  return (
    <li className="cards-more">
      <Button className="button button-plain" onPress={more}>
        {say('park.showMore', { next, left })}
      </Button>
    </li>
  );
}

/** What the cards of an account say of it, by account; the same objects while nothing of it changes. */
function useCardAccounts() {
  const sessions = useSessions();
  const servers = useEachPhone((state) => state.server);
  const marks = useStore(useSwitchboard().state, (state) => state.marks);
  return useMemo(
    () =>
      new Map(
        sessions.map(({ account: { key, extension } }, at) => {
          const server = servers[at] ?? { kind: 'absent' as const };
          const mark = marks.get(key) ?? null;
          const canSnooze = server.kind === 'ready';
          return [key, { me: extension, name: nameOf({ server }), canSnooze, mark }];
        }),
      ),
    [sessions, servers, marks],
  );
}

/** When the focused card leaves, the focus goes to its neighbour, else to the heading: never to nowhere. */
function useFocusHeir({
  list,
  heading,
  ids,
}: {
  readonly list: React.RefObject<HTMLUListElement | null>;
  readonly heading: React.RefObject<HTMLHeadingElement | null>;
  readonly ids: readonly string[];
}) {
  const focused = useRef<string | null>(null);
  const before = useRef(ids);
  useLayoutEffect(() => {
    const had = focused.current;
    const inside = list.current?.contains(document.activeElement) === true;
    if (had !== null && !inside && document.activeElement === document.body) {
      const heir = ids.includes(had) ? had : focusHeir(before.current, ids, had);
      const element =
        heir === null
          ? heading.current
          : (list.current?.querySelector<HTMLElement>(`li[data-park-id="${CSS.escape(heir)}"]`) ??
            heading.current);
      element?.focus();
    }
    before.current = ids;
    focused.current =
      list.current?.contains(document.activeElement) === true
        ? parkIdAt(document.activeElement)
        : null;
  });
  useEffect(() => {
    const remember = () => {
      focused.current =
        list.current?.contains(document.activeElement) === true
          ? parkIdAt(document.activeElement)
          : null;
    };
    document.addEventListener('focusin', remember);
    const [target, ids_] = [heading.current, before];
    return () => {
      document.removeEventListener('focusin', remember);
      // The last card left and took the list with it.
      if (focused.current !== null && ids_.current.length > 0)
        queueMicrotask(() => document.activeElement === document.body && target?.focus());
    };
  }, [list, heading]);
}

/** What the buttons of a card do, and the attribute that names their call. */
const CARD_ACTIONS = { retrieve: 'data-retrieve', snooze: 'data-snooze' } as const;
type CardAction = keyof typeof CARD_ACTIONS;

/** Pointer-down names the call; the click that follows does what the button says to that one or to nothing. */
function useCardPress(switchboard: Pick<Switchboard, CardAction>) {
  const bindings = useRef({ retrieve: new PressBinding(), snooze: new PressBinding() });
  const each = (act: (action: CardAction) => void) => {
    act('retrieve');
    act('snooze');
  };
  return {
    onPointerDown: (event: PointerEvent) =>
      each((action) =>
        bindings.current[action].down(
          event.pointerId,
          event.button === 0 ? pressedId(event.target, action) : null,
        ),
      ),
    onPointerCancel: (event: PointerEvent) =>
      each((action) => bindings.current[action].cancel(event.pointerId)),
    onClick: (event: MouseEvent) =>
      each((action) => {
        const under = pressedId(event.target, action);
        const id = bindings.current[action].click(under, event.detail > 0);
        if (id !== null) switchboard[action](id);
      }),
  };
}

/** Enter takes the call that has the focus, S puts its recall off, a digit takes the call of that number; arrows move. */
function useCardKeys(list: React.RefObject<HTMLUListElement | null>) {
  const switchboard = useSwitchboard();
  return (event: KeyboardEvent<HTMLUListElement>): void => {
    const at = parkIdAt(event.target);
    if (event.key === 'Enter' && at !== null && isCard(event.target))
      return switchboard.retrieve(at);
    if (isPlainS(event) && at !== null && snoozable(list.current, at))
      return switchboard.snooze(at);
    if (/^[1-9]$/.test(event.key) && !event.altKey && !event.ctrlKey && !event.metaKey)
      switchboard.retrieveNumber(Number(event.key));
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') moveFocus(list.current, event);
  };
}

function moveFocus(list: HTMLUListElement | null, event: KeyboardEvent): void {
  const cards = [...(list?.querySelectorAll<HTMLElement>('li[data-park-id]') ?? [])];
  const at = cards.findIndex((card) => card.contains(document.activeElement));
  const next = cards[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

const isCard = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('li[data-park-id]');

const isPlainS = (event: KeyboardEvent): boolean =>
  event.key.toLowerCase() === 's' && !event.altKey && !event.ctrlKey && !event.metaKey;

const snoozable = (list: HTMLElement | null, id: string): boolean =>
  list?.querySelector(`[data-snooze="${CSS.escape(id)}"]`) !== null;

/** Only a button that is not switched off names a call. */
function pressedId(target: EventTarget | null, action: CardAction): string | null {
  const attribute = CARD_ACTIONS[action];
  const button = target instanceof Element ? target.closest(`[${attribute}]`) : null;
  return button === null || button.getAttribute('aria-disabled') === 'true'
    ? null
    : button.getAttribute(attribute);
}
