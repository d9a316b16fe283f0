import { text } from 'node:stream/consumers';
import type { Terminal } from './command.ts';

/** The terminal of this process. */
export const processTerminal: Terminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  readInput: () => text(process.stdin),
  onStop(run) {
    process.on('SIGTERM', run);
    process.on('SIGINT', run);
  },
};
