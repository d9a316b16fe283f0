/** Reads `/proc/<pid>/status` (proc(5)): 2 is SECCOMP_MODE_FILTER. */
export const isSandboxedProcess = (status: string): boolean =>
  /^Seccomp:\s+2$/m.test(status) && /^NoNewPrivs:\s+1$/m.test(status);
