import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { createIntl, createIntlCache, type IntlShape } from 'react-intl';
import { languageInfo, type Language } from '../phone/intl.ts';
import {
  englishMessages,
  loadPortalMessages,
  type MessageId,
  type MessageValues,
  type PortalMessages,
} from './messages.ts';
import type { Problem } from './model/problem.ts';

const WordsContext = createContext<IntlShape>(intlFor('en', englishMessages));

function intlFor(language: Language, messages: PortalMessages): IntlShape {
  const { locale } = languageInfo(language);
  return createIntl({ locale, messages: { ...messages } }, createIntlCache());
}

/** Gives the page its language, its direction and React Aria's own words in it. */
export function PortalWords({
  language,
  children,
}: {
  readonly language: Language;
  readonly children: ReactNode;
}) {
  const [loaded, setLoaded] = useState<{ language: Language; messages: PortalMessages }>({
    language: 'en',
    messages: englishMessages,
  });
  useEffect(() => {
    let current = true;
    void loadPortalMessages(language).then((messages) => {
      if (current) setLoaded({ language, messages });
    });
    return () => {
      current = false;
    };
  }, [language]);
  const intl = useMemo(() => intlFor(loaded.language, loaded.messages), [loaded]);
  const { locale, direction } = languageInfo(loaded.language);
  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dir = direction;
  }, [locale, direction]);
  return (
    <WordsContext value={intl}>
      <I18nProvider locale={locale}>{children}</I18nProvider>
    </WordsContext>
  );
}

export type Say = (id: MessageId, values?: MessageValues) => string;

/** The portal's one way to text. */
export function useSay(): Say {
  const intl = useContext(WordsContext);
  return useMemo(() => (id, values) => intl.formatMessage({ id }, { ...values }), [intl]);
}

/** Says what is wrong; `null` when nothing is. */
export function useProblemWords(): (problem: Problem | null | undefined) => string | null {
  const say = useSay();
  return (problem) => (problem ? say(problem.id, problem.values) : null);
}

/** Dates, times and sizes as the reader writes them. */
export function useFormats() {
  const intl = useContext(WordsContext);
  return useMemo(
    () => ({
      time: (at: number) => intl.formatTime(at, { timeStyle: 'medium' }),
      dateTime: (at: number) => intl.formatDate(at, { dateStyle: 'medium', timeStyle: 'medium' }),
      number: (value: number) => intl.formatNumber(value),
      megabytes: (bytes: number) =>
        intl.formatNumber(bytes / 1_000_000, {
          style: 'unit',
          unit: 'megabyte',
          maximumFractionDigits: 1,
        }),
      seconds: (ms: number) =>
        intl.formatNumber(Math.round(ms / 100) / 10, { style: 'unit', unit: 'second' }),
    }),
    [intl],
  );
}
