import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from 'react';
import { Button } from 'react-aria-components';
import type { Card } from '../../../../shared/phone/park-card.ts';
import { boardMood, waitingCards } from '../../../../shared/phone/park-board.ts';
import { usePhone, usePhoneState, useSession } from '../../session-context.tsx';
import { useIntlShape, useSay } from '../../text.tsx';
import { nameOf } from './card-words.ts';
import { ParkCard } from './park-card.tsx';
import { PressBinding } from './press-binding.ts';
import { focusHeir } from './steady-list.ts';
import { parkIdAt, useSteadyPlaces } from './use-steady-places.ts';

/** The parked calls in my scope, always in view. Three states: parked, empty, unknown. */
export function ParkList() {
  const say = useSay();
  const board = usePhoneState((state) => state.board);
  const supported = usePhoneState((state) => state.parkListSupported);
  const mood = boardMood(board);
  const count = waitingCards(board).length;
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <section
      className="park"
      aria-labelledby="park-heading"
      data-mood={supported ? mood : 'unsupported'}
      data-testid="park-list"
    >
      <header className="park-head">
        <h2 id="park-heading" ref={heading} tabIndex={-1} className="park-heading">
          {say('park.title')}
          {count > 0 ? <span className="count">{count}</span> : null}
        </h2>
        <SyncedAt />
      </header>
      {board.cards.length > 0 ? (
        <Cards heading={heading} />
      ) : (
        <NoCards mood={mood} supported={supported} />
      )}
    </section>
  );
}

function NoCards({
  mood,
  supported,
}: {
  readonly mood: 'unknown' | 'empty' | 'parked';
  readonly supported: boolean;
}) {
  const say = useSay();
  const pbx = usePhoneState((state) => state.pbx);
  if (pbx.parkSource.kind === 'push') return <PushOnly code={pbx.codes.retrieve} />;
  const words = !supported
    ? say('park.unsupported')
    : mood === 'unknown'
      ? say('park.unknown')
      : say('park.empty');
  return <p className="park-none">{words}</p>;
}

/** This PBX says when a call is parked, never when it is gone: no list, but the way to the call. */
function PushOnly({ code }: { readonly code: string }) {
  const say = useSay();
  const phone = usePhone();
  return (
    <div className="park-none">
      <p>{say('park.pushOnly')}</p>
      <Button className="button button-plain" onPress={() => phone.dial(code)}>
        {say('park.retrieveOwn', { code })}
      </Button>
    </div>
  );
}

/** Without a live subscription: what is shown was true then. */
function SyncedAt() {
  const say = useSay();
  const intl = useIntlShape();
  const sync = usePhoneState((state) => state.board.sync);
  const supported = usePhoneState((state) => state.parkListSupported);
  if (sync.kind === 'live' || !supported) return null;
  const at = sync.kind === 'lost' ? sync.syncedAt : null;
  if (at === null) return <p className="park-synced">{say('park.neverSynced')}</p>;
  const time = intl.formatTime(at, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
  return <p className="park-synced">{say('park.lastSynced', { time })}</p>;
}

/** So many cards are drawn without a pause; beyond them the rest is a press away, and the heading counts them all. */
const DRAWN_AT_ONCE = 500;

/** The first cards, and how to have more of them. */
function useSomeCards(cards: readonly Card[]) {
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
  const phone = usePhone();
  const session = useSession();
  const board = usePhoneState((state) => state.board);
  const server = usePhoneState((state) => state.server);
  const name = useCallback((extension: string) => nameOf({ server })(extension), [server]);
  const say = useSay();
  const list = useRef<HTMLUListElement>(null);
  const some = useSomeCards(board.cards);
  const ids = some.shown.map((card) => card.id);
  const steady = useSteadyPlaces(list, ids);
  useFocusHeir({ list, heading, ids });
  const snooze = (id: string) => void session.server.snooze(id);
  const press = useCardPress({ retrieve: (id) => phone.retrieve(id), snooze });
  const cards = new Map(some.shown.map((card) => [card.id, card]));
  const frozen = board.sync.kind !== 'live';
  const first = steady.places.find((place) => place.kind === 'card')?.id;

  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    const at = parkIdAt(event.target);
    if (event.key === 'Enter' && at !== null && isCard(event.target))
      return void phone.retrieve(at);
    if (isPlainS(event) && at !== null && snoozable(list.current, at)) return snooze(at);
    if (/^[1-9]$/.test(event.key) && !event.altKey && !event.ctrlKey && !event.metaKey) {
      const card = board.cards.find((each) => each.number === Number(event.key));
      if (card !== undefined) phone.retrieve(card.id);
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') moveFocus(list.current, event);
  };

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
        const card = cards.get(id);
        if (kind === 'gap' || card === undefined)
          return (
            <li
              key={id}
              className="card card-gap"
              aria-hidden
              style={{ blockSize: steady.heightOf(id) }}
            />
          );
        const pending =
          board.retrieving === null ? null : board.retrieving === id ? 'this' : 'other';
        return (
          <ParkCard
            key={id}
            card={card}
            me={board.me}
            name={name}
            frozen={frozen}
            pending={pending}
            canSnooze={server.kind === 'ready'}
            focusable={id === first}
            keptHeight={card.state.kind === 'ended' ? steady.heightOf(id) : undefined}
          />
        );
      })}
      {some.left === 0 ? null : (
        <li className="cards-more">
          <Button className="button button-plain" onPress={some.more}>
            {say('park.showMore', { next: some.next, left: some.left })}
          </Button>
        </li>
      )}
    </ul>
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
function useCardPress(run: Readonly<Record<CardAction, (id: string) => void>>) {
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
        if (id !== null) run[action](id);
      }),
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
