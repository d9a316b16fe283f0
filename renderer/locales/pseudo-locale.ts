const ACCENTS: Readonly<Record<string, string>> = {
  a: 'á',
  b: 'ƀ',
  c: 'ç',
  d: 'ḓ',
  e: 'é',
  f: 'ƒ',
  g: 'ğ',
  h: 'ħ',
  i: 'í',
  j: 'ĵ',
  k: 'ķ',
  l: 'ŀ',
  m: 'ɱ',
  n: 'ñ',
  o: 'ó',
  p: 'þ',
  q: 'ɋ',
  r: 'ř',
  s: 'š',
  t: 'ŧ',
  u: 'ú',
  v: 'ṽ',
  w: 'ŵ',
  x: 'ẋ',
  y: 'ý',
  z: 'ž',
  A: 'Á',
  B: 'Ɓ',
  C: 'Ç',
  D: 'Ḓ',
  E: 'É',
  F: 'Ƒ',
  G: 'Ğ',
  H: 'Ħ',
  I: 'Í',
  J: 'Ĵ',
  K: 'Ķ',
  L: 'Ŀ',
  M: 'Ɱ',
  N: 'Ñ',
  O: 'Ó',
  P: 'Þ',
  Q: 'Ɋ',
  R: 'Ř',
  S: 'Š',
  T: 'Ŧ',
  U: 'Ú',
  V: 'Ṽ',
  W: 'Ŵ',
  X: 'Ẋ',
  Y: 'Ý',
  Z: 'Ž',
};

/**
 * A language for testers: every message a third longer, accented and in brackets. What is not in brackets on the screen did not come
 * from the messages; what is cut would be cut in German.
 */
export function pseudoMessage(message: string): string {
  const spoken = accentOutsideArguments(message);
  const letters = message.replace(/\{[^{}]*\}/g, '').length;
  return `[${spoken}${' ·'.repeat(Math.ceil(letters / 6))}]`;
}

export function pseudoMessages<Ids extends string>(
  messages: Readonly<Record<Ids, string>>,
): Record<Ids, string> {
  const result: Record<Ids, string> = { ...messages };
  for (const id in messages) result[id] = pseudoMessage(messages[id]);
  return result;
}

/** ICU arguments, plural keywords and tags stay as they are; only text that is shown is accented. */
function accentOutsideArguments(message: string): string {
  let depth = 0;
  let out = '';
  for (const character of message) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    // An odd depth is inside an argument, an even one (0, or a plural's branch) is shown.
    out += depth % 2 === 0 && character !== '}' ? (ACCENTS[character] ?? character) : character;
  }
  return out;
}
