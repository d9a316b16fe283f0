#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { compiledFolder } from './compiled-folder.mjs';

// Half of a start is reading the program: what was compiled once is kept, for this user alone. Without a place for it all goes on as before.
const compiled = compiledFolder();
if (compiled !== undefined) {
  enableCompileCache(compiled);
  // Our threads and processes look for it here; without it each loads, and keeps, the compiler that strips types.
  process.env['NODE_COMPILE_CACHE'] ??= compiled;
}

// Whoever reads our words may have enough of them, as `head` has: that is no failure. A full disk is one, but ends no server.
let unheard = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    unheard = true;
    process.exitCode ||= 1;
  });
}

const { processTerminal } = await import('./cli/process-terminal.ts');
const { runCli } = await import('./cli/run-cli.ts');

const status = await runCli(process.argv.slice(2), processTerminal);
process.exitCode = status === 0 && unheard ? 1 : status;
