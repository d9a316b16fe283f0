import { ParkDocuments, parkIdOf, type ParkedSketch } from '../../fakes/park-documents.ts';

/** Every so many documents one tells the whole list again, as a refresh does. */
const FULL_EVERY = 20;
const RECALL_AFTER_S = 3_600;
/** Lists whose first calls are so far apart are of the same age. */
export const FAR_APART = 100_000;

/** The NOTIFYs of a very busy office: a whole list, then calls that come, go and get notes. */
export class ListTraffic {
  readonly #documents = new ParkDocuments(() => this.#now);
  readonly #waiting: number[];
  readonly #startedAt = Date.now();
  /** When the document that is being written will be told, in ms since 1970. */
  #now = this.#startedAt;
  #next: number;
  #step = 0;

  /** @param first number of the first call: lists that stand side by side have no call in common */
  constructor(rows: number, first = 0) {
    this.#waiting = Array.from({ length: rows }, (_, n) => first + n);
    this.#next = first + rows;
  }

  /** The whole list as it is now. */
  full(): string {
    return this.#documents.full(this.#waiting.map((n) => this.#sketch(n)));
  }

  /** The next documents, of which one will be told every `everyMs` from now on. */
  take(count: number, everyMs: number): readonly string[] {
    const startsAt = Date.now();
    return Array.from({ length: count }, (_, n) => {
      this.#now = startsAt + n * everyMs;
      return this.#change();
    });
  }

  #change(): string {
    this.#step += 1;
    if (this.#step % FULL_EVERY === 0) return this.full();
    switch (this.#step % 3) {
      case 0:
        return this.#end();
      case 1:
        return this.#park();
      default:
        return this.#documents.partial([
          this.#sketch(this.#waiting[10] ?? 0, `note ${this.#step}`),
        ]);
    }
  }

  #end(): string {
    const [gone = 0] = this.#waiting.splice(Math.floor(this.#waiting.length / 3), 1);
    const ended = { reason: 'Retrieved by Carol', by: '103' };
    return this.#documents.partial([{ ...this.#sketch(gone), ended }]);
  }

  #park(): string {
    const fresh = this.#next;
    this.#next += 1;
    this.#waiting.push(fresh);
    return this.#documents.partial([this.#sketch(fresh)]);
  }

  #sketch(n: number, note?: string): ParkedSketch {
    const told = note ?? (n % 4 === 0 ? `wants invoice ${n}` : undefined);
    const passedS = (this.#now - this.#startedAt) / 1_000;
    return {
      id: parkIdOf(n),
      name: `Caller ${n}`,
      number: String(4_930_900_000 + n),
      slot: n % 3 === 0 ? '102' : '101',
      waited: Math.max(0, 1_000 - (n % FAR_APART)) + passedS,
      recallIn: RECALL_AFTER_S - passedS,
      ...(told === undefined ? {} : { note: told }),
    };
  }
}
