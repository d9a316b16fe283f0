import { describe, expect, it } from 'vitest';
import { cachedDialogInfoWriter } from '../../../../../shared/server/notify/dialog-info-cache.ts';
import { parseDialogInfo } from '../../../../../shared/sip/events/dialog-info-reader.ts';
import type { DialogEntry } from '../../../../../shared/sip/events/dialog-info.ts';
import { textFromBytes } from '../../../../../shared/sip/message/utf8.ts';

const entry = (display: string): DialogEntry => ({
  id: 'a',
  state: { kind: 'confirmed' },
  remote: { identity: { display, uri: 'sip:104@pbx.test' } },
});

function writer() {
  const write = cachedDialogInfoWriter();
  return (...asked: Parameters<typeof write>): string => textFromBytes(write(...asked));
}

function read(text: string) {
  const reading = parseDialogInfo(text);
  if (reading.kind !== 'dialog-info') throw new Error(reading.reason);
  return reading.info;
}

describe('the shared document of equal lists', () => {
  it('differs between subscriptions in its version alone', () => {
    const write = writer();
    const shared = [entry('Client')];
    const [first, second] = [0, 41].map((version) => write('sip:*88@h', version, [...shared]));
    expect(read(first ?? '').version).toBe(0);
    expect(read(second ?? '').version).toBe(41);
    expect(first?.replace('version="0"', '')).toBe(second?.replace('version="41"', ''));
  });

  it('is another one for another list, entity or entry', () => {
    const write = writer();
    expect(read(write('sip:*88@h', 0, [entry('Client')])).dialogs).toHaveLength(1);
    expect(read(write('sip:*88@h', 1, [])).dialogs).toEqual([]);
    expect(read(write('sip:*88102@h', 1, [])).entity).toBe('sip:*88102@h');
    expect(write('sip:*88102@h', 1, [entry('One')])).toContain('display="One"');
    expect(write('sip:*88102@h', 1, [entry('Other')])).toContain('display="Other"');
  });

  it('is written anew when an entry joins those it has', () => {
    const write = writer();
    const [one, two] = [entry('One'), entry('Two')];
    expect(read(write('e', 0, [one])).dialogs).toHaveLength(1);
    expect(read(write('e', 1, [one, two])).dialogs).toHaveLength(2);
    expect(write('e', 2, [two, one]).indexOf('Two')).toBeLessThan(
      write('e', 2, [two, one]).indexOf('One'),
    );
  });

  it('holds names of every script', () => {
    const info = read(writer()('sip:*88@h', 12, [entry('Ångström 東京 😀')]));
    expect(info.dialogs[0]?.remote?.identity?.display).toBe('Ångström 東京 😀');
  });

  it('is not fooled by a caller whose name looks like a version', () => {
    const info = read(writer()('sip:*88@h', 7, [entry(' version="0"')]));
    expect(info.version).toBe(7);
    expect(info.dialogs[0]?.remote?.identity?.display).toBe(' version="0"');
  });
});
