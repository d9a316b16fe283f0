import { cachedDataVersionTag, getHeapStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import {
  collectEverything,
  QuietCollection,
  type HeapSize,
} from '../../../../shared/media/quiet-collection.ts';
import { FakeMediaClock } from '../../../fakes/fake-media-clock.ts';

const MB = 1_000_000;

/** What V8 compares before it uses what an earlier start compiled. */
const TAG_AT_START = cachedDataVersionTag();

/** A thread whose heap shrinks to what is in use when it is collected. */
class Thread {
  readonly clock = new FakeMediaClock();
  quiet = true;
  size: HeapSize = { held: 50 * MB, used: 30 * MB };
  collections = 0;
  /** What a collection leaves. */
  alive: HeapSize = { held: 25 * MB, used: 24 * MB };
  readonly collection = new QuietCollection({
    isQuiet: () => this.quiet,
    heapSize: () => this.size,
    collect: () => {
      this.collections += 1;
      this.size = this.alive;
    },
    after: (delayMs, run) => this.clock.after(delayMs, run),
  });

  pass(seconds: number): void {
    this.clock.advance(seconds * 1_000);
  }
}

describe('a thread gives memory back', () => {
  it('when it has been quiet for forty seconds, and not before', () => {
    const thread = new Thread();
    thread.pass(39);
    expect(thread.collections).toBe(0);
    thread.pass(1);
    expect(thread.collections).toBe(1);
  });

  it('never while it is busy, and only after forty quiet seconds from then on', () => {
    const thread = new Thread();
    thread.quiet = false;
    thread.pass(3_600);
    expect(thread.collections).toBe(0);
    thread.quiet = true;
    thread.pass(35);
    expect(thread.collections).toBe(0);
    thread.pass(5);
    expect(thread.collections).toBe(1);
  });

  it('once more a little later, when what was still wanted may be garbage', () => {
    const thread = new Thread();
    thread.pass(40);
    thread.pass(35);
    expect(thread.collections).toBe(1);
    thread.pass(5);
    expect(thread.collections).toBe(2);
    thread.pass(3_600);
    expect(thread.collections).toBe(2);
  });

  it('then only when its heap has grown by something worth the pause', () => {
    const thread = new Thread();
    thread.pass(80);
    thread.size = { held: 28 * MB, used: 25 * MB };
    thread.pass(3_600);
    expect(thread.collections).toBe(2);
    thread.size = { held: 30 * MB, used: 25 * MB };
    thread.pass(5);
    expect(thread.collections).toBe(3);
  });

  it('never twice in forty seconds, however fast it grows', () => {
    const thread = new Thread();
    thread.pass(40);
    thread.size = { held: 100 * MB, used: 30 * MB };
    thread.pass(35);
    expect(thread.collections).toBe(1);
    thread.pass(5);
    expect(thread.collections).toBe(2);
  });

  it('what a busy hour left, of which little is alive', () => {
    const thread = new Thread();
    thread.size = { held: 450 * MB, used: 300 * MB };
    thread.pass(40);
    expect(thread.collections).toBe(1);
    expect(thread.size.used).toBe(24 * MB);
  });

  it('not when so much is in use that the pause would be long', () => {
    const thread = new Thread();
    thread.size = { held: 900 * MB, used: 600 * MB };
    thread.pass(3_600);
    expect(thread.collections).toBe(0);
  });

  it('not again while as much as that stays alive, and again when it does not', () => {
    const thread = new Thread();
    thread.alive = { held: 220 * MB, used: 200 * MB };
    thread.pass(40);
    thread.size = { held: 400 * MB, used: 300 * MB };
    thread.pass(3_600);
    expect(thread.collections).toBe(1);
    thread.alive = { held: 25 * MB, used: 24 * MB };
    thread.size = { held: 400 * MB, used: 100 * MB };
    thread.pass(5);
    expect(thread.collections).toBe(2);
  });

  it('no more once it is over', () => {
    const thread = new Thread();
    thread.collection.dispose();
    thread.collection.dispose();
    thread.pass(60);
    expect(thread.collections).toBe(0);
  });
});

describe('a collection', () => {
  it('gives back what is unused, and shows the collector to nobody', () => {
    const garbage = Array.from({ length: 300_000 }, (_, n) => ({ n, more: [n] }));
    const before = getHeapStatistics().total_heap_size;
    garbage.length = 0;
    collectEverything();
    expect(getHeapStatistics().total_heap_size).toBeLessThan(before - 5 * MB);
    expect('gc' in globalThis).toBe(false);
  });

  it('leaves what is compiled later fit for the next start, which has not collected yet', () => {
    collectEverything();
    expect(cachedDataVersionTag()).toBe(TAG_AT_START);
  });
});
