import type { Reading } from './reading.ts';

/** One thing that can be measured by name. */
export interface BenchPart {
  readonly name: string;
  /** One line for `--list`. */
  readonly about: string;
  /** `desktop`: in a desktop session, as somebody who is not root. `here`: in a process like this one. */
  readonly where: 'here' | 'desktop';
  /** Why it cannot run on this machine; `null` when it can. */
  unavailable(): string | null;
  run(bench: Bench): Promise<readonly Reading[]>;
}

/** What the frame gives to a part. */
export interface Bench {
  /** Says what happens meanwhile. */
  say(line: string): void;
}
