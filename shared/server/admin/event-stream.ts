import type { AdminEvent } from '../../config/admin/live.ts';
import type { Clock } from '../../domain/clock.ts';
import { DisposableStore, type Disposable } from '../../domain/disposable.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { LiveEvents } from './live-events.ts';

/** Sign of life, and look at what is so, in ms. */
const BEAT_MS = 15_000;
/** A reader that is so many messages behind is cut off; it comes back to a snapshot. */
const MAX_WAITING = 500;

/** Where messages are written: what hono's SSE stream can do. */
export interface EventSink {
  readonly aborted: boolean;
  writeSSE(message: { event: string; id: string; data: string }): Promise<void>;
  write(text: string): Promise<unknown>;
  onAbort(run: () => void): void;
}

export interface EventStreamParts {
  readonly live: LiveEvents;
  readonly clock: Clock;
  readonly tenantId: TenantId;
  /** Asked before anything is said, and with every sign of life: the session holds and the tenant is there. */
  readonly mayGoOn: () => boolean;
}

/** One reader of what happens in a tenant. */
export class EventStream {
  /** Resolves when it is over, for whatever reason. */
  readonly ended: Promise<void>;
  readonly #sink: EventSink;
  readonly #parts: EventStreamParts;
  readonly #owned = new DisposableStore();
  #end: () => void = () => undefined;
  #beat: Disposable | undefined;
  #lastId = 0;
  #waiting = 0;
  #over = false;
  /** The parked calls as the reader was last told of them whole. */
  #told = '';

  constructor(sink: EventSink, parts: EventStreamParts) {
    this.#sink = sink;
    this.#parts = parts;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    sink.onAbort(() => this.#close());
    const { live, tenantId } = parts;
    this.#owned.add(
      live.watch(
        tenantId,
        (event) => this.#send(event),
        () => this.#close(),
      ),
    );
    this.#snapshot();
    this.#armBeat();
  }

  #snapshot(): void {
    const snapshot = this.#parts.live.snapshot(this.#parts.tenantId);
    this.#told = JSON.stringify(snapshot.calls);
    this.#send(snapshot);
  }

  #armBeat(): void {
    this.#beat = this.#parts.clock.after(BEAT_MS, () => {
      if (!this.#parts.mayGoOn()) return this.#close();
      const now = JSON.stringify(this.#parts.live.calls(this.#parts.tenantId));
      if (now !== this.#told) this.#snapshot();
      else this.#write(() => this.#sink.write(': alive\n\n'));
      this.#armBeat();
    });
  }

  #send(event: AdminEvent): void {
    if (!this.#over && !this.#parts.mayGoOn()) return this.#close();
    this.#lastId += 1;
    const id = `${this.#lastId}`;
    const data = JSON.stringify(event);
    this.#write(() => this.#sink.writeSSE({ event: event.kind, id, data }));
  }

  #write(write: () => Promise<unknown>): void {
    if (this.#over) return;
    if (this.#sink.aborted || this.#waiting >= MAX_WAITING) return this.#close();
    this.#waiting += 1;
    write().then(
      () => (this.#waiting -= 1),
      () => this.#close(),
    );
  }

  #close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#beat?.dispose();
    this.#owned.dispose();
    this.#end();
  }
}
