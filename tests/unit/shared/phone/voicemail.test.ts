import { describe, expect, it } from 'vitest';
import { readMessageSummary } from '../../../../shared/phone/voicemail.ts';

describe('a message summary', () => {
  it('tells how many wait and what to dial (RFC 3842 §5.2)', () => {
    const body =
      'Messages-Waiting: yes\r\nMessage-Account: sip:*97@pbx.test\r\nVoice-Message: 4/8 (1/2)\r\n';
    expect(readMessageSummary(body)).toEqual({ waiting: true, fresh: 4, old: 8, account: '*97' });
  });

  it.each([
    ['messages-waiting:NO', { waiting: false, fresh: null, old: null, account: null }],
    [
      'Messages-Waiting: yes\nVoice-Message: 2/0',
      { waiting: true, fresh: 2, old: 0, account: null },
    ],
    [
      'Messages-Waiting: yes\nVoice-Message: 99999999999/1',
      { waiting: true, fresh: null, old: null, account: null },
    ],
    [
      'Messages-Waiting: yes\nMessage-Account: <sips:8000@h>',
      { waiting: true, fresh: null, old: null, account: '8000' },
    ],
    [
      'Messages-Waiting: yes\nMessage-Account:',
      { waiting: true, fresh: null, old: null, account: null },
    ],
  ])('may be as short as %j', (body, summary) => {
    expect(readMessageSummary(body)).toEqual(summary);
  });

  it.each(['', 'Voice-Message: 1/0', 'Messages-Waiting: maybe', '<xml/>', 'x'.repeat(100_000)])(
    'is not read from %#',
    (body) => {
      expect(readMessageSummary(body)).toBeNull();
    },
  );
});
