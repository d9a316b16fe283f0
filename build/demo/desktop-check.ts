import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** Whether phones can be opened on this desktop; when not, why, and the one command that would mend it. */
export type DesktopCheck =
  | { readonly kind: 'ready' }
  | { readonly kind: 'impossible'; readonly reason: string; readonly mend: string };

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const surroundings = (): Surroundings => ({
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  env: process.env,
});

/** What can be said before anything is started. */
export function checkSurroundings({ platform, isRoot, env }: Surroundings): DesktopCheck {
  if (platform !== 'linux') return { kind: 'ready' };
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) {
    return {
      kind: 'impossible',
      reason: 'there is no display here',
      mend: 'DISPLAY=:0 npm start      # from a terminal of the desktop, or with its display named',
    };
  }
  if (isRoot) {
    return {
      kind: 'impossible',
      reason: 'Chromium has no sandbox for root, and we do not switch it off',
      mend: 'su - YOUR-NAME -c "cd THIS-FOLDER && npm start"',
    };
  }
  return { kind: 'ready' };
}

const LIMIT_MS = 20_000;
const selfTestAnswer = z.object({ ok: z.boolean(), sandboxed: z.boolean(), electron: z.string() });

/** Starts the packed app once, with its sandbox on and without a window, and reads what it says of itself. */
export async function testLaunch(executable: string): Promise<DesktopCheck> {
  const folder = mkdtempSync(join(tmpdir(), 'parkline-self-test-'));
  try {
    const { code, out, err } = await launch(executable, folder);
    const answer = out.split('\n').flatMap(readAnswer)[0];
    if (code === 0 && answer?.ok === true) return { kind: 'ready' };
    return explainFailure(executable, err, answer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readAnswer(line: string): z.infer<typeof selfTestAnswer>[] {
  if (!line.startsWith('{')) return [];
  try {
    const checked = selfTestAnswer.safeParse(JSON.parse(line));
    return checked.success ? [checked.data] : [];
  } catch {
    return [];
  }
}

interface LaunchEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function launch(executable: string, folder: string): Promise<LaunchEnd> {
  const child = spawn(executable, ['--self-test', '--profile', 'self-test'], {
    env: { ...process.env, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString('utf8')));
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString('utf8')));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 127, out, err: error.message }));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** Chromium's own words for what is missing, and what a person can do about each. */
export function explainFailure(
  executable: string,
  printed: string,
  answer?: { readonly sandboxed: boolean },
): DesktopCheck {
  const helper = join(dirname(executable), 'chrome-sandbox');
  const library = /error while loading shared libraries: (\S+):/.exec(printed)?.[1];
  if (library !== undefined) {
    return {
      kind: 'impossible',
      reason: `the system library ${library} is missing`,
      mend: 'sudo apt-get install libgtk-3-0 libnss3 libgbm1 libasound2',
    };
  }
  if (/SUID sandbox helper|No usable sandbox/i.test(printed) || answer?.sandboxed === false) {
    return {
      kind: 'impossible',
      reason: 'this system lets no ordinary program build a sandbox',
      mend: `sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}' && npm start`,
    };
  }
  if (/Missing X server|cannot open display|Failed to connect to Wayland/i.test(printed)) {
    return {
      kind: 'impossible',
      reason: 'the display does not let us in',
      mend: 'DISPLAY=:0 npm start      # from a terminal of the desktop',
    };
  }
  const last = printed.trim().split('\n').at(-1) ?? '';
  return {
    kind: 'impossible',
    reason: `the test start of the desktop app failed${last === '' ? '' : ` (${last})`}`,
    mend: `'${executable}' --self-test      # shows why`,
  };
}
