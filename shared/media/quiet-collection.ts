/**
 * Gives memory back when nothing happens. V8 keeps the pages that a start or a busy hour once needed until it is short of memory, which on a
 * machine with plenty of it is never: without this the server holds a third more than it uses, and after thousands of calls twice as much.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Disposable } from '../domain/disposable.ts';

const LOOK_EVERY_MS = 5_000;
/** So many looks in a row must find it quiet: forty seconds, for transactions are remembered for 32 (RFC 3261 §17). */
const QUIET_LOOKS = 8;
/** At least as long between two collections: what the first found alive for such a transaction's sake, the second finds dead. */
const REST_LOOKS = 8;
/** Less than this is not worth a pause, bytes. */
const WORTH = 4_000_000;
/** A pause grows with what stays alive, to a quarter of a second about here, bytes; larger heaps are left to V8. */
const LARGEST_ALIVE = 128_000_000;
/** What is alive shows only afterwards: a busy hour leaves several times as much. Beyond this it is not tried, bytes. */
const LARGEST = 512_000_000;

export interface HeapSize {
  /** Taken from the system, bytes. */
  readonly held: number;
  /** Of it taken up by objects, live or not, bytes. */
  readonly used: number;
}

export interface QuietCollectionPorts {
  /** Asked every five seconds: nobody is hurt by a pause of a tenth of a second now. */
  readonly isQuiet: () => boolean;
  readonly heapSize: () => HeapSize;
  /** Blocks its thread until everything unused has gone back to the system. */
  readonly collect: () => void;
  readonly after: (delayMs: number, run: () => void) => Disposable;
}

/** Of one thread, from when it is made until it is disposed of. */
export class QuietCollection implements Disposable {
  readonly #ports: QuietCollectionPorts;
  #timer: Disposable;
  #quietLooks = 0;
  /** Looks since the last collection. */
  #restedLooks = REST_LOOKS;
  #heldBefore = 0;
  /** What the last collection left, bytes. */
  #alive = 0;
  /** Once more, though the heap may not have grown: some of it was still wanted. */
  #again = false;

  constructor(ports: QuietCollectionPorts) {
    this.#ports = ports;
    this.#timer = ports.after(LOOK_EVERY_MS, () => this.#look());
  }

  dispose(): void {
    this.#timer.dispose();
  }

  #look(): void {
    this.#timer = this.#ports.after(LOOK_EVERY_MS, () => this.#look());
    this.#restedLooks += 1;
    this.#quietLooks = this.#ports.isQuiet() ? this.#quietLooks + 1 : 0;
    if (this.#quietLooks < QUIET_LOOKS || this.#restedLooks < REST_LOOKS) return;
    const { held, used } = this.#ports.heapSize();
    if (used > LARGEST || Math.min(used, this.#alive) > LARGEST_ALIVE) return;
    const grown = held >= this.#heldBefore + WORTH;
    if (!grown && !this.#again) return;
    this.#ports.collect();
    this.#again = grown;
    this.#restedLooks = 0;
    const after = this.#ports.heapSize();
    this.#heldBefore = after.held;
    this.#alive = after.used;
  }
}

/** The calling thread's. */
export function heapSize(): HeapSize {
  const { total_heap_size: held, used_heap_size: used } = getHeapStatistics();
  return { held, used };
}

let collector: ((how: object) => void) | undefined;

/**
 * Collects the calling thread's garbage to the last page, as V8 does before it gives up for lack of memory: about 50 ms for 25 MB in use.
 * Compiled code that runs is kept.
 */
export function collectEverything(): void {
  collector ??= exposedCollector();
  collector?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

/** V8's own function, which contexts have that were made while the flag was set; undefined when another thread took it back in between. */
function exposedCollector(): ((how: object) => void) | undefined {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('globalThis.gc');
  // V8 keeps its flags with what it compiles: the next start would refuse what this one loads from now on.
  setFlagsFromString('--no-expose-gc');
  return typeof found === 'function' ? (how) => void found(how) : undefined;
}
