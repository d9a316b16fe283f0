import type { Session } from 'electron';
import { APP_ORIGIN } from './app-files.ts';

/** Every permission the page may have, each with its reason; whatever is not listed is denied. */
export const allowedPermissions: ReadonlyMap<string, string> = new Map([
  ['media', 'the microphone, for calls; never a camera'],
  ['speaker-selection', 'speaker and ringer are chosen separately'],
  ['clipboard-sanitized-write', 'copies the code that retrieves a parked call'],
]);

export interface PermissionQuestion {
  readonly permission: string;
  readonly origin: string;
  readonly mediaTypes?: readonly string[] | undefined;
}

/** Our own page only, and audio only. */
export function isAllowed(question: PermissionQuestion): boolean {
  if (question.origin.replace(/\/$/, '') !== APP_ORIGIN) return false;
  if (!allowedPermissions.has(question.permission)) return false;
  return !(question.mediaTypes ?? []).some((type) => type !== 'audio');
}

const originOf = (url: string): string => {
  // Node calls the origin of a scheme of our own "null".
  if (!URL.canParse(url)) return '';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
};

/** Installs the table above; devices (HID, serial, USB) and screen capture stay off. */
export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const mediaTypes = 'mediaTypes' in details ? details.mediaTypes : undefined;
    answer(isAllowed({ permission, origin: originOf(details.requestingUrl), mediaTypes }));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => {
    const mediaTypes = details.mediaType === undefined ? undefined : [details.mediaType];
    // Listing devices asks with an unknown type; it names no camera to a page that was never given one.
    const asked = mediaTypes?.filter((type) => type !== 'unknown');
    return isAllowed({ permission, origin: originOf(requestingOrigin), mediaTypes: asked });
  });
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
}
