import { createStore, type StoreApi } from 'zustand/vanilla';
import { adminEventSchema, type AdminEvent } from '../../../shared/config/admin/live.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import type { Disposable } from '../../../shared/domain/disposable.ts';
import { Emitter } from '../../sip/emitter.ts';
import { brokenOff, foldEvent, nothingHeard, type LiveCalls } from './live-calls.ts';

/** A server-sent event stream that is open. */
export interface EventFeed {
  close(): void;
}

export interface FeedListener {
  /** One `data`. */
  said(text: string): void;
  /** It broke; `gone` when it does not come back by itself. */
  broke(gone: boolean): void;
}

export type OpenFeed = (url: string, listener: FeedListener) => EventFeed;

const RETRY_MS = 3000;
const KINDS = ['snapshot', 'call', 'registrations', 'changed'] as const;

/** What the lists of a page are made of: they are read again when it changes. */
export type Changed = 'park-groups' | 'ring-groups' | 'users' | 'settings' | 'registrations';

const EVERYTHING: readonly Changed[] = [
  'park-groups',
  'ring-groups',
  'users',
  'settings',
  'registrations',
];

interface LiveParts {
  readonly clock: Clock;
  readonly openFeed: OpenFeed;
  /** Asked before the stream is opened anew: a session that is over has none. */
  readonly mayRetry: () => Promise<boolean>;
}

/** Follows what happens in one tenant at a time. */
export class Live {
  readonly state: StoreApi<LiveCalls> = createStore(() => nothingHeard);
  readonly #parts: LiveParts;
  readonly #changed = new Emitter<Changed>();
  #feed: EventFeed | null = null;
  #retry: Disposable | null = null;
  #tenantId: string | null = null;
  /** Something may have happened that nobody told of. */
  #missed = false;

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  onChanged(run: (what: Changed) => void): Disposable {
    return this.#changed.listen(run);
  }

  /** @param tenantId `null`: nobody's */
  follow(tenantId: string | null): void {
    if (tenantId === this.#tenantId) return;
    this.#stop();
    this.#missed = false;
    this.#tenantId = tenantId;
    this.state.setState(nothingHeard, true);
    this.#open();
  }

  /** Opens the stream again, as after signing in again. */
  resume(): void {
    this.#stop();
    this.#missed = true;
    this.#open();
  }

  #open(): void {
    if (this.#tenantId === null) return;
    const url = `/api/admin/tenants/${encodeURIComponent(this.#tenantId)}/events`;
    this.#feed = this.#parts.openFeed(url, {
      said: (text) => this.#take(text),
      broke: (gone) => {
        this.#missed = true;
        this.state.setState(brokenOff(this.state.getState()), true);
        if (gone) this.#retryLater();
      },
    });
  }

  #stop(): void {
    this.#retry?.dispose();
    this.#retry = null;
    this.#feed?.close();
    this.#feed = null;
  }

  #retryLater(): void {
    this.#stop();
    this.#retry = this.#parts.clock.after(RETRY_MS, () => {
      const tenantId = this.#tenantId;
      void this.#parts.mayRetry().then((may) => {
        if (may && tenantId === this.#tenantId && this.#feed === null) this.#open();
      });
    });
  }

  #take(text: string): void {
    const event = readEvent(text);
    if (event === null) return;
    const before = this.state.getState();
    this.state.setState(foldEvent(before, event, this.#parts.clock.now()), true);
    if (event.kind === 'changed') this.#changed.emit(event.what);
    if (event.kind === 'registrations') this.#changed.emit('registrations');
    if (event.kind === 'snapshot' && this.#missed) {
      this.#missed = false;
      for (const what of EVERYTHING) this.#changed.emit(what);
    }
  }
}

function readEvent(text: string): AdminEvent | null {
  try {
    const parsed = adminEventSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The browser's own event stream. */
export function browserFeed(url: string, listener: FeedListener): EventFeed {
  const source = new EventSource(url);
  for (const kind of KINDS) {
    source.addEventListener(kind, (event: MessageEvent<unknown>) => {
      if (typeof event.data === 'string') listener.said(event.data);
    });
  }
  source.onerror = () => listener.broke(source.readyState === EventSource.CLOSED);
  return source;
}
