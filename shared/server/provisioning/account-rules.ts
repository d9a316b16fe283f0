/** Longest password and name, in characters. */
const MAX_PASSWORD = 128;
const MAX_NAME = 64;

const CONTROL = /[\u0000-\u001f\u007f]/;

/** What is wrong with a password, in words; `null` when it will do. */
export function checkPassword(password: string): string | null {
  if (password === '') return 'the password is missing';
  if (password.length > MAX_PASSWORD)
    return `the password is longer than ${MAX_PASSWORD} characters`;
  return CONTROL.test(password) ? 'the password contains a control character' : null;
}

/** Names of tenants are typed on command lines and stand in digest realms. */
export function isTenantName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(name);
}

/** A host name in lower case (RFC 1123 §2.1), or an IP address; IPv6 without brackets. */
export function isDomain(domain: string): boolean {
  if (domain.length > 253) return false;
  const name = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
  return name.test(domain) || /^[0-9a-f:.]*:[0-9a-f:.]*$/.test(domain);
}

/** What is wrong with a display name, in words; `null` when it will do. It may be empty. */
export function checkDisplayName(name: string): string | null {
  if (name.length > MAX_NAME) return `the name is longer than ${MAX_NAME} characters`;
  return CONTROL.test(name) ? 'the name contains a control character' : null;
}
