import { describe, expect, it } from 'vitest';
import { MessageFramer } from '../../shared/sip/message/message-framer.ts';
import type { FramedOutcome } from '../../shared/sip/message/message-framer.ts';
import { parseMessage } from '../../shared/sip/message/parse-message.ts';
import type { ParseOutcome } from '../../shared/sip/message/parse-outcome.ts';
import { serializeMessage } from '../../shared/sip/message/serialize.ts';
import type { SipMessage } from '../../shared/sip/message/message.ts';
import { corpusPresent, everydayMessages, tortureCases } from './corpus.ts';
import type { TortureCase } from './corpus.ts';
import { peek } from './peek.ts';

const cases = tortureCases();
const byName = (name: string): TortureCase => {
  const found = cases.find((entry) => entry.name === name);
  if (!found) throw new Error(`no torture message ${name}`);
  return found;
};

function expectSameAsPeeked(message: SipMessage, bytes: Buffer): void {
  expect(message.callId).toBe(peek(bytes, 'call-id|i'));
  const [sequence, method] = (peek(bytes, 'cseq') ?? '').split(/\s+/);
  expect(message.cseq).toEqual({ sequence: Number(sequence), method });
  const from = peek(bytes, 'from|f') ?? '';
  expect(message.fromTag).toBe(/;\s*tag\s*=\s*([^;\s]+)\s*(?:;|$)/i.exec(from)?.[1]);
  const via = (peek(bytes, 'via|v') ?? '').split(',')[0] ?? '';
  expect(message.via.params.get('branch')).toBe(/;\s*branch\s*=\s*([^;\s,]+)/i.exec(via)?.[1]);
}

const statusesIn = (expected: string): number[] =>
  [...expected.matchAll(/\b[45]\d\d\b/g)].map(([status]) => Number(status));

function expectRefused(outcome: ParseOutcome, entry: TortureCase): void {
  if (entry.kind === 'response') {
    expect(outcome).toMatchObject({ kind: 'discard', reason: 'malformed' });
    return;
  }
  if (entry.lenient && outcome.kind === 'message') return;
  expect(outcome.kind).toBe('rejected');
  if (outcome.kind === 'rejected') expect(statusesIn(entry.expected)).toContain(outcome.status);
}

describe('the torture messages', () => {
  it('are there, or the run says that they were not tried', () => {
    if (!corpusPresent)
      console.warn('0 of 61 torture messages tried: ../shared/conformance is not there');
    else console.info(`${cases.length} torture messages tried, as datagram and as stream`);
    if (process.env['CI'] === 'true')
      expect(corpusPresent, '../shared/conformance is missing').toBe(true);
    if (corpusPresent) expect(cases).toHaveLength(61);
  });
});

describe.runIf(corpusPresent)('a torture message in a datagram', () => {
  for (const entry of cases) {
    it(`${entry.name} (${entry.file}) has the verdict of the manifest`, () => {
      const outcome = parseMessage(entry.bytes, { framing: 'datagram' });
      if (entry.syntax === 'invalid') return expectRefused(outcome, entry);
      expect(outcome.kind).toBe('message');
      if (outcome.kind !== 'message') return;
      expect(outcome.message.kind).toBe(entry.kind);
      expectSameAsPeeked(outcome.message, entry.bytes);
    });
  }
});

/** Where a stream differs from a datagram, by the manifest and RFC 3261 §18.3. */
const STREAM_DIFFERS: Readonly<Record<string, readonly Partial<FramedOutcome>[]>> = {
  clerr: [],
  ncl: [{ kind: 'rejected', status: 400, close: true }],
  mcl01: [{ kind: 'rejected', status: 400, close: true }],
  inv2543: [{ kind: 'rejected', status: 400, close: true }],
};

describe.runIf(corpusPresent)('a torture message on a stream', () => {
  for (const entry of cases) {
    it(`${entry.name} has the same verdict whole and byte by byte`, () => {
      const whole = new MessageFramer().push(entry.bytes);
      const framer = new MessageFramer();
      const piecemeal = [...entry.bytes].flatMap((byte) => framer.push(Uint8Array.of(byte)));
      expect(piecemeal.map(summary)).toEqual(whole.map(summary));
      const differs = STREAM_DIFFERS[entry.name];
      if (differs) {
        expect(whole).toHaveLength(differs.length);
        for (const [index, expected] of differs.entries())
          expect(whole[index]).toMatchObject(expected);
        return;
      }
      const [first] = whole;
      expect(first).toBeDefined();
      const datagram = parseMessage(entry.bytes, { framing: 'datagram' });
      expect(first?.kind).toBe(datagram.kind);
    });
  }

  it('dblreq is two requests', () => {
    const outcomes = new MessageFramer().push(byName('dblreq').bytes);
    const messages = outcomes.flatMap((outcome) =>
      outcome.kind === 'message' ? [outcome.message] : [],
    );
    expect(messages.map((message) => message.cseq.method)).toEqual(['REGISTER', 'INVITE']);
  });
});

function summary(outcome: FramedOutcome): string {
  return outcome.kind === 'message'
    ? `message ${outcome.message.callId} ${outcome.message.body.length}`
    : JSON.stringify({ ...outcome, replyTo: undefined, size: undefined });
}

function parsed(name: string): SipMessage {
  const outcome = parseMessage(byName(name).bytes, { framing: 'datagram' });
  if (outcome.kind !== 'message') throw new Error(`${name}: ${outcome.kind}`);
  return outcome.message;
}

describe.runIf(corpusPresent)(
  'what an element needs to refuse or accept a valid torture message',
  () => {
    it('wsinv: folds, compact forms, leading zeros and escaped quotes', () => {
      const message = parsed('wsinv');
      expect(message.toTag).toBe('1918181833n');
      expect(message.from.displayName).toBe('J Rosenberg \\"');
      expect(message.vias.map(({ transport, host }) => `${transport} ${host}`)).toEqual([
        'UDP 192.0.2.2',
        'TCP spindle.example.com',
        'UDP 192.168.255.111',
      ]);
      expect(message.contact?.displayName).toBe('Quoted string ""');
      expect(message.contact?.params.get('q')).toBe('0.33');
      expect(message.maxForwards).toBe(68);
      expect(message.headers.get('Subject')).toBe('');
      expect(message.headers.get('NewFangledHeader')).toBe(
        'newfangled value continued newfangled value',
      );
      expect(message.headers.get('UnknownHeaderWithUnusualValue')).toBe(';;,,;;,;');
    });

    it('intmeth: the unusual is kept, UTF-8 is decoded', () => {
      const message = parsed('intmeth');
      expect(message.kind === 'request' && message.method).toBe(
        "!interesting-Method0123456789_*+`.%indeed'~",
      );
      expect(message.from.displayName).toBe("token1~` token2'+_ token3*%!.-");
      expect([...message.from.params].map(([, value]) => value)).toContain('работающий');
      expect(message.headers.get("extensionHeader-!.%*+_`'~")).toBe('\uFEFF大停電');
    });

    it('the schemes of unkscm and novelsc are told, for a 416', () => {
      for (const [name, scheme] of [
        ['unkscm', 'nobodyknowsthisscheme'],
        ['novelsc', 'soap.beep'],
      ] as const) {
        const message = parsed(name);
        expect(message.kind === 'request' && message.uri.scheme).toBe(scheme);
      }
    });

    it('bext01, invut, sdp01 and zeromf tell what makes a 420, 415, 406 and 483', () => {
      expect(parsed('bext01').require).toEqual([
        'nothingSupportsThis',
        'nothingSupportsThisEither',
      ]);
      expect(parsed('invut').contentType).toBe('application/unknownformat');
      expect(parsed('sdp01').headers.get('Accept')).toBe('text/nobodyKnowsThis');
      expect(parsed('zeromf').maxForwards).toBe(0);
    });

    it('escnull: two Contacts that differ after %00 are two', () => {
      const { contacts } = parsed('escnull');
      expect(new Set(contacts.map(({ uri }) => uri.user))).toEqual(new Set(['%00', '%00%00']));
    });

    it('cparam01 and cparam02: where a Contact parameter belongs', () => {
      expect(parsed('cparam01').contact?.params.has('unknownparam')).toBe(true);
      expect(parsed('cparam01').contact?.uri.params.size).toBe(0);
      expect(parsed('cparam02').contact?.uri.params.has('unknownparam')).toBe(true);
      expect(parsed('regescrt').contact?.uri.headers).toBe('Route=%3Csip:sip.example.com%3E');
    });

    it('mpart01: every byte of the body survives', () => {
      const { bytes } = byName('mpart01');
      expect(Buffer.from(parsed('mpart01').body)).toEqual(bytes.subarray(bytes.length - 553));
    });

    it('port-ambiguous and port-unambiguous: what is port, what is address', () => {
      const uriOf = (name: string) => {
        const message = parsed(name);
        return message.kind === 'request' ? message.uri : undefined;
      };
      expect(uriOf('port-ambiguous')).toMatchObject({
        host: '[2001:db8::10:5070]',
        port: undefined,
      });
      expect(uriOf('port-unambiguous')).toMatchObject({ host: '[2001:db8::10]', port: 5070 });
    });
  },
);

describe.runIf(corpusPresent)('everyday messages', () => {
  for (const { name, bytes } of everydayMessages()) {
    it(`${name} is read, and read again from what we write`, () => {
      const first = parseMessage(bytes, { framing: 'datagram' });
      expect(first.kind).toBe('message');
      if (first.kind !== 'message') return;
      expectSameAsPeeked(first.message, bytes);
      const again = parseMessage(serializeMessage(first.message), { framing: 'stream' });
      expect(again.kind).toBe('message');
      if (again.kind !== 'message') return;
      const fieldsOf = ({ headers }: SipMessage) =>
        [...headers]
          .filter((field) => field.name !== 'Content-Length')
          .map(({ name, value }) => [name, value]);
      expect(fieldsOf(again.message)).toEqual(fieldsOf(first.message));
      expect(Buffer.from(again.message.body)).toEqual(Buffer.from(first.message.body));
    });
  }
});
