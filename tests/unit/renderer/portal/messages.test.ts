import { describe, expect, it } from 'vitest';
import arabic from '../../../../renderer/locales/portal/ar.json' with { type: 'json' };
import english from '../../../../renderer/locales/portal/en.json' with { type: 'json' };
import german from '../../../../renderer/locales/portal/de.json' with { type: 'json' };
import { pseudoMessages } from '../../../../renderer/locales/pseudo-locale.ts';
import { createIntl } from 'react-intl';
import { ADMIN_ERRORS } from '../../../../shared/config/admin/error-codes.ts';
import { illFormed, otherArguments } from '../message-faults.ts';

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
    expect(otherArguments(messages, english)).toEqual([]);
  });

  it('are all well-formed, in every language', () => {
    for (const messages of [english, german, { ...english, ...arabic }]) {
      expect(illFormed(createIntl({ locale: 'en', messages }), english)).toEqual([]);
    }
  });
});
