import { describe, expect, it } from 'vitest';
import { PhoneLog } from '../../../../../renderer/phone/features/diagnostics/phone-log.ts';
import { writeReport } from '../../../../../renderer/phone/features/diagnostics/report.ts';
import { epochMs } from '../../../../../shared/domain/ids.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { ScriptedLine } from '../../../../fakes/scripted-line.ts';
import { scriptedPhone } from '../../../../fakes/scripted-phone.ts';

const parts = {
  about: { account: 'sip:101@pbx.test' },
  log: [{ at: epochMs(2_000), text: 'line: offline' }],
  trace: [
    {
      at: epochMs(1_000),
      direction: 'sent' as const,
      text: 'REGISTER sip:pbx.test\r\nAuthorization: Digest response="x"\r\n',
    },
    {
      at: epochMs(3_000),
      direction: 'received' as const,
      text: 'From: "Eva" <sip:0301234567@pbx.test>',
    },
  ],
};

describe('the report', () => {
  it('tells everything in the order in which it happened, without secrets', () => {
    const text = writeReport({ ...parts, numbers: 'kept' });
    expect(text.match(/sent|offline|received/g)).toEqual(['sent', 'offline', 'received']);
    expect(text).toContain('account: sip:101@pbx.test');
    expect(text).toContain('"Eva" <sip:0301234567@pbx.test>');
    expect(text).not.toContain('response="x"');
  });

  it('names nobody if that is wished', () => {
    const text = writeReport({ ...parts, numbers: 'removed' });
    expect(text).not.toMatch(/101@|Eva|0301234567/);
    expect(text).toContain('@pbx.test');
  });
});

describe('the log', () => {
  it('keeps what happened to line and calls in ids and kinds, and no secret', () => {
    const [line, clock] = [new ScriptedLine(), new FakeClock()];
    const phone = scriptedPhone({ line, clock, extension: '101' });
    const log = new PhoneLog(phone, clock);
    line.start();
    const party = { name: 'Eva', number: '0301234567' };
    line.say({ kind: 'call', input: { kind: 'came-in', call: 'c1', party, recall: null } });
    phone.call({ kind: 'hang-up', call: 'c1' });
    log.add('failed: password=hunter2');
    const text = log
      .entries()
      .map((entry) => entry.text)
      .join('\n');
    expect(text).toContain('line: registered');
    expect(text).toContain('call c1: incoming, incoming');
    expect(text).toContain('call c1: ended (declined)');
    expect(text).not.toMatch(/Eva|0301234567|hunter2/);
    log.dispose();
    line.say({ kind: 'state', state: { kind: 'stopped' } });
    expect(log.entries().at(-1)?.text).not.toContain('stopped');
  });
});
