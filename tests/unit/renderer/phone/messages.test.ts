import { describe, expect, it } from 'vitest';
import arabic from '../../../../renderer/locales/ar.json' with { type: 'json' };
import english from '../../../../renderer/locales/en.json' with { type: 'json' };
import german from '../../../../renderer/locales/de.json' with { type: 'json' };
import { pseudoMessage, pseudoMessages } from '../../../../renderer/locales/pseudo-locale.ts';
import { chooseLanguage, makeIntl } from '../../../../renderer/phone/intl.ts';
import { illFormed, otherArguments } from '../message-faults.ts';

describe('the messages', () => {
  it.each([
    ['German', german],
    ['Arabic', arabic],
  ] as const)('say everything in %s that they say in English', (_name, messages) => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(english).sort());
  });

  it.each([
    ['German', german],
    ['Arabic', arabic],
    ['the pseudo-locale', pseudoMessages(english)],
  ] as const)('take the same arguments in %s', (_name, messages) => {
    expect(otherArguments(messages, english)).toEqual([]);
  });

  it('are all well-formed, in every language', () => {
    for (const [language, messages] of [
      ['en', english],
      ['de', german],
      ['ar', arabic],
      ['en-XA', pseudoMessages(english)],
    ] as const) {
      expect(illFormed(makeIntl(language, messages), english)).toEqual([]);
    }
  });
});

describe('the pseudo-locale', () => {
  it('accents and lengthens what is shown and leaves arguments alone', () => {
    expect(pseudoMessage('Park on {slot}')).toBe('[Þářķ óñ {slot} · ·]');
  });

  it('leaves plural rules in place', () => {
    const message = '{count, plural, one {# call} other {# calls}}';
    expect(pseudoMessage(message)).toContain('{count, plural, one {# çáŀŀ} other {# çáŀŀš}}');
  });
});

describe('choosing a language', () => {
  it('takes the first that there is, else English', () => {
    expect(chooseLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(chooseLanguage(['fr'])).toBe('en');
  });
});
