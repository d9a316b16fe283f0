const LETTERS = ['ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ'];

/**
 * What was typed or pasted as one dials it: separators of written numbers go (`+49 (0)30 1234-5`), `*`, `#` and addresses stay as they
 * are. Letters beside digits are a vanity number and become digits; letters alone are a name and stay.
 */
export function cleanDialled(text: string): string {
  // Invisible characters come along with numbers that are copied from other programs.
  const trimmed = text
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^(?:tel|callto):/i, '');
  if (trimmed.includes('@') || /^sips?:/i.test(trimmed)) return trimmed.replace(/\s+/g, '');
  const bare = trimmed.replace(/\(0\)/g, '').replace(/[\s()./\u00a0\u2010-\u2015-]/g, '');
  return /\d/.test(bare) && /[a-z]/i.test(bare) ? bare.replace(/[a-z]/gi, vanityDigit) : bare;
}

function vanityDigit(letter: string): string {
  const index = LETTERS.findIndex((group) => group.includes(letter.toUpperCase()));
  return index < 0 ? letter : String(index + 2);
}
