import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../../build/project-root.ts';
import { runCommand } from '../../../build/process/run-command.ts';
import { ordinaryUser } from '../../../build/setup/ordinary-user.ts';
import { prepareApp } from '../kit/packed-app.ts';
import type { BenchPart } from './part.ts';
import { partResultSchema, type PartResult } from './result.ts';

const RUN_PART = ['tests', 'bench', 'frame', 'run-part.ts'];
const SESSION = ['tests', 'e2e', 'desktop', 'session', 'run-in-session.ts'];

/** Runs a part in a process of its own. Never rejects: a process that dies is a part that failed. */
export async function runPart(part: BenchPart): Promise<PartResult> {
  const reason = part.unavailable();
  if (reason !== null) return { kind: 'unavailable', part: part.name, reason };
  try {
    return part.where === 'desktop' ? await runOnDesktop(part) : await runHere(part);
  } catch (error) {
    return failed(part, error instanceof Error ? error.message : String(error));
  }
}

async function runHere(part: BenchPart): Promise<PartResult> {
  const folder = mkdtempSync(join(tmpdir(), 'parkline-bench-'));
  try {
    const file = join(folder, 'result.json');
    const program = join(projectRoot, ...RUN_PART);
    const { code } = await runCommand(process.execPath, [program, part.name, file], {
      output: 'show',
    });
    return readResult(part, file, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Root has no sandbox to measure: the part becomes an ordinary user, on a desktop made for the occasion. */
async function runOnDesktop(part: BenchPart): Promise<PartResult> {
  const app = await prepareApp();
  if (app.kind === 'unavailable') {
    return { kind: 'unavailable', part: part.name, reason: app.reason };
  }
  const user = await ordinaryUser();
  try {
    const inside = (...path: readonly string[]): string => join(user.root, ...path);
    const file = join(user.scratch, 'result.json');
    const node = inside('node_modules', '.bin', 'node');
    const run = [node, inside(...SESSION), node, inside(...RUN_PART), part.name, file];
    const [command = '', ...args] = [...user.prefix, ...run];
    const { code } = await runCommand(command, args, {
      cwd: user.root,
      output: 'show',
      env: { TMPDIR: user.scratch },
    });
    return readResult(part, file, code);
  } finally {
    user.dispose();
  }
}

function readResult(part: BenchPart, file: string, code: number): PartResult {
  try {
    return partResultSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return failed(part, `its process ended with ${code} and left no result`);
  }
}

const failed = (part: BenchPart, reason: string): PartResult => ({
  kind: 'failed',
  part: part.name,
  reason,
});
