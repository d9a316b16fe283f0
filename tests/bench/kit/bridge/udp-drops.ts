import { readFileSync } from 'node:fs';

/** Datagrams that the system has thrown away at these UDP ports for want of room in their buffers; proc(5), so on Linux only, 0 elsewhere. */
export function droppedAt(ports: readonly number[]): number {
  const wanted = new Set(ports);
  let table: string;
  try {
    table = readFileSync('/proc/net/udp', 'latin1');
  } catch {
    return 0;
  }
  return table
    .split('\n')
    .slice(1)
    .reduce((sum, line) => {
      const fields = line.trim().split(/\s+/);
      const port = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16);
      return wanted.has(port) ? sum + Number(fields.at(-1)) : sum;
    }, 0);
}
