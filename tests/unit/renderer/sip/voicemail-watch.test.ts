import type { UA } from 'jssip';
import { beforeEach, describe, expect, it } from 'vitest';
import { VoicemailWatch } from '../../../../renderer/sip/voicemail-watch.ts';
import type { MessageSummary } from '../../../../shared/phone/voicemail.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

let asked: unknown[][];
let said: (MessageSummary | null)[];
let notify: (body: string) => void;
let watch: VoicemailWatch;

beforeEach(() => {
  asked = [];
  said = [];
  const ua = {
    isConnected: () => true,
    subscribe: (...request: unknown[]) => {
      asked.push(request);
      const subscriber = {
        id: null,
        on: (type: string, run: (...values: unknown[]) => void) => {
          if (type === 'notify') notify = (body) => run(false, null, body);
          return subscriber;
        },
        subscribe: () => {},
        terminate: () => {},
      };
      return subscriber;
    },
  };
  watch = new VoicemailWatch({
    ua: ua as unknown as UA,
    clock: new FakeClock(),
    target: 'sip:101@pbx.test',
    dial: '*97',
    say: (summary) => said.push(summary),
  });
  watch.start();
});

describe('the voicemail lamp', () => {
  it('asks for the summary of one’s own box', () => {
    expect(asked[0]?.slice(0, 3)).toEqual([
      'sip:101@pbx.test',
      'message-summary',
      'application/simple-message-summary',
    ]);
  });

  it('says what waits, and what is dialled where the PBX does not say it', () => {
    notify('Messages-Waiting: yes\r\nVoice-Message: 2/1\r\n');
    notify('nonsense');
    notify('Messages-Waiting: no\r\nMessage-Account: sip:8000@pbx.test\r\n');
    expect(said).toEqual([
      { waiting: true, fresh: 2, old: 1, account: '*97' },
      { waiting: false, fresh: null, old: null, account: '8000' },
    ]);
  });

  it('goes out with the connection: nobody knows', () => {
    notify('Messages-Waiting: yes');
    watch.lose();
    expect(said.at(-1)).toBeNull();
  });
});
