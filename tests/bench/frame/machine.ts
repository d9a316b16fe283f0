import { readFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
}

/** What the numbers were measured on. */
export function thisMachine(): Machine {
  const [first] = cpus();
  return {
    processor: first?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
  };
}

export const machineWords = ({ processor, cores, memoryGb, system, node }: Machine): string =>
  `${processor}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}`;

/** CPU time of the whole machine and of this process with its ended children, in seconds. */
export interface CpuReading {
  readonly at: number;
  readonly machine: number;
  readonly own: number;
}

/** Reads how busy everything is, so that a result can say what else ran. Only Linux tells about children; 0 elsewhere. */
export function readCpu(): CpuReading {
  const machine = cpus().reduce(
    (sum, { times }) => sum + times.user + times.nice + times.sys + times.irq,
    0,
  );
  return { at: performance.now() / 1_000, machine: machine / 1_000, own: ownSeconds() };
}

const TICKS_PER_SECOND = 100;

/** utime, stime, cutime and cstime of proc(5). */
function ownSeconds(): number {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return ticks / TICKS_PER_SECOND;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }
}

/** Busy share of all cores between two readings, and the share that was this process and its ended children. */
export function busyBetween(
  before: CpuReading,
  after: CpuReading,
): { readonly busy: number; readonly own: number } {
  const all = (after.at - before.at) * cpus().length;
  return { busy: (after.machine - before.machine) / all, own: (after.own - before.own) / all };
}
