import { userInfo } from 'node:os';
import { join } from 'node:path';

export interface ControlPathOptions {
  readonly platform: NodeJS.Platform;
  readonly profile: string;
  /** `$XDG_RUNTIME_DIR`: a folder that only this user may enter (XDG Base Directory Specification). */
  readonly runtimeFolder: string | undefined;
  /** Folder of the profile, where there is no runtime folder. */
  readonly profileFolder: string;
  readonly userName?: string;
}

/**
 * Where a running phone listens for `parkline-phone`: a socket that only its user may open, or on Windows a named pipe, whose
 * default rights let nobody else write (Microsoft, "Named Pipe Security and Access Rights").
 */
export function controlPath(options: ControlPathOptions): string {
  const { platform, profile, runtimeFolder, profileFolder } = options;
  if (platform === 'win32') {
    const user = (options.userName ?? userInfo().username).replace(/[^\w.-]/g, '_');
    return `\\\\.\\pipe\\parkline-phone-${user}-${profile}`;
  }
  return runtimeFolder === undefined || runtimeFolder === ''
    ? join(profileFolder, 'phone.sock')
    : join(runtimeFolder, `parkline-phone-${profile}.sock`);
}
