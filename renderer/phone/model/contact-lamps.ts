import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Clock } from '../../../shared/domain/clock.ts';
import { DisposableStore, onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import { formatFeatureCode } from '../../../shared/domain/feature-code.ts';
import { isExtension } from '../../../shared/domain/ids.ts';
import {
  foldLamp,
  lampsToWatch,
  type LampEvent,
  unwatched,
  type WatchedLamp,
} from '../../../shared/phone/lamps.ts';
import type { ParkListEvent } from '../../sip/phone-line.ts';
import type { ContactBook } from './contact-book.ts';
import type { Phone } from './phone.ts';

/** Rows come and go while somebody scrolls; this long they may, ms. */
const SETTLE_MS = 250;

export type Lamps = ReadonlyMap<string, WatchedLamp>;

/** How long a lamp stays unknown whose subscription said what cannot be used, ms. */
const AGAIN_MS = 5_000;

/** What a subscription is there for. */
interface Watched {
  readonly extension: string;
  readonly what: keyof WatchedLamp;
}

/** What is known of colleagues' telephones: favourites always, others while they are in view. */
export class ContactLamps implements Disposable {
  readonly state: StoreApi<Lamps> = createStore<Lamps>(() => new Map());
  readonly #phone: Phone;
  readonly #book: ContactBook;
  readonly #clock: Clock;
  readonly #disposables = new DisposableStore();
  /** How many rows show somebody. */
  readonly #inView = new Map<string, number>();
  /** By what one would dial. */
  #watched: ReadonlyMap<string, Watched> = new Map();
  #settling: Disposable | null = null;
  /** Asked anew in a moment, by what one would dial. */
  readonly #doubted = new Map<string, Disposable>();

  constructor(phone: Phone, book: ContactBook, clock: Clock) {
    this.#phone = phone;
    this.#book = book;
    this.#clock = clock;
    this.#disposables.add(
      phone.line.onEvent((event) => {
        if (event.kind === 'lamp') this.#onLamp(event.digits, event.event);
      }),
    );
    this.#disposables.add(
      onDispose(
        phone.state.subscribe((state, before) => {
          if (state.codes !== before.codes || state.parkListSupported !== before.parkListSupported)
            this.#settle();
        }),
      ),
    );
    this.#disposables.add(onDispose(book.state.subscribe(() => this.#settle())));
    this.#settle();
  }

  /** A row shows this extension until disposed. */
  show(extension: string): Disposable {
    this.#inView.set(extension, (this.#inView.get(extension) ?? 0) + 1);
    this.#settle();
    return onDispose(() => {
      const rows = (this.#inView.get(extension) ?? 1) - 1;
      if (rows > 0) this.#inView.set(extension, rows);
      else this.#inView.delete(extension);
      this.#settle();
    });
  }

  dispose(): void {
    this.#settling?.dispose();
    for (const waiting of this.#doubted.values()) waiting.dispose();
    this.#disposables.dispose();
    this.#phone.line.watchLamps([]);
  }

  #settle(): void {
    if (this.#settling !== null) return;
    this.#settling = this.#clock.after(SETTLE_MS, () => {
      this.#settling = null;
      this.#watch();
    });
  }

  #watch(): void {
    const me = this.#phone.state.getState().account.extension;
    const others = (all: Iterable<string>) =>
      [...all].filter((each) => each !== me && isExtension(each));
    const extensions = lampsToWatch(
      others(this.#favouriteExtensions()),
      others(this.#inView.keys()).toSorted(),
    );
    const wanted = new Map(extensions.flatMap((extension) => this.#watchesOf(extension)));
    if (String([...wanted.keys()]) === String([...this.#watched.keys()])) return;
    this.#watched = wanted;
    const kept = new Set(extensions);
    this.state.setState(
      new Map([...this.state.getState()].filter(([extension]) => kept.has(extension))),
      true,
    );
    this.#phone.line.watchLamps([...wanted.keys()]);
  }

  /** Favourites of the directory, and the extensions of favourite contacts. */
  #favouriteExtensions(): readonly string[] {
    const { favourites, contacts } = this.#book.state.getState();
    const numbers = new Map(contacts.map(({ id, numbers: all }) => [id, all]));
    return favourites.flatMap((key) => numbers.get(key)?.map(({ number }) => number) ?? [key]);
  }

  /** One subscribes to what one would dial (WIRE §5): the calls, and where the server has lists, the parked ones. */
  #watchesOf(extension: string): readonly (readonly [string, Watched])[] {
    const { codes, parkListSupported } = this.#phone.state.getState();
    const calls = [extension, { extension, what: 'calls' }] as const;
    if (!parkListSupported || !isExtension(extension)) return [calls];
    const code = formatFeatureCode({ kind: 'retrieve-extension', extension }, codes);
    return [calls, [code, { extension, what: 'parked' }]];
  }

  #onLamp(digits: string, event: ParkListEvent): void {
    const watched = this.#watched.get(digits);
    if (watched === undefined || !isLampEvent(event)) return;
    const { extension, what } = watched;
    const known = this.state.getState().get(extension) ?? unwatched;
    const { table, gap } = foldLamp(known[what], event);
    this.#set(extension, { ...known, [what]: table });
    if (gap) this.#askAnew(digits);
  }

  #set(extension: string, lamp: WatchedLamp): void {
    this.state.setState(new Map([...this.state.getState(), [extension, lamp]]), true);
  }

  /** Not at once: a server that only ever says nonsense is not asked for more of it in a circle. */
  #askAnew(digits: string): void {
    if (this.#doubted.has(digits)) return;
    this.#doubted.set(
      digits,
      this.#clock.after(AGAIN_MS, () => {
        this.#doubted.delete(digits);
        if (this.#watched.has(digits)) this.#watchAnew(digits);
      }),
    );
  }

  #watchAnew(digits: string): void {
    const all = [...this.#watched.keys()];
    this.#phone.line.watchLamps(all.filter((each) => each !== digits));
    this.#phone.line.watchLamps(all);
  }
}

/** Some events speak of parked calls alone. */
function isLampEvent(event: { readonly kind: string }): event is LampEvent {
  return LAMP_EVENTS.has(event.kind);
}

const LAMP_EVENTS: ReadonlySet<string> = new Set<LampEvent['kind']>([
  'subscribed',
  'document',
  'lost',
  'unsupported',
]);
