import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CyclesOptions, CyclesReport } from './park-cycles.ts';

/** What the kernel of the namespace did with datagrams. */
export interface KernelWeather {
  readonly carried: number;
  readonly lost: number;
}

export interface NamespaceReport extends CyclesReport {
  readonly kernel: KernelWeather;
}

const CHILD = fileURLToPath(new URL('./cycles-child.ts', import.meta.url));
/** A network namespace of its own; of a user namespace besides, so that it takes no root where those are allowed. */
const UNSHARE = ['--map-root-user', '--net'];

/** `perThousand` of all datagrams that arrive on loopback are dropped by the kernel's own dice; the counters tell how many. */
const rules = (perThousand: number): string =>
  [
    'add table inet weather',
    'add chain inet weather arriving { type filter hook input priority 0 ; }',
    'add counter inet weather carried',
    'add counter inet weather lost',
    'add rule inet weather arriving meta l4proto udp counter name carried',
    `add rule inet weather arriving meta l4proto udp numgen random mod 1000 < ${perThousand} counter name lost drop`,
  ].join('\n');

/** Whether this machine lets us have a network of our own, with nftables in it. */
export function namespacesWork(): boolean {
  const tried = spawnSync(
    'unshare',
    [...UNSHARE, 'sh', '-c', 'ip link set lo up && exec nft -f -'],
    { input: rules(1) },
  );
  return tried.status === 0;
}

/** Runs the park cycles, server and phones, in a network namespace whose kernel loses datagrams. */
export async function parkCyclesInNamespace(
  options: CyclesOptions,
  lostPerThousand: number,
): Promise<NamespaceReport> {
  const script = `ip link set lo up && printf '%s' "$RULES" | nft -f - && exec "$NODE" "$CHILD"`;
  const child = spawn('unshare', [...UNSHARE, 'sh', '-c', script], {
    env: {
      ...process.env,
      RULES: rules(lostPerThousand),
      NODE: process.execPath,
      CHILD,
      CYCLES: JSON.stringify(options),
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (bytes) => (said += String(bytes)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the namespace's process ended with ${code}`);
  const report = JSON.parse(said.slice(said.indexOf('{')));
  return { ...report, lives: new Map(report.lives) };
}
