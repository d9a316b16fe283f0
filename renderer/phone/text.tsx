import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { IntlShape } from 'react-intl';
import english from '../locales/en.json';
import {
  languageInfo,
  loadMessages,
  makeIntl,
  type Language,
  type MessageId,
  type Messages,
  type MessageValues,
} from './intl.ts';

interface Words {
  readonly intl: IntlShape;
  readonly language: Language;
}

const WordsContext = createContext<Words>({ intl: makeIntl('en', english), language: 'en' });

/** Gives the screen its language, its direction and React Aria's own words in it. */
export function WordsProvider({
  language,
  children,
}: {
  readonly language: Language;
  readonly children: ReactNode;
}) {
  const [loaded, setLoaded] = useState<{
    readonly language: Language;
    readonly messages: Messages;
  }>({ language: 'en', messages: english });
  useEffect(() => {
    let current = true;
    void loadMessages(language).then((messages) => {
      if (current) setLoaded({ language, messages });
    });
    return () => {
      current = false;
    };
  }, [language]);
  const words = useMemo(
    () => ({ intl: makeIntl(loaded.language, loaded.messages), language: loaded.language }),
    [loaded],
  );
  const { locale, direction } = languageInfo(words.language);
  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dir = direction;
  }, [locale, direction]);
  return (
    <WordsContext value={words}>
      <I18nProvider locale={locale}>{children}</I18nProvider>
    </WordsContext>
  );
}

export type Say = (id: MessageId, values?: MessageValues) => string;

export function sayer(intl: IntlShape): Say {
  return (id, values) =>
    intl.formatMessage({ id }, values === undefined ? undefined : { ...values });
}

/** The screen's one way to text. */
export function useSay(): Say {
  const { intl } = useContext(WordsContext);
  return useMemo(() => sayer(intl), [intl]);
}

export function useIntlShape(): IntlShape {
  return useContext(WordsContext).intl;
}
