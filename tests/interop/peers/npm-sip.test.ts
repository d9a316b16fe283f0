import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectUdp, connectWs } from '../../fakes/phone-connections.ts';
import { until } from '../../fakes/sip-phone.ts';
import { Exchange } from '../kit/exchange.ts';
import { portOf } from '../kit/park-server.ts';

interface Address {
  readonly uri: string;
  readonly params: Readonly<Record<string, string | undefined>>;
}

/** A message as npm `sip` reads it: another stack, written by others. */
interface Opinion {
  readonly method?: string;
  readonly uri?: string;
  readonly status?: number;
  readonly headers: {
    readonly via: readonly { readonly params: Readonly<Record<string, string>> }[];
    readonly from: Address;
    readonly to: Address;
    readonly contact?: readonly Address[];
    readonly 'call-id': string;
    readonly cseq: { readonly seq: number; readonly method: string };
    readonly 'content-length': number;
  };
  readonly content: string;
}

const npmSip: { parse(text: string): Opinion | undefined } = createRequire(import.meta.url)('sip');

/** What the same message says to somebody who only looks for text. */
function plainly(text: string) {
  const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
  const lines = head.split('\r\n');
  const all = (name: string) =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trim());
  const tag = (name: string) => /;tag=([^;]+)/.exec(all(name)[0] ?? '')?.[1];
  const unquoted = (value = ''): string => value.replace(/"(?:[^"\\]|\\.)*"/g, '');
  const uri = (value: string | undefined) => /<([^>]+)>/.exec(unquoted(value))?.[1];
  const [sequence, method] = (all('cseq')[0] ?? '').split(' ');
  return {
    start: lines[0] ?? '',
    vias: all('via').length,
    branch: /branch=([^;]+)/.exec(all('via')[0] ?? '')?.[1],
    from: [uri(all('from')[0]), tag('from')],
    to: [uri(all('to')[0]), tag('to')],
    contacts: all('contact').map(uri),
    callId: all('call-id')[0],
    cseq: [Number(sequence), method],
    length: Number(all('content-length')[0]),
    body,
  };
}

function expectAgreement(text: string): void {
  const opinion = npmSip.parse(text);
  if (opinion === undefined) throw new Error(`npm sip cannot read this:\n${text}`);
  const { headers } = opinion;
  const start =
    opinion.status === undefined
      ? `${opinion.method} ${opinion.uri} SIP/2.0`
      : expect.stringMatching(new RegExp(`^SIP/2\\.0 ${opinion.status} `));
  expect(plainly(text)).toEqual({
    start,
    vias: headers.via.length,
    branch: headers.via[0]?.params['branch'],
    from: [headers.from.uri, headers.from.params['tag']],
    to: [headers.to.uri, headers.to.params['tag']],
    contacts: (headers.contact ?? []).map(({ uri }) => uri),
    callId: headers['call-id'],
    cseq: [headers.cseq.seq, headers.cseq.method],
    length: headers['content-length'],
    body: opinion.content,
  });
  expect(Buffer.byteLength(opinion.content, 'latin1')).toBe(headers['content-length']);
}

describe('npm sip reads what the server says', () => {
  let exchange: Exchange;
  const heard: string[] = [];
  const listen = (bytes: Uint8Array): void => {
    heard.push(Buffer.from(bytes).toString('latin1'));
  };

  /** A whole life: sign-in, call, refused park, park, list, retrieve, refusals, hang-up; over UDP and WebSocket. */
  beforeAll(async () => {
    exchange = await Exchange.start(['101', '102', '103'], { recall: { timerMs: 10_000 } });
    exchange.addUser('104', 'Kovács "Anna" <sip:x@y>, & Söhne');
    const desk = async (extension: string) => {
      const connection = await connectUdp(portOf(exchange.server, 'udp'), undefined, listen);
      return exchange.joined(extension, connection);
    };
    const [client, bob] = [await desk('104'), await desk('101')];
    const alice = exchange.joined('102', await connectWs(exchange.webSocketUrl, listen));
    for (const phone of [client, bob, alice]) await phone.register();
    const list = await alice.subscribe('*88');
    const { caller, callee } = await exchange.connect(client, bob);
    await callee.hold();
    await callee.refer('*68999');
    await callee.refer('*68102', [['X-Park-Note', 'f%C3%BCr%20dich']]);
    await callee.referResult();
    await callee.byeReceived(3_000);
    await list.shows('the call', (body) => body.includes('für dich'));
    const taken = await alice.call('*88');
    await until('they talk', () => exchange.hears(taken) === '104');
    for (const nobody of ['*88', '*8810', '999']) await bob.dial(nobody).finished();
    await bob.subscribe('102', { event: 'weather' });
    await bob.subscribe('102', { expires: 5 });
    await bob.stray('DANCE');
    await caller.hangUp();
    await until('the end', () => taken.ended);
  });
  afterAll(() => exchange.close());

  it('there was something of every kind', () => {
    const kinds = new Set(heard.map((text) => /^(?:SIP\/2\.0 )?(\S+)/.exec(text)?.[1]));
    for (const kind of [
      'INVITE',
      'ACK',
      'BYE',
      'NOTIFY',
      '200',
      '202',
      '401',
      '404',
      '423',
      '484',
      '489',
      '501',
    ])
      expect([...kinds]).toContain(kind);
  });

  it('message by message', () => {
    expect(heard.length).toBeGreaterThan(30);
    for (const text of heard) expectAgreement(text);
  });
});
