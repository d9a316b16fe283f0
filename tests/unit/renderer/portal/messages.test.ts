import { describe, expect, it } from 'vitest';
import arabic from '../../../../renderer/locales/portal/ar.json' with { type: 'json' };
import english from '../../../../renderer/locales/portal/en.json' with { type: 'json' };
import german from '../../../../renderer/locales/portal/de.json' with { type: 'json' };
import { pseudoMessages } from '../../../../renderer/locales/pseudo-locale.ts';
import { createIntl } from 'react-intl';
import { ADMIN_ERRORS } from '../../../../shared/config/admin/error-codes.ts';

const argumentsOf = (message: string) =>
  [...new Set([...message.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1]))].sort();

describe('the messages of the portal', () => {
  it('say everything in German that they say in English', () => {
    expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
  });

  it('have a sentence for everything that the Admin API refuses', () => {
    const missing = Object.keys(ADMIN_ERRORS).filter((code) => !(`error.${code}` in english));
    expect(missing).toEqual([]);
  });

  it.each([
    ['German', german],
    ['Arabic', arabic],
    ['the pseudo-locale', pseudoMessages(english)],
  ] as const)('take the same arguments in %s', (_name, messages) => {
    const wrong = Object.entries(messages).filter(
      ([id, message]) =>
        String(argumentsOf(message)) !==
        String(argumentsOf(new Map(Object.entries(english)).get(id) ?? '')),
    );
    expect(wrong).toEqual([]);
  });

  it('are all well-formed, in every language', () => {
    const values = Object.fromEntries(
      [...new Set(Object.values(english).flatMap(argumentsOf))].map((name) => [name, 2]),
    );
    for (const messages of [english, german, { ...english, ...arabic }]) {
      const intl = createIntl({ locale: 'en', messages });
      for (const id of Object.keys(messages)) {
        expect(intl.formatMessage({ id }, values)).not.toBe(id);
      }
    }
  });
});
