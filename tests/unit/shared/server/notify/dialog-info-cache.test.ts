import { describe, expect, it } from 'vitest';
import { cachedDialogInfoWriter } from '../../../../../shared/server/notify/dialog-info-cache.ts';
import { parseDialogInfo } from '../../../../../shared/sip/events/dialog-info-reader.ts';
import type { DialogEntry } from '../../../../../shared/sip/events/dialog-info.ts';

const entry = (display: string): DialogEntry => ({
  id: 'a',
  state: { kind: 'confirmed' },
  remote: { identity: { display, uri: 'sip:104@pbx.test' } },
});

function read(text: string) {
  const reading = parseDialogInfo(text);
  if (reading.kind !== 'dialog-info') throw new Error(reading.reason);
  return reading.info;
}

describe('the shared document of equal lists', () => {
  it('differs between subscriptions in its version alone', () => {
    const write = cachedDialogInfoWriter();
    const [first, second] = [0, 41].map((version) =>
      write('sip:*88@h', version, [entry('Client')]),
    );
    expect(read(first ?? '').version).toBe(0);
    expect(read(second ?? '').version).toBe(41);
    expect(first?.replace('version="0"', '')).toBe(second?.replace('version="41"', ''));
  });

  it('is another one for another list, entity or parameter', () => {
    const write = cachedDialogInfoWriter();
    expect(read(write('sip:*88@h', 0, [entry('Client')])).dialogs).toHaveLength(1);
    expect(read(write('sip:*88@h', 1, [])).dialogs).toEqual([]);
    expect(read(write('sip:*88102@h', 1, [])).entity).toBe('sip:*88102@h');
    const target = (pvalue: string): DialogEntry => ({
      ...entry('Client'),
      local: { target: { uri: 'sip:x@h', params: new Map([['+sip.rendering', pvalue]]) } },
    });
    expect(write('e', 0, [target('no')])).toContain('pvalue="no"');
    expect(write('e', 0, [target('yes')])).toContain('pvalue="yes"');
  });

  it('is not fooled by a caller whose name looks like a version', () => {
    const write = cachedDialogInfoWriter();
    const info = read(write('sip:*88@h', 7, [entry(' version="0"')]));
    expect(info.version).toBe(7);
    expect(info.dialogs[0]?.remote?.identity?.display).toBe(' version="0"');
  });
});
