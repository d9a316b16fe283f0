import { readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import type { SignIn } from '../shared/bridge/contract.ts';

const signInSchema: z.ZodType<SignIn> = z.object({
  server: z.string().min(1).max(300),
  extension: z.string().min(1).max(64),
  password: z.string().min(1).max(300),
  domain: z.string().max(253).optional(),
});

/** Reads a prepared sign-in and removes the file, whatever was in it. */
export function takeSignInFile(path: string | null): SignIn | null {
  if (path === null) return null;
  try {
    const checked = signInSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return checked.success ? checked.data : null;
  } catch {
    return null;
  } finally {
    rmSync(path, { force: true });
  }
}
