import { describe, expect, it } from 'vitest';
import { HeaderTable } from '../../../../../shared/sip/message/header-table.ts';
import {
  anonymousAddress,
  assertedIdentities,
  formatIdentity,
  privacyOf,
} from '../../../../../shared/sip/message/identity.ts';
import { accepts, parseMediaType } from '../../../../../shared/sip/message/media-type.ts';
import {
  formatParkNote,
  formatParkRecall,
  parseParkNote,
  parseParkRecall,
} from '../../../../../shared/sip/message/park-headers.ts';
import { parseReasons, sipReason } from '../../../../../shared/sip/message/reason.ts';
import { readReferTo } from '../../../../../shared/sip/message/refer-to.ts';
import {
  formatReplaces,
  parseReplaces,
  replacesOf,
} from '../../../../../shared/sip/message/replaces.ts';
import {
  formatSessionExpires,
  parseRetryAfter,
  parseSeconds,
  parseSessionExpires,
} from '../../../../../shared/sip/message/seconds.ts';
import { makeUri } from '../../../../../shared/sip/message/uri.ts';

describe('seconds', () => {
  it('are whole and bounded', () => {
    expect([parseSeconds('3600'), parseSeconds('0068'), parseSeconds('9'.repeat(100))]).toEqual([
      3600,
      68,
      2 ** 32 - 1,
    ]);
    expect([
      parseSeconds('-1'),
      parseSeconds('1.5'),
      parseSeconds(''),
      parseSeconds(undefined),
    ]).toEqual(Array(4).fill(undefined));
  });
  it('of Retry-After come without its comment', () => {
    expect(parseRetryAfter('120 (in a meeting);duration=3600')).toBe(120);
    expect(parseRetryAfter('soon')).toBeUndefined();
  });
  it('of Session-Expires come with the refresher', () => {
    expect(parseSessionExpires('90')).toEqual({ seconds: 90, refresher: undefined });
    expect(parseSessionExpires('1800 ; Refresher=UAS')).toEqual({
      seconds: 1800,
      refresher: 'uas',
    });
    expect(formatSessionExpires({ seconds: 90, refresher: 'uac' })).toBe('90;refresher=uac');
    expect(parseSessionExpires('x')).toBeUndefined();
  });
});

describe('Reason', () => {
  it('is read and written', () => {
    const text = sipReason(410, 'Retrieved by "102"\r\n');
    expect(text).toBe('SIP;cause=410;text="Retrieved by \\"102\\"  "');
    expect(parseReasons(`${text}, Q.850;cause=16`)).toEqual([
      { protocol: 'SIP', cause: 410, text: 'Retrieved by "102"  ' },
      { protocol: 'Q.850', cause: 16, text: undefined },
    ]);
    expect(parseReasons('SIP;;')).toEqual([]);
  });
});

describe('Refer-To', () => {
  const read = (...values: string[]) =>
    readReferTo(HeaderTable.of(values.map((value) => ['Refer-To', value])));
  it('is exactly one', () => {
    expect(read('<sip:*68102@pbx.test>')).toMatchObject({
      kind: 'target',
      target: { uri: { user: '*68102' } },
    });
    expect(read()).toEqual({ kind: 'refused', reason: 'missing' });
    expect(read('<sip:a@b>', '<sip:c@d>')).toEqual({ kind: 'refused', reason: 'several' });
    expect(read('<sip:a@b>, <sip:c@d>')).toEqual({ kind: 'refused', reason: 'malformed' });
  });
});

describe('Replaces', () => {
  const replaces = { callId: '0_77@192.168.1.51', toTag: 'x1', fromTag: 'y2', earlyOnly: false };
  it('is read and written', () => {
    expect(parseReplaces('0_77@192.168.1.51;to-tag=x1;from-tag=y2')).toEqual(replaces);
    expect(parseReplaces(formatReplaces({ ...replaces, earlyOnly: true }))).toEqual({
      ...replaces,
      earlyOnly: true,
    });
    for (const text of [
      '',
      ';to-tag=a;from-tag=b',
      'c;to-tag=a',
      'c;to-tag;from-tag=b',
      'c',
      'c d;to-tag=a;from-tag=b',
    ]) {
      expect(parseReplaces(text), text).toBeUndefined();
    }
  });
  it('is found in a Refer-To', () => {
    const uri = makeUri({
      user: '205',
      host: 'pbx.test',
      headers: [['Replaces', formatReplaces(replaces)]],
    });
    expect(replacesOf(uri)).toEqual({ kind: 'replaces', replaces });
    expect(replacesOf(makeUri({ host: 'a' }))).toEqual({ kind: 'none' });
    expect(replacesOf(makeUri({ host: 'a', headers: [['Replaces', 'x']] }))).toEqual({
      kind: 'malformed',
    });
  });
});

describe('identity', () => {
  it('is read from P-Asserted-Identity, and hidden by Privacy', () => {
    const headers = HeaderTable.of([
      ['P-Asserted-Identity', '"Client" <sip:003386002678@pbx.test>, <tel:+3386002678>'],
      ['Privacy', 'header; ID'],
    ]);
    expect(assertedIdentities(headers).map(({ displayName }) => displayName)).toEqual([
      'Client',
      undefined,
    ]);
    expect([...privacyOf(headers)]).toEqual(['header', 'id']);
    expect(assertedIdentities(HeaderTable.of([['P-Asserted-Identity', '<']]))).toEqual([]);
    expect(formatIdentity(anonymousAddress())).toBe(
      '"Anonymous" <sip:anonymous@anonymous.invalid>',
    );
  });
});

describe('media types', () => {
  it('are compared by type', () => {
    const read = parseMediaType('Message / SipFrag;version=2.0');
    expect(read?.type).toBe('message/sipfrag');
    expect([...(read?.params ?? [])]).toEqual([['version', '2.0']]);
    expect(parseMediaType('text')).toBeUndefined();
    expect(accepts(['text/plain, application/*;q=0.5'], 'application/sdp')).toBe(true);
    expect(accepts(['text/plain'], 'application/sdp')).toBe(false);
  });
});

describe('park header fields', () => {
  it('carry a note of at most 200 characters on one line', () => {
    expect(parseParkNote('wants%20invoice%204711')).toBe('wants invoice 4711');
    expect(formatParkNote('wants invoice 4711 é')).toBe('wants%20invoice%204711%20%C3%A9');
    expect(parseParkNote(formatParkNote('a\r\nb%'))).toBe('a b%');
    expect([...(parseParkNote('😀'.repeat(300)) ?? '')]).toHaveLength(200);
    expect(parseParkNote('%20')).toBeUndefined();
  });
  it('tell of a recall', () => {
    const recall = { attempt: 1, slot: '102', parkedAt: Date.UTC(2026, 0, 2, 3, 4, 5) };
    expect(formatParkRecall(recall)).toBe('attempt=1;slot=102;parked-at=2026-01-02T03:04:05.000Z');
    expect(parseParkRecall(formatParkRecall(recall))).toEqual(recall);
    expect(parseParkRecall('attempt=0;slot=1;parked-at=x')).toBeUndefined();
  });
});
