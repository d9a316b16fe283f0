import fc from 'fast-check';
import { makeRequest } from '../../shared/sip/message/builders.ts';
import { SipResponse } from '../../shared/sip/message/message.ts';
import type { SipMessage, SipRequest } from '../../shared/sip/message/message.ts';
import type { NameAddr } from '../../shared/sip/message/name-addr.ts';
import { makeUri } from '../../shared/sip/message/uri.ts';
import type { SipUri } from '../../shared/sip/message/uri.ts';
import { formatVia } from '../../shared/sip/message/via.ts';

const TOKEN_CHARACTERS = [..."abcXYZ019-.!%*_+`'~"];

export const token = fc.string({
  unit: fc.constantFrom(...TOKEN_CHARACTERS),
  minLength: 1,
  maxLength: 12,
});

/** Any Unicode text, with more of what breaks parsers than chance would give. */
export const nastyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'"\\<>;,:@%?&= \t\r\n\0é漢😀a'), maxLength: 40 }),
);

export const host = fc.constantFrom(
  'pbx.test',
  'PBX.test',
  '192.0.2.7',
  '[2001:db8::1]',
  'a-b.c_d',
  'x9.invalid',
);

export const sipUri: fc.Arbitrary<SipUri> = fc
  .record({
    scheme: fc.constantFrom('sip' as const, 'sips' as const),
    user: fc.option(nastyText, { nil: undefined }),
    host,
    port: fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined }),
    params: fc.array(
      fc.tuple(
        fc.stringMatching(/^[a-z]{1,6}$/),
        fc.option(nastyText.filter((text) => text !== '')),
      ),
      {
        maxLength: 4,
      },
    ),
    headers: fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), nastyText), { maxLength: 3 }),
  })
  .map(makeUri);

const headerParams = fc
  .array(fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), fc.option(nastyText)), { maxLength: 4 })
  .map((pairs) => new Map(pairs));

export const nameAddr: fc.Arbitrary<NameAddr> = fc.record({
  displayName: fc.option(nastyText, { nil: undefined }),
  uri: sipUri,
  params: headerParams,
});

const via = fc
  .record({
    protocol: fc.constant('SIP/2.0'),
    transport: fc.constantFrom('UDP', 'TCP', 'WS'),
    host,
    port: fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined }),
    params: headerParams,
  })
  .map(formatVia);

/** Call-ID is a word: anything without white space, and no control characters. */
const callId = fc.stringMatching(/^[!-~]{1,20}$/);

export const request: fc.Arbitrary<SipRequest> = fc
  .record({
    method: token,
    uri: sipUri.map((uri) => ({ ...uri, headers: undefined })),
    from: nameAddr,
    to: nameAddr,
    callId,
    cseq: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    maxForwards: fc.integer({ min: 0, max: 255 }),
    contact: fc.option(nameAddr, { nil: undefined }),
    routes: fc.array(nameAddr, { maxLength: 3 }),
    headers: fc.array(
      fc.tuple(
        token.map((name) => `X-${name}`),
        nastyText,
      ),
      { maxLength: 5 },
    ),
    body: fc.uint8Array({ maxLength: 200 }),
    vias: fc.array(via, { minLength: 1, maxLength: 3 }),
  })
  .map(({ vias, ...parts }) => {
    const made = makeRequest(parts);
    for (const value of vias) made.headers.prepend('Via', value);
    return made;
  });

export const message: fc.Arbitrary<SipMessage> = fc.oneof(
  request,
  fc
    .tuple(request, fc.integer({ min: 100, max: 699 }), nastyText)
    .map(
      ([{ headers, body }, status, reason]) => new SipResponse({ status, reason, headers, body }),
    ),
);
