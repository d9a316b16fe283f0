import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { formatDialogInfo } from '../../shared/sip/events/dialog-info-writer.ts';
import { DIALOG_INFO } from '../../shared/sip/events/dialog-info.ts';
import { makeRequest, makeResponse } from '../../shared/sip/message/builders.ts';
import { makeNameAddr, withTag } from '../../shared/sip/message/name-addr.ts';
import { serializeMessage } from '../../shared/sip/message/serialize.ts';
import { makeUri } from '../../shared/sip/message/uri.ts';

const require = createRequire(import.meta.url);

interface JsSipMessage {
  readonly call_id: string;
  readonly from_tag: string;
  readonly body: string;
  readonly from: { readonly display_name: string; readonly uri: { readonly user: string } };
  readonly ruri?: { readonly user: string };
  readonly status_code?: number;
}
interface NpmSipMessage {
  readonly headers: {
    readonly 'call-id': string;
    readonly cseq: { readonly seq: number };
    readonly via: readonly unknown[];
  };
}

const jssip: {
  parseMessage(text: string, ua: object): JsSipMessage | undefined;
} = require('jssip/lib/Parser.js');
const npmSip: { parse(text: string): NpmSipMessage | undefined } = require('sip');

const bob = withTag(
  makeNameAddr(makeUri({ user: '101', host: 'pbx.test' }), 'Bob "the" Kovács\r\n<x>'),
  'tag-1',
);
const notify = makeRequest({
  method: 'NOTIFY',
  uri: makeUri({ user: '*88102#', host: 'pbx.test', params: [['park-id', 'k3n5']] }),
  from: bob,
  to: withTag(makeNameAddr(makeUri({ user: '102', host: 'pbx.test' })), 'tag-2'),
  callId: 'c1@pbx.test',
  cseq: 7,
  contact: makeNameAddr(makeUri({ host: '[2001:db8::1]', port: 5060 })),
  headers: [
    ['Event', 'dialog'],
    ['Subscription-State', 'active;expires=60'],
  ],
  body: formatDialogInfo({ version: 1, state: 'full', entity: 'sip:*88@pbx.test', dialogs: [] }),
  contentType: DIALOG_INFO,
});
notify.headers.prepend('Via', 'SIP/2.0/WS pbx.test;branch=z9hG4bK1');

describe('what we write is read by others', () => {
  for (const written of [notify, makeResponse(notify, 200, { contact: bob })]) {
    const bytes = Buffer.from(serializeMessage(written));

    it(`JsSIP reads our ${written.kind}`, () => {
      const message = jssip.parseMessage(bytes.toString(), { get: () => undefined });
      expect(message).toMatchObject({ call_id: 'c1@pbx.test', from_tag: 'tag-1' });
      expect(message?.from.uri.user).toBe('101');
      expect(message?.from.display_name).toContain('Kovács');
      expect(message?.body ?? '').toBe(written.text);
    });

    it(`npm sip reads our ${written.kind}`, () => {
      const message = npmSip.parse(bytes.toString('latin1'));
      expect(message?.headers['call-id']).toBe('c1@pbx.test');
      expect(message?.headers.cseq.seq).toBe(7);
      expect(message?.headers.via).toHaveLength(1);
    });
  }
});
