/** Longest target that a link may prefill. */
const MAX_TARGET = 200;

/**
 * What a `tel:`, `callto:` or `sip:` link asks to call (RFC 3966, RFC 3261 §19.1), as text for the dialler, or `null` when it may
 * not be used. A link never carries a feature code: what begins with `*` or `#` could park, retrieve or forward with one press of
 * a reader who meant to call a shop.
 */
export function callTargetOfLink(link: string): string | null {
  const match = /^(tel|callto|sips?):(?:\/\/)?([^?]*)/i.exec(link.trim());
  if (match === null) return null;
  const [, scheme = '', rest = ''] = match;
  const decoded = decode(rest.split(';')[0] ?? '');
  if (decoded === null) return null;
  const target = /^sip/i.test(scheme) ? sipTarget(decoded) : phoneNumber(decoded);
  if (target === null || target.length > MAX_TARGET || /[*#]/.test(userPart(target))) return null;
  return target;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const userPart = (target: string): string => target.replace(/^sips?:/, '').split('@')[0] ?? '';

function phoneNumber(text: string): string | null {
  // Visual separators of RFC 3966 §5.1.1; a star or hash is kept so that the caller sees and refuses it.
  const digits = text.replace(/[\s.()-]/g, '');
  return /^\+?[0-9*#]+$/.test(digits) ? digits : null;
}

function sipTarget(text: string): string | null {
  return /^[^\s@<>"]+(?:@[\w.:[\]-]+)?$/.test(text) ? text : null;
}
