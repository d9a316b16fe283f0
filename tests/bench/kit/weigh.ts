import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { blankExecutable } from './packed-app.ts';
import { processTree, treeMemory, type TreeMemory } from './process-tree.ts';

/** After this nothing starts up any more, ms. */
export const REST_MS = 8_000;
const LIMIT_MS = 30_000;

/** One start of a program: how long it took, and what it weighs at rest. */
export interface Start {
  readonly startMs: number;
  readonly memory: TreeMemory;
}

/** Starts a program, waits until `ready`, lets it rest, weighs it and ends it. */
export async function weigh(
  program: { readonly file: string; readonly args: readonly string[]; readonly home: string },
  ready: (child: ChildProcess) => Promise<void>,
): Promise<Start> {
  const startedAt = performance.now();
  const child = spawn(program.file, program.args, {
    env: { ...process.env, XDG_CONFIG_HOME: program.home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stderr.on('data', (piece: Buffer) => (printed = (printed + String(piece)).slice(-2_000)));
  try {
    const late = pause(LIMIT_MS).then(() => Promise.reject(new Error(`not ready: ${printed}`)));
    await Promise.race([ready(child), late]);
    const startMs = performance.now() - startedAt;
    await pause(REST_MS);
    return { startMs, memory: treeMemory(child.pid ?? 0) };
  } finally {
    await endTree(child);
  }
}

/** A blank window of the same Electron. @param home its configuration folder */
export const weighBlank = (home: string): Promise<Start> =>
  weigh({ file: blankExecutable(), args: [], home }, blankReady);

async function endTree(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (const pid of child.pid === undefined ? [] : processTree(child.pid)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went with its parent.
    }
  }
  await ended;
}

/** The window of the blank app stands. */
const blankReady = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.stdout?.on('data', (piece: Buffer) => {
      if (String(piece).includes('BLANK WINDOW READY')) resolve();
    });
  });

/** Where the memory of a start is, in words. */
export function memoryWords({ startMs, memory }: Start): string {
  const kinds = [...memory.byKind].map(([kind, mb]) => `${kind} ${Math.round(mb)}`).join(', ');
  const unread = memory.unread.length === 0 ? '' : `, unread ${memory.unread.length}`;
  return `${Math.round(startMs)} ms, ${Math.round(memory.pssMb)} MB (${kinds}${unread})`;
}

/** Throws when the memory of some process could not be read: the sum would be too small. */
export function checkAllRead(memories: readonly TreeMemory[]): void {
  const unread = memories.flatMap((memory) => memory.unread);
  if (unread.length > 0) throw new Error(`memory of ${unread.length} processes could not be read`);
}
