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

/** What is wrong with a display name, in words; `null` when it will do. It may be empty. */
export function checkDisplayName(name: string): string | null {
  if (name.length > MAX_NAME) return `the name is longer than ${MAX_NAME} characters`;
  return CONTROL.test(name) ? 'the name contains a control character' : null;
}
