import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that it started, whatever became of the parents in between; proc(5), so on Linux only. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(Number(name)) : null;
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

function parentOf(pid: number): number | null {
  const status = read(`/proc/${pid}/status`);
  const parent = status === null ? undefined : /^PPid:\s+(\d+)$/m.exec(status)?.[1];
  return parent === undefined ? null : Number(parent);
}

/** Ticks of the times in /proc a second: USER_HZ, which Linux shows to programs as 100 on every platform. */
const TICKS = 100;

/** User and system time of one process, seconds, to a hundredth; 0 when it is gone. */
export function cpuSecondsOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  // The second field is the name in parentheses, which may itself hold spaces; the times are the 14th and 15th.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS;
}

/** The same of a process with one thread, to a nanosecond: for what takes less than a second. */
export function threadSecondsOf(pid: number): number {
  const ran = read(`/proc/${pid}/schedstat`)?.split(' ')[0];
  return Number(ran ?? 0) / 1e9;
}

export interface TreeMemory {
  /** Proportional set size: pages that processes share count once among them. MB of a million bytes. */
  readonly pssMb: number;
  /** Memory of each kind of process, for a look at where it goes. */
  readonly byKind: ReadonlyMap<string, number>;
  /** Processes whose memory could not be read. */
  readonly unread: readonly number[];
}

/** Sums the memory of a process and all that it started. */
export function treeMemory(root: number): TreeMemory {
  const byKind = new Map<string, number>();
  const unread: number[] = [];
  for (const pid of processTree(root)) {
    const rollup = read(`/proc/${pid}/smaps_rollup`);
    const kilobytes = rollup === null ? undefined : /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
    if (kilobytes === undefined) {
      unread.push(pid);
      continue;
    }
    const kind = kindOf(pid);
    byKind.set(kind, (byKind.get(kind) ?? 0) + (Number(kilobytes) * 1_024) / 1e6);
  }
  const pssMb = [...byKind.values()].reduce((sum, each) => sum + each, 0);
  return { pssMb, byKind, unread };
}

/** What Chromium calls the process on its command line; `browser` is the app's main process. */
function kindOf(pid: number): string {
  const line = (read(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ');
  const type = /--type=([\w-]+)/.exec(line)?.[1] ?? 'browser';
  const service = /--utility-sub-type=[\w.]*?(\w+)(?:\s|$)/.exec(line)?.[1];
  return service === undefined ? type : `${type} ${service}`;
}

/** `null` when it is gone or not ours to read. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
