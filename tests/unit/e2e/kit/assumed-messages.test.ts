import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('../../../e2e/kit/pbx/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('-messages.ts'));
const textOf = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');

const exported = (text: string): readonly string[] =>
  [...text.matchAll(/^export (?:const|function) (\w+)/gm)].flatMap(([, name]) => name ?? []);

describe('the messages of scripted telephone systems', () => {
  it.each(files)('%s: what is assumed is listed in the README', (name) => {
    const assumed = exported(textOf(name)).filter((each) => each.startsWith('assumed'));
    expect(assumed.filter((each) => !readme.includes(`\`${each}\``))).toEqual([]);
  });

  it('asterisk-messages.ts: whatever is not assumed names the file that it follows', () => {
    const text = textOf('asterisk-messages.ts');
    const known = exported(text).filter((each) => !each.startsWith('assumed'));
    const cited = [...text.matchAll(/\/\*\*(?:(?!\*\/)[^])*\*\/\nexport (?:const|function) (\w+)/g)]
      .filter(([comment]) => /`(?:res|main|configs|pjsip)\/[\w/-]+\.c|see \{@link/.test(comment))
      .flatMap(([, name]) => name ?? []);
    expect(known.filter((each) => !cited.includes(each))).toEqual([]);
  });

  it('portsip-messages.ts: PortSIP publishes no message, so each is assumed', () => {
    const names = exported(textOf('portsip-messages.ts'));
    expect(names.filter((each) => !each.startsWith('assumed'))).toEqual([]);
  });
});
