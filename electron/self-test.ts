import { readFileSync } from 'node:fs';
import type { WebContents } from 'electron';
import { isSandboxedProcess } from './self-test-status.ts';

/** What `--self-test` says on standard output, as one line of JSON. */
export interface SelfTest {
  readonly ok: boolean;
  readonly electron: string;
  readonly chromium: string;
  /** Linux: the page's process runs under a seccomp filter, and may gain no rights. Elsewhere what Electron was told. */
  readonly sandboxed: boolean;
  readonly page: string;
}

/** Looks at the page that was just loaded. */
export function selfTest(contents: WebContents): SelfTest {
  const sandboxed =
    process.platform !== 'linux' || isSandboxedProcess(readStatus(contents.getOSProcessId()));
  const page = contents.getURL();
  return {
    ok: sandboxed && page !== '',
    electron: process.versions['electron'] ?? '',
    chromium: process.versions['chrome'] ?? '',
    sandboxed,
    page,
  };
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
