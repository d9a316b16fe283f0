/**
 * The timers of RFC 3261 §17 and RFC 6026 over real sockets and in real time: a sample of the table that the unit tests walk in virtual
 * time. All cases wait side by side, so that the whole takes little more than 64*T1.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { makeResponse } from '../../shared/sip/message/builders.ts';
import type { SipMessage } from '../../shared/sip/message/message.ts';
import { parseMessage } from '../../shared/sip/message/parse-message.ts';
import { serializeMessage } from '../../shared/sip/message/serialize.ts';
import { Endpoint } from '../../shared/sip/transaction/endpoint.ts';
import type { Flow } from '../../shared/sip/transaction/flow.ts';
import type { ClientOutcome } from '../../shared/sip/transaction/transaction-user.ts';
import { systemSipClock, systemSipRandom } from '../../shared/sip/transport/system-ports.ts';
import { openUdp } from '../../shared/sip/transport/udp.ts';
import { sampleRequest } from '../fakes/sip-pair.ts';
import { eventually } from '../interop/kit/eventually.ts';
import { Exchange } from '../interop/kit/exchange.ts';
import { portOf } from '../interop/kit/park-server.ts';
import { answerDigest, WirePhone } from '../interop/kit/wire-phone.ts';

// Waiting costs nothing: all at once.
vi.setConfig({ maxConcurrency: 20 });

const [T1, T2, T4] = [500, 4_000, 5_000];
const GIVE_UP_MS = 64 * T1;
/** Timers never fire early by more than a clock's grain, and late by as much as a busy machine makes them. */
const [EARLY_MS, LATE_MS] = [30, 1_000];
/** Timer A: doubles without end. Timers E and G: double up to T2 (§17.1.1.2, §17.1.2.2, §17.2.1). */
const DOUBLING = [0, 1, 3, 7, 15, 31, 63].map((n) => n * T1);
const CAPPED = [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500];
/** Timer E once a provisional answer came: T2 at once. */
const PROCEEDING = [0, 500, ...[1, 2, 3, 4, 5, 6, 7].map((n) => 500 + n * T2)];

/** The far end: a bare socket that notes what comes and answers only as it is told. */
class Ear {
  readonly heard: { readonly at: number; readonly message: SipMessage }[] = [];
  readonly #socket: Socket;
  readonly #port: number;

  static async listening(towards: number): Promise<Ear> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Ear(socket, towards);
  }

  private constructor(socket: Socket, towards: number) {
    this.#socket = socket;
    this.#port = towards;
    socket.on('message', (bytes) => {
      const read = parseMessage(bytes, { framing: 'datagram' });
      if (read.kind !== 'message') return;
      this.heard.push({ at: performance.now(), message: read.message });
      this.onMessage(read.message);
    });
  }

  onMessage: (message: SipMessage) => void = () => undefined;
  /** When the first request went out, by whoever sent it. */
  began = 0;

  get port(): number {
    return this.#socket.address().port;
  }

  /** When what came arrived, in ms after the first request went out. */
  get times(): readonly number[] {
    return this.heard.map(({ at }) => at - this.began);
  }

  say(message: SipMessage): void {
    this.began ||= performance.now();
    this.#socket.send(serializeMessage(message), this.#port, '127.0.0.1');
  }

  close(): void {
    this.#socket.close();
  }
}

interface Line {
  readonly endpoint: Endpoint;
  readonly ear: Ear;
  readonly flow: Flow;
}

const lines: { close(): unknown }[] = [];
afterAll(async () => {
  for (const each of lines) await each.close();
});

async function line(): Promise<Line> {
  const endpoint = new Endpoint({ clock: systemSipClock, random: systemSipRandom });
  const listener = await openUdp({ address: '127.0.0.1', port: 0, receiver: endpoint });
  const ear = await Ear.listening(listener.port);
  lines.push(ear, listener);
  return { endpoint, ear, flow: listener.flowTo({ address: '127.0.0.1', port: ear.port }) };
}

function expectSchedule(times: readonly number[], wanted: readonly number[]): void {
  expect(times.map((ms) => Math.round(ms / 1_000))).toHaveLength(wanted.length);
  times.forEach((ms, n) => {
    expect(ms).toBeGreaterThan((wanted[n] ?? 0) - EARLY_MS);
    expect(ms).toBeLessThan((wanted[n] ?? 0) + LATE_MS);
  });
}

const expectAbout = (ms: number, wanted: number) => {
  expect(ms).toBeGreaterThan(wanted - EARLY_MS);
  expect(ms).toBeLessThan(wanted + LATE_MS);
};

/** Sends a request; when its outcome came, and what it was. */
function ask({ endpoint, ear, flow }: Line, method: string) {
  ear.began = performance.now();
  return new Promise<{ readonly ms: number; readonly outcome: ClientOutcome }>((resolve) => {
    endpoint.request(sampleRequest({ method }), flow, {
      onFinal: (outcome) => resolve({ ms: performance.now() - ear.began, outcome }),
    });
  });
}

/** How long after the first request the endpoint remembers nothing any more, in ms. */
async function forgetting({ endpoint, ear }: Line, withinMs: number): Promise<number> {
  await eventually(() => endpoint.liveTransactions === 0, withinMs);
  return performance.now() - ear.began;
}

/** A request of the ear's, as it goes over the wire. */
function requestOf(ear: Ear, method: string) {
  const request = sampleRequest({ method });
  const via = `SIP/2.0/UDP 127.0.0.1:${ear.port};branch=z9hG4bK-${method}-${ear.port};rport`;
  request.headers.prepend('Via', via);
  return request;
}

describe.concurrent('in real time', { timeout: 60_000 }, () => {
  it('A and B: an INVITE that nobody answers goes out seven times and fails after 64*T1', async () => {
    const a = await line();
    const { ms, outcome } = await ask(a, 'INVITE');
    expect(outcome.kind).toBe('timeout');
    expectAbout(ms, GIVE_UP_MS);
    expectSchedule(a.ear.times, DOUBLING);
  });

  it.each(['OPTIONS', 'NOTIFY', 'REFER', 'BYE'])(
    'E and F: %s without an answer goes out eleven times and fails after 64*T1',
    async (method) => {
      const a = await line();
      const { ms, outcome } = await ask(a, method);
      expect(outcome.kind).toBe('timeout');
      expectAbout(ms, GIVE_UP_MS);
      expectSchedule(a.ear.times, CAPPED);
    },
  );

  it('E: after a provisional answer it goes out every T2 only', async () => {
    const a = await line();
    a.ear.onMessage = (message) => {
      if (message.kind === 'request' && a.ear.heard.length === 1)
        a.ear.say(makeResponse(message, 100));
    };
    await ask(a, 'REFER');
    expectSchedule(a.ear.times, PROCEEDING);
  });

  it('K: an answered request is remembered for T4', async () => {
    const a = await line();
    a.ear.onMessage = (message) => {
      if (message.kind === 'request') a.ear.say(makeResponse(message, 200, { toTag: 'b' }));
    };
    expect((await ask(a, 'OPTIONS')).outcome.kind).toBe('response');
    expectAbout(await forgetting(a, 10_000), T4);
  });

  it('D: a refused INVITE acknowledges every copy of the refusal for 32 s', async () => {
    const a = await line();
    a.ear.onMessage = (message) => {
      if (message.kind === 'request' && message.method === 'INVITE')
        a.ear.say(makeResponse(message, 486, { toTag: 'b' }));
    };
    await ask(a, 'INVITE');
    const forgotten = forgetting(a, 40_000);
    const [invite] = a.ear.heard;
    for (let n = 0; n < 3; n += 1) {
      await pause(1_000);
      if (invite?.message.kind === 'request')
        a.ear.say(makeResponse(invite.message, 486, { toTag: 'b' }));
    }
    expectAbout(await forgotten, GIVE_UP_MS);
    const acks = a.ear.heard.filter(
      ({ message }) => message.kind === 'request' && message.method === 'ACK',
    );
    expect(acks).toHaveLength(4);
  });

  it('M: an answered INVITE is remembered for 64*T1, for the 2xx of other branches', async () => {
    const a = await line();
    a.ear.onMessage = (message) => {
      if (message.kind === 'request') a.ear.say(makeResponse(message, 200, { toTag: 'b' }));
    };
    await ask(a, 'INVITE');
    expectAbout(await forgetting(a, 40_000), GIVE_UP_MS);
  });

  it('G and H: a refusal of an INVITE is repeated until 64*T1 are over', async () => {
    const a = await line();
    a.endpoint.onRequest((tx) => tx.reply(486));
    a.ear.say(requestOf(a.ear, 'INVITE'));
    await eventually(() => a.ear.heard.length > 0);
    expectAbout(await forgetting(a, 40_000), GIVE_UP_MS);
    expectSchedule(a.ear.times, CAPPED);
  });

  it('I: once it is acknowledged it is remembered for T4', async () => {
    const a = await line();
    a.endpoint.onRequest((tx) => tx.reply(486));
    const invite = requestOf(a.ear, 'INVITE');
    a.ear.onMessage = (response) => {
      const ack = requestOf(a.ear, 'ACK');
      ack.headers.set('Via', invite.headers.get('Via') ?? '');
      ack.headers.set('To', response.headers.get('To') ?? '');
      a.ear.say(ack);
    };
    a.ear.say(invite);
    await eventually(() => a.ear.heard.length > 0);
    expectAbout(await forgetting(a, 10_000), T4);
    expect(a.ear.heard).toHaveLength(1);
  });

  it('J: a repeated request gets the same answer for 64*T1', async () => {
    const a = await line();
    let handled = 0;
    a.endpoint.onRequest((tx) => {
      handled += 1;
      tx.reply(200);
    });
    const options = requestOf(a.ear, 'OPTIONS');
    a.ear.say(options);
    await eventually(() => a.ear.heard.length === 1);
    const forgotten = forgetting(a, 40_000);
    for (let n = 2; n <= 4; n += 1) {
      await pause(5_000);
      a.ear.say(options);
      await eventually(() => a.ear.heard.length === n);
    }
    expectAbout(await forgotten, GIVE_UP_MS);
    expect(handled).toBe(1);
  });

  it('L: a 200 to an INVITE that nobody acknowledges is repeated until 64*T1 are over (§13.3.1.4)', async () => {
    const a = await line();
    a.endpoint.onRequest((tx) => tx.reply(200));
    a.ear.say(requestOf(a.ear, 'INVITE'));
    await eventually(() => a.ear.heard.length > 0);
    expectAbout(await forgetting(a, 40_000), GIVE_UP_MS);
    expectSchedule(a.ear.times, CAPPED);
  });

  it('a subscriber who says nothing to a NOTIFY gets it eleven times, and is dropped', async () => {
    const exchange = await Exchange.start(['102']);
    lines.push(exchange);
    const mute = await WirePhone.udp(portOf(exchange.server, 'udp'));
    lines.push(mute);
    expect((await mute.register({ extension: '102', password: 'secret-102' })).status).toBe(200);
    await subscribe(mute);
    const began = performance.now();
    const at: number[] = [];
    for (let n = 0; n < CAPPED.length; n += 1) {
      expect(await mute.next()).toMatch(/^NOTIFY /);
      at.push(performance.now());
    }
    expectSchedule(
      at.map((each) => each - began),
      CAPPED,
    );
    const subscriptions = async () => {
      const text = await (await fetch(`${exchange.server.httpUrl}/metrics`)).text();
      return /^parkline_subscriptions (\d+)$/m.exec(text)?.[1];
    };
    expect(await subscriptions()).toBe('1');
    await pause(GIVE_UP_MS - (CAPPED.at(-1) ?? 0) + LATE_MS);
    expect(await subscriptions()).toBe('0');
  });
});

async function subscribe(phone: WirePhone): Promise<void> {
  const uri = 'sip:*88@127.0.0.1';
  const send = (cseq: number, more: readonly string[]) =>
    phone.request('SUBSCRIBE', uri, [
      'From: <sip:102@127.0.0.1>;tag=s',
      'To: <sip:*88@127.0.0.1>',
      'Call-ID: mute-subscriber',
      `CSeq: ${cseq} SUBSCRIBE`,
      `Contact: <sip:102@${phone.wire.local}>`,
      'Event: dialog',
      'Expires: 600',
      ...more,
    ]);
  const challenge = (await send(1, [])).get('WWW-Authenticate');
  const login = { username: '102', password: 'secret-102', method: 'SUBSCRIBE', uri };
  expect((await send(2, [`Authorization: ${answerDigest(challenge, login)}`])).status).toBe(200);
}
