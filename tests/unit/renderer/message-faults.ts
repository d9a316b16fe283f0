import type { IntlShape } from 'react-intl';

type Messages = Readonly<Record<string, string>>;

const argumentsOf = (message: string) =>
  [...new Set([...message.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1]))].sort();

/** The messages that take other arguments than the English ones of the same name. */
export function otherArguments(messages: Messages, english: Messages): readonly string[] {
  return Object.entries(messages)
    .filter(
      ([id, message]) => String(argumentsOf(message)) !== String(argumentsOf(english[id] ?? '')),
    )
    .map(([id, message]) => `${id}: ${message}`);
}

/** Which messages cannot be said with what the English ones take: a bracket is missing, or a plural's `other`. */
export function illFormed(intl: IntlShape, english: Messages): readonly string[] {
  const names = new Set(Object.values(english).flatMap(argumentsOf));
  const values = Object.fromEntries([...names].map((name) => [name, 2]));
  return Object.keys(intl.messages).filter((id) => intl.formatMessage({ id }, values) === id);
}
