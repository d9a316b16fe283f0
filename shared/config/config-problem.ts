import type { z } from 'zod';

/** One thing that is wrong in a configuration, for the person who wrote it. */
export interface ConfigProblem {
  /** Where, as written: `recall.timerMs`, `listen[1]`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** The problems of a failed parse, in the order of the file. */
export function problemsOf(error: z.ZodError): readonly ConfigProblem[] {
  return error.issues.map((issue) => ({ path: pathText(issue.path), message: issue.message }));
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
