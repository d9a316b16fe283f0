import type { Refusal } from '../calls/incoming-invite.ts';

/** Everything the server can say; each is one WAV file of a language's folder. */
export const PHRASES = [
  'digit-0',
  'digit-1',
  'digit-2',
  'digit-3',
  'digit-4',
  'digit-5',
  'digit-6',
  'digit-7',
  'digit-8',
  'digit-9',
  'parked-on',
  'nobody-answered',
  'no-such-extension',
  'extension-incomplete',
  'no-call-to-park',
  'no-free-slot',
  'no-park-group',
  'no-member-free',
  'already-parking',
  'nothing-parked',
  'already-taken',
  'caller-hung-up',
  'not-permitted',
  'try-again-later',
  'did-not-work',
] as const;

export type Phrase = (typeof PHRASES)[number];

export function isPhrase(text: string): text is Phrase {
  return PHRASES.some((phrase) => phrase === text);
}

/** A number digit by digit, as people read extensions to each other; what is no digit is left out. */
export function spokenDigits(number: string): readonly Phrase[] {
  return [...number].map((digit) => `digit-${digit}`).filter(isPhrase);
}

/** Refusals whose status alone does not say enough to a listener; by the text that goes into `Reason`. */
const BY_TEXT: ReadonlyMap<string, Phrase> = new Map([
  ['No such extension', 'no-such-extension'],
  ['No call to park', 'no-call-to-park'],
  ['No park group', 'no-park-group'],
  ['No call parked', 'nothing-parked'],
  ['Caller hung up', 'caller-hung-up'],
  ['No member of the group has room', 'no-member-free'],
]);

/** What is said of a refused park, retrieve or snooze (WIRE.md §8). */
export function phraseOfRefusal({ status, text }: Refusal): Phrase {
  const exact = BY_TEXT.get(text);
  if (exact !== undefined) return exact;
  switch (status) {
    case 403:
      return 'not-permitted';
    case 404:
    case 481:
      return 'nothing-parked';
    case 410:
      return 'already-taken';
    case 484:
      return 'extension-incomplete';
    case 486:
      return 'no-free-slot';
    case 491:
      return 'already-parking';
    case 503:
      return 'try-again-later';
    default:
      return 'did-not-work';
  }
}
