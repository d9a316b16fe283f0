import { createIntl, createIntlCache, type IntlShape } from 'react-intl';
import english from '../locales/en.json';
import { pseudoMessages } from '../locales/pseudo-locale.ts';

/** Every text of the screen has a name here; the English file is the list of them. */
export type MessageId = keyof typeof english;
export type Messages = Readonly<Record<MessageId, string>>;
export type MessageValues = Readonly<
  Record<string, string | number | boolean | Date | null | undefined>
>;

export type Language = 'en' | 'de' | 'ar' | 'en-XA';

export interface LanguageInfo {
  readonly language: Language;
  /** In its own language. */
  readonly label: string;
  readonly direction: 'ltr' | 'rtl';
  /** BCP 47 tag for numbers, times and React Aria's own words. */
  readonly locale: string;
}

/** A further language is a file in `locales/` and a line here. */
export const LANGUAGES: readonly LanguageInfo[] = [
  { language: 'en', label: 'English', direction: 'ltr', locale: 'en-US' },
  { language: 'de', label: 'Deutsch', direction: 'ltr', locale: 'de-DE' },
  { language: 'ar', label: 'العربية', direction: 'rtl', locale: 'ar-AE' },
  { language: 'en-XA', label: '[Ƥşḗŭḓǿ]', direction: 'ltr', locale: 'en-US' },
];

const FALLBACK: LanguageInfo = {
  language: 'en',
  label: 'English',
  direction: 'ltr',
  locale: 'en-US',
};

export function languageInfo(language: Language): LanguageInfo {
  return LANGUAGES.find((each) => each.language === language) ?? FALLBACK;
}

/** The best of our languages for the user's list, e.g. `navigator.languages`. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.split('-')[0]?.toLowerCase();
    const found =
      LANGUAGES.find(({ language }) => language === tag) ??
      LANGUAGES.find(({ language }) => language === base);
    if (found !== undefined) return found.language;
  }
  return 'en';
}

/** Messages of a language; what a file lacks is shown in English rather than as a name. */
export async function loadMessages(language: Language): Promise<Messages> {
  switch (language) {
    case 'en':
      return english;
    case 'de':
      return { ...english, ...(await import('../locales/de.json')).default };
    case 'ar':
      return { ...english, ...(await import('../locales/ar.json')).default };
    case 'en-XA':
      return pseudoMessages(english);
  }
}

export function makeIntl(language: Language, messages: Messages): IntlShape {
  return createIntl(
    { locale: languageInfo(language).locale, messages: { ...messages } },
    createIntlCache(),
  );
}
