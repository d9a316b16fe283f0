import type { RTCSession } from 'jssip/lib/RTCSession';
import { describe, expect, it } from 'vitest';
import { checkDialog } from '../../../../renderer/sip/dialog-check.ts';

interface Handlers {
  onDialogError(response?: unknown): void;
}

/** Checks a call of which the server answers this. @returns what was asked, and whether the call counts as unknown there */
function check(answer: unknown, established = true) {
  const asked: string[] = [];
  let unknown = false;
  const session = {
    isEstablished: () => established,
    sendRequest: (method: string, { eventHandlers }: { eventHandlers: Handlers }) => {
      asked.push(method);
      if (answer !== 'nothing') eventHandlers.onDialogError(answer);
    },
  };
  checkDialog(session as unknown as RTCSession, () => (unknown = true));
  return { asked, unknown };
}

describe('a call over a new connection', () => {
  it('is asked after, and unknown to a server that says so', () => {
    expect(check({ status_code: 481 })).toEqual({ asked: ['OPTIONS'], unknown: true });
  });

  it.each([[{ status_code: 408 }], ['nothing'], [undefined]])('goes on after %j', (answer) => {
    expect(check(answer)).toEqual({ asked: ['OPTIONS'], unknown: false });
  });

  it('that was never answered is not asked after', () => {
    expect(check({ status_code: 481 }, false)).toEqual({ asked: [], unknown: false });
  });
});
