import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutRepeats } from '../conformance/batches.ts';
import { corpusPresent, everydayMessages, tortureCases } from '../conformance/corpus.ts';
import { peek } from '../conformance/peek.ts';
import { Exchange } from './kit/exchange.ts';
import { portOf } from './kit/park-server.ts';
import {
  tcpTortureClient,
  udpTortureClient,
  wsTortureClient,
  type TortureClient,
  type Verdict,
} from './kit/torture-client.ts';

interface WireCase {
  readonly name: string;
  readonly bytes: Buffer;
  /** Statuses that are right from a stranger; none: no answer at all. */
  readonly stranger: readonly number[];
  /** From somebody whose connection is signed in; default as from a stranger. */
  readonly signedIn: readonly number[];
}

/** 401 to a stranger; then `status`: the torture messages call people who are not here. */
const challenged = (status: number) => ({ stranger: [401], signedIn: [status] });
const always = (...statuses: number[]) => ({ stranger: statuses, signedIn: statuses });

/**
 * What this server answers to what is well formed. Where the manifest says "200 REGISTER" or "process INVITE", a server that asks for
 * credentials asks for them, and a server where nobody of that name lives says so (RFC 3261 §8.2.2.1): a REGISTER is challenged always.
 */
const VERDICTS: Readonly<Record<string, Pick<WireCase, 'stranger' | 'signedIn'>>> = {
  wsinv: always(481),
  intmeth: always(501),
  esc01: challenged(404),
  escnull: always(401),
  esc02: always(501),
  lwsdisp: always(200),
  longreq: challenged(404),
  dblreq: always(401),
  semiuri: always(200),
  transports: always(200),
  mpart01: always(405),
  badbranch: always(200),
  unkscm: always(416),
  novelsc: always(416),
  unksm2: always(400),
  bext01: always(420),
  invut: challenged(404),
  regaut01: always(401),
  zeromf: always(200),
  cparam01: always(401),
  cparam02: always(401),
  regescrt: always(401),
  sdp01: challenged(404),
  inv2543: challenged(404),
  'ipv6-good': always(401),
  'port-ambiguous': always(401),
  'port-unambiguous': always(401),
  'via-received-param-with-delim': always(481),
  'via-received-param-no-delim': always(200),
  'ipv6-in-sdp': challenged(404),
  'mult-ip-in-header': always(481),
  'mult-ip-in-sdp': challenged(404),
  'ipv4-mapped-ipv6': challenged(404),
  'ipv6-correct-abnf-2-colons': always(200),
  // A liberal element may overlook the time zone of Date (RFC 4475 §3.1.2.12).
  baddate: challenged(404),
  '01-register-jssip.sip': always(401),
  '02-register-jssip-auth.sip': always(401),
  '03-register-yealink-auth.sip': always(401),
  '06-invite-jssip.sip': challenged(404),
  '07-invite-yealink.sip': challenged(404),
  // Nothing to park: the caller is in no call.
  '08-invite-fac-park.sip': challenged(403),
  '12-ack.sip': always(),
  '13-reinvite-hold.sip': always(481),
  '14-bye.sip': always(481),
  '15-subscribe-dialog.sip': challenged(404),
  '16-subscribe-park.sip': challenged(489),
  '17-notify-dialoginfo.sip': always(481),
  '18-notify-park.sip': always(481),
  '19-refer-attended.sip': always(481),
  '20-notify-sipfrag.sip': always(481),
};

/** Where a stream differs from a datagram (RFC 3261 §18.3): what follows the message, or a missing length. */
const ON_STREAMS: Readonly<
  Record<string, { readonly statuses?: number[]; readonly closes: true }>
> = {
  // The INVITE behind the REGISTER is a request of its own; what follows that is no SIP.
  dblreq: { statuses: [401, 404], closes: true },
  ncl: { closes: true },
  mcl01: { closes: true },
  inv2543: { statuses: [400], closes: true },
  // More body than Content-Length says: the rest is no message.
  'ipv6-in-sdp': { closes: true },
  'mult-ip-in-sdp': { closes: true },
  'ipv4-mapped-ipv6': { closes: true },
};

/** On a stream it is a message that has not ended: the server waits, and later gives up (its own test, with a short patience). */
const WAITS_ON_STREAMS = 'clerr';

const isResponse = (bytes: Buffer): boolean => bytes.toString('latin1').startsWith('SIP/2.0 ');

function cases(): readonly WireCase[] {
  const torture = tortureCases().map(({ name, bytes, expected }): WireCase => {
    if (isResponse(bytes)) return { name, bytes, ...always() };
    const statuses = [...expected.matchAll(/\b[45]\d\d\b/g)].map(([status]) => Number(status));
    return { name, bytes, ...(VERDICTS[name] ?? always(...statuses)) };
  });
  const everyday = everydayMessages().map(({ name, bytes }): WireCase => {
    if (isResponse(bytes)) return { name, bytes, ...always() };
    const verdict = VERDICTS[name];
    if (verdict === undefined) throw new Error(`no verdict on ${name}`);
    return { name, bytes, ...verdict };
  });
  return [...torture, ...everyday];
}

const all = corpusPresent ? cases() : [];

const statusOf = (response: string): number => Number(/^SIP\/2\.0 (\d{3})/.exec(response)?.[1]);

/** The response says back what identifies the request: it was read right. */
function expectEcho(response: string, bytes: Buffer): void {
  const answer = Buffer.from(response, 'latin1');
  expect(peek(answer, 'call-id|i')).toBe(peek(bytes, 'call-id|i'));
  const branch = /;\s*branch\s*=\s*([^;\s,]+)/i.exec(peek(bytes, 'via|v') ?? '')?.[1];
  if (branch !== undefined) expect(peek(answer, 'via|v')).toContain(branch);
  const [sequence, method] = (peek(bytes, 'cseq') ?? '').split(/\s+/);
  expect(peek(answer, 'cseq')).toMatch(new RegExp(`^0*${Number(sequence)} `));
  expect(peek(answer, 'cseq')?.endsWith(method ?? '')).toBe(true);
}

/** One answer each, by one of several servers: no two messages that go to one server are the same transaction. */
class Round {
  readonly verdicts = new Map<string, Verdict>();
  readonly #exchanges: Exchange[] = [];
  readonly #clients: TortureClient[] = [];

  async run(connect: (exchange: Exchange) => Promise<TortureClient>): Promise<void> {
    for (const batch of withoutRepeats(all)) {
      const exchange = await Exchange.start();
      this.#exchanges.push(exchange);
      const client = await connect(exchange);
      this.#clients.push(client);
      for (const { name, bytes } of batch) {
        if (client.transport === 'TCP' && name === WAITS_ON_STREAMS) continue;
        this.verdicts.set(name, await client.put(bytes));
      }
    }
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.close();
    for (const exchange of this.#exchanges) await exchange.close();
  }
}

const SIGN_IN = { extension: '101', password: 'secret-101' };

let clients = 0;
/** Linux has all of 127/8: an address per client and process, where port 5060 is free. */
const ownAddress = () => `127.77.${1 + (process.pid % 250)}.${++clients}`;

/** Ports that the answers over UDP go to: those in the top Via. */
function viaPorts(): number[] {
  return all
    .map(({ bytes }) => Number(/:(\d{1,5})\s*(?:[;,]|$)/.exec(peek(bytes, 'via|v') ?? '')?.[1]))
    .filter((port) => port > 1_023 && port < 65_536);
}

const transports: readonly {
  readonly name: 'UDP' | 'TCP' | 'WS';
  readonly connect: (exchange: Exchange) => Promise<TortureClient>;
}[] = [
  {
    name: 'UDP',
    connect: ({ server }) =>
      udpTortureClient(portOf(server, 'udp'), { address: ownAddress(), ports: viaPorts() }),
  },
  { name: 'TCP', connect: ({ server }) => tcpTortureClient(portOf(server, 'tcp'), SIGN_IN) },
  { name: 'WS', connect: ({ webSocketUrl }) => wsTortureClient(webSocketUrl, SIGN_IN) },
];

describe('the torture messages and the everyday ones on the wire', () => {
  it('are there, or the run says that they were not tried', () => {
    if (!corpusPresent) console.warn('0 messages sent: ../shared/conformance is not there');
    if (process.env['CI'] === 'true') expect(corpusPresent).toBe(true);
    if (corpusPresent) expect(all).toHaveLength(81);
  });

  describe.runIf(corpusPresent).each(transports)('over $name', ({ name: transport, connect }) => {
    const round = new Round();
    beforeAll(() => round.run(connect));
    afterAll(() => round.close());

    // The OPTIONS behind each message was answered, on a new connection where the old one could not be followed: `put` waits for it.
    for (const wire of all) {
      if (transport === 'TCP' && wire.name === WAITS_ON_STREAMS) continue;
      it(`${wire.name} is answered as it should be`, () => {
        const verdict = round.verdicts.get(wire.name);
        if (verdict === undefined) throw new Error('it was not sent');
        const onStream = transport === 'TCP' ? ON_STREAMS[wire.name] : undefined;
        const statuses = verdict.responses.map(statusOf);
        if (onStream?.statuses) expect(statuses).toEqual(onStream.statuses);
        else {
          const right = transport === 'UDP' ? wire.stranger : wire.signedIn;
          expect(statuses).toHaveLength(Math.min(right.length, 1));
          if (statuses[0] !== undefined) expect(right).toContain(statuses[0]);
        }
        expect(verdict.closed).toBe(onStream?.closes === true);
        const [first] = verdict.responses;
        if (first !== undefined && statusOf(first) !== 400) expectEcho(first, wire.bytes);
      });
    }
  });
});

describe('a message that never ends, to a whole server by TCP', () => {
  let exchange: Exchange;
  let client: TortureClient;
  beforeAll(async () => {
    exchange = await Exchange.start(
      ['101'],
      {},
      { times: { connections: { partialMessageMs: 300 } } },
    );
    client = await tcpTortureClient(portOf(exchange.server, 'tcp'), SIGN_IN);
  });
  afterAll(async () => {
    await client.close();
    await exchange.close();
  });

  const clerr = tortureCases().find(({ name }) => name === WAITS_ON_STREAMS);
  /** The same of the project's own making: more is announced than comes. */
  const own = Buffer.from(
    'OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP a.invalid;branch=z9hG4bKown\r\n' +
      'From: <sip:a@b.test>;tag=1\r\nTo: <sip:b@b.test>\r\nCall-ID: own\r\nCSeq: 1 OPTIONS\r\n' +
      'Content-Length: 9999\r\n\r\nshort',
  );

  it.each([
    { name: 'clerr', bytes: clerr?.bytes },
    { name: 'one of our own', bytes: own },
  ])(
    '$name is waited for, gets no answer, and closes the connection; the next one works',
    async ({ name, bytes }) => {
      if (bytes === undefined) return expect([name, corpusPresent]).toEqual(['clerr', false]);
      const verdict = await client.putUnfinished?.(bytes);
      expect(verdict).toEqual({ responses: [], closed: true });
    },
  );
});

describe.runIf(corpusPresent)('what goes with an answer', () => {
  let exchange: Exchange;
  let client: TortureClient;
  beforeAll(async () => {
    exchange = await Exchange.start();
    client = await tcpTortureClient(portOf(exchange.server, 'tcp'), SIGN_IN);
  });
  afterAll(async () => {
    await client.close();
    await exchange.close();
  });

  /** A torture message called to somebody who is here, with a transaction of its own. */
  const answerTo = async (name: string, edit: (text: string) => string = (text) => text) => {
    const found = tortureCases().find((entry) => entry.name === name);
    if (!found) throw new Error(`no torture message ${name}`);
    const text = edit(found.bytes.toString('latin1'))
      .replace(/^INVITE \S+/, 'INVITE sip:102@127.0.0.1')
      .replace(/branch=[^;\s]+/, `branch=z9hG4bK-${name}-${Math.random()}`);
    const { responses } = await client.put(Buffer.from(text, 'latin1'));
    return Buffer.from(responses.find((response) => statusOf(response) >= 200) ?? '', 'latin1');
  };

  it('invut, to somebody who is here, is a 415 that says what is understood', async () => {
    const answer = await answerTo('invut');
    expect(statusOf(answer.toString())).toBe(415);
    expect(peek(answer, 'accept')).toBe('application/sdp');
  });

  it('a packed body is a 415 that says that none is understood', async () => {
    const pack = (text: string) =>
      text
        .replace('Content-Type: application/unknownformat', 'Content-Type: application/sdp')
        .replace(/^Max-Forwards/m, 'Content-Encoding: gzip\r\nMax-Forwards')
        .replace(/^Call-ID: /m, 'Call-ID: packed-');
    const answer = await answerTo('invut', pack);
    expect(statusOf(answer.toString())).toBe(415);
    expect(peek(answer, 'accept-encoding')).toBe('identity');
  });

  it('sdp01, to somebody who is here, is a 406', async () => {
    expect(statusOf((await answerTo('sdp01')).toString())).toBe(406);
  });

  it('bext01 names every extension that is not supported', async () => {
    const answer = await answerTo('bext01');
    expect(peek(answer, 'unsupported')).toContain('nothingSupportsThis');
    expect(peek(answer, 'unsupported')).toContain('nothingSupportsThisEither');
  });

  it('an unknown method is a 501 and a known one that is not served a 405, both with Allow', async () => {
    for (const [name, status] of [
      ['intmeth', 501],
      ['mpart01', 405],
    ] as const) {
      const answer = await answerTo(name);
      expect(statusOf(answer.toString())).toBe(status);
      expect(peek(answer, 'allow')).toContain('INVITE');
    }
  });

  it('an INVITE that may not go further is a 483, an OPTIONS for us is not', async () => {
    const invite = await answerTo('sdp01', (text) =>
      text.replace('Max-Forwards: 5', 'Max-Forwards: 0').replace('Call-ID: ', 'Call-ID: zero-'),
    );
    expect(statusOf(invite.toString())).toBe(483);
  });
});
