import { URI } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import { describe, expect, it } from 'vitest';
import { refer, referRequest } from '../../../../renderer/sip/refer.ts';

type Handlers = Record<string, (event: unknown) => void>;

/** The part of a JsSIP session that REFER goes through. */
function sessionThat(answers: (handlers: Handlers) => unknown) {
  const sent: { headers: readonly string[] }[] = [];
  const session = {
    refer(_target: unknown, options: { eventHandlers: Handlers; extraHeaders: string[] }) {
      sent.push({ headers: options.extraHeaders });
      return answers(options.eventHandlers);
    },
  };
  return { session: session as unknown as RTCSession, sent };
}

function run(answers: (handlers: Handlers) => unknown, note: string | null = null) {
  const said: unknown[] = [];
  const { session, sent } = sessionThat(answers);
  refer(
    session,
    { target: new URI('sip', '*68102', 'pbx.test'), note, replaces: null },
    {
      accepted: () => said.push('accepted'),
      succeeded: (receipt) => said.push({ receipt }),
      failed: (final) => said.push(final),
    },
  );
  return { said, sent };
}

const notify = (body: string) => ({ request: { body } });

describe('REFER', () => {
  it('is not done when it is accepted, only when the final NOTIFY says so', () => {
    const { said } = run((handlers) => {
      handlers['requestSucceeded']?.({});
      return true;
    });
    expect(said).toEqual(['accepted']);
  });

  it('reads where the call was parked from the final sipfrag', () => {
    const id = 'a'.repeat(26);
    const body = `SIP/2.0 200 OK\r\nX-Park-Id: ${id}\r\nX-Park-Slot: 103\r\nX-Park-Retrieve: *88103\r\n`;
    const { said } = run((handlers) => {
      handlers['accepted']?.(notify(body));
      return true;
    });
    expect(said).toEqual([{ receipt: { parkId: id, slot: '103', retrieveCode: '*88103' } }]);
  });

  it('tells why the final NOTIFY refused, by its Reason', () => {
    const { said } = run((handlers) => {
      const reason = 'Reason: SIP;cause=486;text="Slot full"';
      handlers['failed']?.(notify(`SIP/2.0 486 Busy Here\r\n${reason}\r\n`));
      return true;
    });
    expect(said).toEqual([{ status: 486, phrase: 'Busy Here', reasonText: 'Slot full' }]);
  });

  it('tells the status of a refused REFER', () => {
    const response = { status_code: 404, reason_phrase: 'Not Found', getHeader: () => undefined };
    const { said } = run((handlers) => {
      handlers['requestFailed']?.({ response });
      return true;
    });
    expect(said).toEqual([{ status: 404, phrase: 'Not Found', reasonText: null }]);
  });

  it('counts as failed when the session does not take it: false, or an exception', () => {
    expect(run(() => false).said).toEqual([{ status: 0, phrase: '', reasonText: null }]);
    const thrown = run(() => {
      throw new TypeError('Invalid target');
    });
    expect(thrown.said).toEqual([{ status: 0, phrase: '', reasonText: null }]);
  });

  it('carries a note, percent-encoded and at most 200 characters long', () => {
    expect(run(() => true, '  wants invoice 4711 ').sent[0]?.headers).toEqual([
      'X-Park-Note: wants%20invoice%204711',
    ]);
    const long = run(() => true, 'ä'.repeat(300)).sent[0]?.headers[0] ?? '';
    expect(decodeURIComponent(long.replace('X-Park-Note: ', ''))).toHaveLength(200);
    expect(run(() => true, '   ').sent[0]?.headers).toEqual([]);
  });
});

describe('where a call is to be sent', () => {
  const other = {
    remote_identity: { uri: new URI('sip', '105', 'pbx.test') },
  } as unknown as RTCSession;
  const line = {
    domain: 'pbx.test',
    dialogOf: (call: string) => (call === 'there' ? other : null),
  };
  const asText = (target: Parameters<typeof referRequest>[0]) => {
    const request = referRequest(target, line);
    return request === null ? null : { ...request, target: request.target.toString() };
  };

  it('is the park code with its note, what was dialled, or the dialog it takes the place of', () => {
    expect(asText({ kind: 'park', code: '*68102', note: 'VIP' })).toEqual({
      target: 'sip:*68102@pbx.test',
      note: 'VIP',
      replaces: null,
    });
    expect(asText({ kind: 'blind', number: '103' })).toEqual({
      target: 'sip:103@pbx.test',
      note: null,
      replaces: null,
    });
    expect(asText({ kind: 'attended', other: 'there' })).toEqual({
      target: 'sip:105@pbx.test',
      note: null,
      replaces: other,
    });
  });

  it('is nowhere when the number is none or the other call is over', () => {
    expect(asText({ kind: 'blind', number: 'two words' })).toBeNull();
    expect(asText({ kind: 'attended', other: 'gone' })).toBeNull();
  });
});
