/** A text as one searches for it: without case, accents and invisible characters. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss');
}

/** The words of what was typed into a search field, folded. */
export function searchWords(search: string): readonly string[] {
  return foldText(search)
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Whether every word stands somewhere in one of the texts; no words are found everywhere. */
export function hasWords(words: readonly string[], texts: readonly string[]): boolean {
  if (words.length === 0) return true;
  const folded = texts.map(foldText).join(' ');
  const digits = texts.map((text) => text.replace(/\D/g, '')).join(' ');
  return words.every((word) => folded.includes(word) || hasDigits(word, digits));
}

/** A number is found however it is written: `030/12-34` in `+49 30 1234`. */
function hasDigits(word: string, digits: string): boolean {
  if (!/^[+\d().\/-]+$/.test(word)) return false;
  const wanted = word.replace(/\D/g, '').replace(/^0+/, '');
  return wanted.length >= 2 && digits.includes(wanted);
}
