import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { singleLine, trimBlanks } from '../../shared/sip/message/characters.ts';
import { MessageFramer } from '../../shared/sip/message/message-framer.ts';
import type { SipMessage } from '../../shared/sip/message/message.ts';
import { formatNameAddr, parseNameAddr } from '../../shared/sip/message/name-addr.ts';
import { parseMessage } from '../../shared/sip/message/parse-message.ts';
import { serializeMessage } from '../../shared/sip/message/serialize.ts';
import { sameUri } from '../../shared/sip/message/uri-compare.ts';
import type { SipUri } from '../../shared/sip/message/uri.ts';
import {
  formatUri,
  makeUri,
  parseUri,
  uriHeaders,
  uriParam,
  userOf,
} from '../../shared/sip/message/uri.ts';
import { encodeUtf8, textFromBytes } from '../../shared/sip/message/utf8.ts';
import { message, nameAddr, nastyText, request, sipUri } from './sip-arbitraries.ts';

const read = (bytes: Uint8Array): SipMessage => {
  const outcome = parseMessage(bytes, { framing: 'datagram' });
  if (outcome.kind !== 'message') throw new Error(JSON.stringify(outcome));
  return outcome.message;
};

const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\uFFFD');

const fieldsOf = ({ headers }: SipMessage) =>
  [...headers]
    .filter(({ name }) => name !== 'Content-Length')
    .map(({ name, value }) => [name, wellFormed(trimBlanks(value))]);

const startOf = (m: SipMessage) =>
  m.kind === 'request'
    ? [m.method, formatUri(m.uri)]
    : [m.status, trimBlanks(wellFormed(singleLine(m.reason)))];

describe('a message that is written and read', () => {
  it('is the same message', () => {
    fc.assert(
      fc.property(message, (original) => {
        const copy = read(serializeMessage(original));
        const [first, second] = startOf(copy);
        expect([first, typeof second === 'string' ? trimBlanks(second) : second]).toEqual(
          startOf(original),
        );
        expect(fieldsOf(copy)).toEqual(fieldsOf(original));
        expect(Buffer.from(copy.body)).toEqual(Buffer.from(original.body));
      }),
      { numRuns: 500 },
    );
  });

  it('has the same typed readings', () => {
    fc.assert(
      fc.property(request, (original) => {
        const copy = read(serializeMessage(original));
        for (const name of ['callId', 'cseq', 'maxForwards', 'fromTag', 'toTag'] as const) {
          if (name.endsWith('Tag')) continue;
          expect(copy[name]).toEqual(original[name]);
        }
        expect(copy.vias).toHaveLength(original.vias.length);
        expect(copy.routes).toHaveLength(original.routes.length);
        expect(copy.contacts).toHaveLength(original.contacts.length);
      }),
    );
  });

  it('is cut out of a stream at its ends, however the stream is split', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 4 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 900 })),
        (messages, sizes) => {
          const stream = Buffer.concat(messages.map(serializeMessage));
          const framer = new MessageFramer();
          const bodies: Buffer[] = [];
          for (let at = 0; at < stream.length;) {
            const size = sizes.next().value ?? 1;
            for (const outcome of framer.push(stream.subarray(at, at + size))) {
              expect(outcome.kind).toBe('message');
              if (outcome.kind === 'message') bodies.push(Buffer.from(outcome.message.body));
            }
            at += size;
          }
          expect(bodies).toEqual(messages.map(({ body }) => Buffer.from(body)));
        },
      ),
    );
  });
});

describe('no bytes make the reader throw', () => {
  const readBoth = (bytes: Uint8Array) => {
    parseMessage(bytes, { framing: 'datagram' });
    parseMessage(bytes, { framing: 'stream' });
    new MessageFramer().push(bytes);
  };

  it('not random ones', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), readBoth), { numRuns: 2_000 });
  });

  it('not random ones behind a start line', () => {
    const starts = fc.constantFrom(
      'INVITE sip:a@b SIP/2.0\r\n',
      'SIP/2.0 200 OK\r\n',
      '\r\n\r\nX',
      'SIP/',
    );
    fc.assert(
      fc.property(
        starts,
        fc.string({ unit: fc.constantFrom(...'Via: From\r\n \t";<>,=%\\é'), maxLength: 200 }),
        (start, rest) => {
          readBoth(Buffer.from(`${start}${rest}\r\n\r\n`));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('not a message with some bytes changed, cut or doubled; and what is a message has usable getters', () => {
    const damage = fc.array(
      fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom('set', 'cut', 'double')),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(request, damage, (original, steps) => {
        let bytes = Buffer.from(serializeMessage(original));
        for (const [position, value, what] of steps) {
          const at = position % bytes.length;
          if (what === 'set') bytes[at] = value;
          else if (what === 'cut')
            bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 3)]);
          else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 20))]);
          if (bytes.length === 0) return;
        }
        readBoth(bytes);
        const outcome = parseMessage(bytes, { framing: 'datagram' });
        if (outcome.kind !== 'message') return;
        const { via, from, to, callId, cseq, contacts, routes, recordRoutes } = outcome.message;
        expect([via, from, to, callId, cseq, contacts, routes, recordRoutes]).not.toContain(
          undefined,
        );
        serializeMessage(outcome.message);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Parameters in their order, whatever holds them. */
const plain = (uri: SipUri | undefined) => uri && { ...uri, params: [...uri.params] };

describe('URIs', () => {
  it('are read back from what is written', () => {
    fc.assert(
      fc.property(sipUri, (uri) => {
        const text = formatUri(uri);
        expect(text).toMatch(/^[!#-;=?-~]+$/);
        expect(plain(parseUri(text))).toEqual(plain(uri));
      }),
      { numRuns: 1_000 },
    );
  });

  it('give user, parameters and header fields back as the text they were made from', () => {
    fc.assert(
      fc.property(nastyText.map(wellFormed), nastyText.map(wellFormed), (user, value) => {
        fc.pre(user !== '' && value !== '');
        const made = makeUri({
          user,
          host: 'a.test',
          params: [['p', value]],
          headers: [['Replaces', value]],
        });
        const uri = parseUri(formatUri(made));
        expect(uri && userOf(uri)).toBe(user);
        expect(uri && uriParam(uri, 'P')).toBe(value);
        expect(uri && uriHeaders(uri)).toEqual([['replaces', value]]);
      }),
    );
  });

  it('equal themselves, and compare the same both ways', () => {
    fc.assert(
      fc.property(sipUri, sipUri, (a, b) => {
        expect(sameUri(a, a)).toBe(true);
        expect(sameUri(a, b)).toBe(sameUri(b, a));
      }),
    );
  });
});

describe('addresses', () => {
  it('keep display name, URI and parameters, and nothing breaks out of their quotes', () => {
    fc.assert(
      fc.property(nameAddr, (address) => {
        const text = formatNameAddr(address);
        expect(text).not.toMatch(/[\r\n\0]/);
        const copy = parseNameAddr(text);
        expect(copy?.displayName ?? '').toBe(singleLine(address.displayName ?? ''));
        expect(plain(copy?.uri)).toEqual(plain(address.uri));
        expect([...(copy?.params ?? [])]).toEqual(
          [...address.params].map(([name, value]) => [
            name,
            value === null ? null : singleLine(value),
          ]),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('UTF-8', () => {
  it('goes to bytes and back, and agrees with the platform', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const bytes = encodeUtf8(text);
        expect(Buffer.from(bytes)).toEqual(Buffer.from(text, 'utf8'));
        expect(textFromBytes(bytes)).toBe(Buffer.from(bytes).toString('utf8'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('that is none is read as latin1, never refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
        let expected: string;
        try {
          expected = strict.decode(bytes);
        } catch {
          expected = Buffer.from(bytes).toString('latin1');
        }
        expect(textFromBytes(bytes)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });
});
