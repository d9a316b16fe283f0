import { describe, expect, it } from 'vitest';
import { BindingStore } from '../../../../../shared/server/store/binding-store.ts';
import { PatientWrites } from '../../../../../shared/server/store/patient-writes.ts';
import type { StoreTrouble } from '../../../../../shared/server/store/store-trouble.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { MemoryStore } from '../../../../fakes/memory-store.ts';

/** A disk that can be filled, and what it said. */
class Disk {
  readonly written: string[] = [];
  readonly said: string[] = [];
  trouble: string | undefined;
  /** Writes that would have waited for another process. */
  waited = 0;
  #isAtOnce = false;

  readonly report: StoreTrouble = {
    failed: () => void this.said.push('failed'),
    passed: (lost) => void this.said.push(`passed ${lost}`),
    lost: (writes) => void this.said.push(`lost ${writes}`),
  };

  atOnce(write: () => void): void {
    this.#isAtOnce = true;
    try {
      write();
    } finally {
      this.#isAtOnce = false;
    }
  }

  write(line: string): void {
    if (!this.#isAtOnce) this.waited += 1;
    if (this.trouble !== undefined)
      throw Object.assign(new Error(this.trouble), { code: this.trouble });
    this.written.push(line);
  }
}

function patient(disk: Disk) {
  const clock = new FakeClock();
  const atOnce = (write: () => void): void => disk.atOnce(write);
  const writes = new PatientWrites({ clock, atOnce, trouble: disk.report });
  return { clock, writes, write: (line: string) => writes.run(() => disk.write(line)) };
}

describe('writes that wait', () => {
  it('are made at once while all is well, and leave no timer', () => {
    const disk = new Disk();
    const { clock, write } = patient(disk);
    write('a');
    expect(disk.written).toEqual(['a']);
    expect(clock.pending).toBe(0);
  });

  it('wait for no other process, not even the first time', () => {
    const disk = new Disk();
    const { clock, write } = patient(disk);
    write('a');
    disk.trouble = 'SQLITE_BUSY';
    write('b');
    disk.trouble = undefined;
    clock.advance(2_000);
    expect(disk.written).toEqual(['a', 'b']);
    expect(disk.waited).toBe(0);
  });

  it('are made soon after somebody else has written, of which nobody is told', () => {
    const disk = new Disk();
    const { clock, write } = patient(disk);
    for (const line of ['a', 'b']) {
      disk.trouble = 'SQLITE_BUSY';
      write(line);
      clock.advance(100);
      disk.trouble = undefined;
      clock.advance(50);
    }
    expect(disk.written).toEqual(['a', 'b']);
    expect(disk.said).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('are tried less and less often while somebody holds the database for long, of which one is told', () => {
    const disk = new Disk();
    const { clock, write } = patient(disk);
    disk.trouble = 'SQLITE_BUSY';
    write('a');
    clock.advance(60_000);
    expect(disk.said.length).toBeGreaterThan(0);
    expect(disk.said.length).toBeLessThanOrEqual(30);
    disk.trouble = undefined;
    clock.advance(2_000);
    expect(disk.said.at(-1)).toBe('passed 0');
  });

  it.each(['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_IOERR_WRITE'])(
    'are made in their order once %s has passed',
    (code) => {
      const disk = new Disk();
      const { clock, writes, write } = patient(disk);
      disk.trouble = code;
      write('a');
      write('b');
      clock.advance(10_000);
      expect(disk.written).toEqual([]);
      disk.trouble = undefined;
      write('c');
      clock.advance(2_000);
      expect(disk.written).toEqual(['a', 'b', 'c']);
      expect(writes.waiting).toBe(0);
      expect(disk.said.at(-1)).toBe('passed 0');
      expect(clock.pending).toBe(0);
    },
  );

  it('are not held up by one that can never be made', () => {
    const disk = new Disk();
    const { clock, write } = patient(disk);
    disk.trouble = 'SQLITE_CONSTRAINT';
    write('a');
    disk.trouble = undefined;
    write('b');
    expect(disk.written).toEqual(['b']);
    expect(clock.pending).toBe(0);
  });

  it('are bounded: beyond that the oldest gives way, and it is said how many did', () => {
    const disk = new Disk();
    const { clock, writes, write } = patient(disk);
    disk.trouble = 'SQLITE_FULL';
    for (let line = 0; line < 20_005; line += 1) write(`${line}`);
    expect(writes.waiting).toBe(20_000);
    disk.trouble = undefined;
    clock.advance(2_000);
    expect(disk.written[0]).toBe('5');
    expect(disk.said.at(-1)).toBe('passed 5');
  });

  it('are tried once more at the end', () => {
    const disk = new Disk();
    const { writes, write } = patient(disk);
    disk.trouble = 'SQLITE_FULL';
    write('a');
    writes.dispose();
    expect(disk.said.at(-1)).toBe('lost 1');
    expect(writes.waiting).toBe(0);
  });
});

describe('bindings that cannot be written', () => {
  it('stay pending, end nothing, and are written when the trouble has passed', () => {
    const store = new MemoryStore();
    const user = store.addUser(store.addTenant('desk'), '101');
    const disk = new Disk();
    const bindings = new BindingStore(store.database, store.clock, disk.report);
    const real = store.database.transaction.bind(store.database);
    store.database.transaction = () => {
      throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
    };
    bindings.save(rowFor(user.id));
    expect(() => store.clock.advance(5_000)).not.toThrow();
    expect(bindings.load(store.clock.now())).toEqual([]);
    store.database.transaction = real;
    store.clock.advance(500);
    expect(bindings.load(store.clock.now())).toHaveLength(1);
    expect(disk.said.at(-1)).toBe('passed 0');
    expect(store.clock.pending).toBe(0);
  });
});

const rowFor = (userId: string) => ({
  id: 'b1',
  user_id: userId,
  contact: '<sip:101@192.0.2.1>',
  instance_id: null,
  reg_id: null,
  device_id: 'd1',
  call_id: 'c1',
  cseq: 1,
  user_agent: null,
  path: '[]',
  transport: 'udp',
  remote_address: '192.0.2.1',
  remote_port: 5060,
  local_address: '192.0.2.2',
  local_port: 5060,
  registered_at: 0,
  expires_at: Number.MAX_SAFE_INTEGER,
});
