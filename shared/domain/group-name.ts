/** Longest name of a Call Park group or a ring group, in characters as a person counts them (code points). */
export const MAX_GROUP_NAME = 64;

export type GroupNameProblem = 'name-empty' | 'name-too-long' | 'name-unprintable';

/** Control characters, line separators, halves of a surrogate pair, and what turns the direction of the text after it. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** What is wrong with the name of a group; `null` when it will do. Blanks around it are the caller's to trim. */
export function checkGroupName(name: string): GroupNameProblem | null {
  if (name.trim() === '') return 'name-empty';
  if ([...name].length > MAX_GROUP_NAME) return 'name-too-long';
  return UNPRINTABLE.test(name) ? 'name-unprintable' : null;
}

/** What two names have in common that people take for the same: compare these keys, show the name. */
export function groupNameKey(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}
