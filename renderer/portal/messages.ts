import english from '../locales/portal/en.json';
import { pseudoMessages } from '../locales/pseudo-locale.ts';
import type { Language } from '../phone/intl.ts';

/** Every text of the portal has a name here; the English file is the list of them. */
export type MessageId = keyof typeof english;
export type PortalMessages = Readonly<Record<MessageId, string>>;
export type MessageValues = Readonly<Record<string, string | number | boolean | Date>>;

export const englishMessages: PortalMessages = english;

export function isMessageId(text: string): text is MessageId {
  return Object.hasOwn(english, text);
}

/** Messages of a language; what a file lacks is shown in English rather than as a name. */
export async function loadPortalMessages(language: Language): Promise<PortalMessages> {
  switch (language) {
    case 'en':
      return english;
    case 'de':
      return { ...english, ...(await import('../locales/portal/de.json')).default };
    case 'ar':
      return { ...english, ...(await import('../locales/portal/ar.json')).default };
    case 'en-XA':
      return pseudoMessages(english);
  }
}
