import { readFileSync, rmSync } from 'node:fs';
import type { SignIn } from '../shared/bridge/contract.ts';
import { readSignInFile } from '../shared/phone/sign-in-link.ts';

/** Reads a prepared sign-in and removes the file, whatever was in it. Without extension and password it signs nobody in. */
export function takeSignInFile(path: string | null): SignIn | null {
  if (path === null) return null;
  try {
    const draft = readSignInFile(readFileSync(path, 'utf8'));
    if (draft === null || draft.extension === '' || draft.password === '') return null;
    const { server, extension, password, domain, webSocketUrl, pbx } = draft;
    return {
      server,
      extension,
      password,
      ...(domain === '' ? {} : { domain }),
      ...(webSocketUrl === '' ? {} : { webSocketUrl }),
      ...(pbx === null ? {} : { pbx }),
    };
  } catch {
    return null;
  } finally {
    rmSync(path, { force: true });
  }
}
