import { createSocket } from 'node:dgram';
import { createRequire } from 'node:module';
import JsSIP from 'jssip';
import { afterEach, describe, expect, it } from 'vitest';
import { Dialog } from '../../shared/sip/dialog/dialog.ts';
import { NotifierSubscription } from '../../shared/sip/dialog/subscription.ts';
import { makeRequest } from '../../shared/sip/message/builders.ts';
import type { SipRequest } from '../../shared/sip/message/message.ts';
import { Endpoint } from '../../shared/sip/transaction/endpoint.ts';
import type { Flow } from '../../shared/sip/transaction/flow.ts';
import type {
  ClientOutcome,
  ServerTransaction,
} from '../../shared/sip/transaction/transaction-user.ts';
import { systemSipClock, systemSipRandom } from '../../shared/sip/transport/system-ports.ts';
import { openUdp } from '../../shared/sip/transport/udp.ts';
import { openWs } from '../../shared/sip/transport/ws.ts';
import { address } from '../fakes/sip-pair.ts';

const LOOPBACK = '127.0.0.1';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const until = async (condition: () => boolean, withinMs = 5_000): Promise<void> => {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** Our side: everything that comes in is kept, `answer` decides. */
class OurSide {
  readonly received: ServerTransaction[] = [];
  readonly acks: SipRequest[] = [];
  readonly errors: unknown[] = [];
  answer: (transaction: ServerTransaction) => void = (transaction) => void transaction.reply(200);
  readonly observer = { callbackFailed: (error: unknown) => void this.errors.push(error) };
  readonly endpoint = new Endpoint({
    clock: systemSipClock,
    random: systemSipRandom,
    observer: this.observer,
  });

  constructor() {
    this.endpoint.onRequest((transaction) => {
      this.received.push(transaction);
      this.answer(transaction);
    });
    this.endpoint.onAck((ack) => this.acks.push(ack));
    cleanUps.push(() => {
      this.endpoint.close();
      expect(this.errors).toEqual([]);
    });
  }

  methods(): string[] {
    return this.received.map(({ request }) => request.method);
  }
}

const requestTo = (uri: string, method: string, more: { body?: string } = {}): SipRequest =>
  makeRequest({
    method,
    uri: address(`<${uri}>`).uri,
    from: address(`<sip:ours@pbx.test>;tag=${systemSipRandom.token(64)}`),
    to: address(`<${uri}>`),
    callId: systemSipRandom.token(128),
    cseq: 1,
    contact: address(`<sip:ours@${LOOPBACK}>`),
    ...(more.body !== undefined && { body: more.body, contentType: 'text/plain' }),
  });

const resultOf = (outcome: ClientOutcome | undefined): number | string | undefined =>
  outcome?.kind === 'response' ? outcome.response.status : outcome?.kind;

/** The parts of npm `sip` that are used here: another stack, written by others. */
interface PeerMessage {
  method?: string;
  uri?: string;
  status?: number;
  headers: Record<string, unknown> & { to: { params: Record<string, string> } };
  content?: string;
}
interface PeerStack {
  send(message: object, onResponse?: (response: PeerMessage) => void): void;
  destroy(): void;
}
interface PeerModule {
  create(options: object, onMessage: (message: PeerMessage) => void): PeerStack;
  makeResponse(
    request: PeerMessage,
    status: number,
    reason?: string,
    extension?: object,
  ): PeerMessage;
}
const sip: PeerModule = createRequire(import.meta.url)('sip');

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, LOOPBACK, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** Our endpoint on UDP, and an npm `sip` peer that knows nothing of us. */
async function withPeer() {
  const us = new OurSide();
  const listener = await openUdp({
    address: LOOPBACK,
    port: 0,
    receiver: us.endpoint,
    observer: us.observer,
  });
  cleanUps.push(() => listener.close());
  const port = await freePort();
  const heard: PeerMessage[] = [];
  const handler: { run: (message: PeerMessage) => void } = { run: () => {} };
  const peer = sip.create(
    { address: LOOPBACK, publicAddress: 'peer.test', port, tcp: false },
    (message) => {
      heard.push(message);
      handler.run(message);
    },
  );
  cleanUps.push(() => peer.destroy());
  const ask = (method: string, more: object = {}): object => ({
    method,
    uri: `sip:us@${LOOPBACK}:${listener.port};transport=udp`,
    headers: {
      to: { uri: `sip:us@${LOOPBACK}`, params: {} },
      from: { uri: 'sip:peer@peer.test', params: { tag: 'peer' } },
      'call-id': systemSipRandom.token(64),
      cseq: { method, seq: 7 },
      contact: [{ uri: `sip:peer@${LOOPBACK}:${port}` }],
      ...more,
    },
  });
  const flow = listener.flowTo({ address: LOOPBACK, port });
  const heardMethods = () => heard.map(({ method }) => method);
  return { us, listener, peer, port, heard, heardMethods, handler, ask, flow };
}

describe('npm sip over UDP', () => {
  it('calls us: ringing, answer, ACK; we hang up', async () => {
    const { us, peer, handler, ask } = await withPeer();
    const statuses: number[] = [];
    let dialog: Dialog | undefined;
    us.answer = (transaction) => {
      transaction.reply(180);
      const contact = address(`<sip:us@${LOOPBACK}>`);
      transaction.reply(200, { contact });
      const { localTag } = transaction;
      const local = { localTag, localContact: `<sip:us@${LOOPBACK}>`, state: 'confirmed' } as const;
      dialog = Dialog.fromRequest(transaction.request, local);
    };
    const invite = ask('INVITE') as PeerMessage;
    handler.run = (message) => {
      if (message.method === 'BYE') peer.send(sip.makeResponse(message, 200));
    };
    peer.send(invite, (response) => {
      statuses.push(response.status ?? 0);
      if (response.status !== 200) return;
      peer.send({
        method: 'ACK',
        uri: invite.uri,
        headers: {
          ...invite.headers,
          to: response.headers.to,
          cseq: { method: 'ACK', seq: 7 },
          via: [],
        },
      });
    });
    await until(() => us.acks.length === 1);
    expect(statuses).toEqual([180, 200]);
    expect(us.methods()).toEqual(['INVITE']);
    const [invited] = us.received;
    const bye = dialog?.createRequest('BYE');
    const outcomes: ClientOutcome[] = [];
    if (bye && invited) {
      us.endpoint.request(bye, invited.flow, { onFinal: (outcome) => outcomes.push(outcome) });
    }
    await until(() => outcomes.length === 1);
    expect(resultOf(outcomes[0])).toBe(200);
  });

  it('is called by us: provisional answers, 2xx, and our ACK arrives in its dialog', async () => {
    const { us, peer, port, handler, heardMethods, flow } = await withPeer();
    handler.run = (message) => {
      if (message.method !== 'INVITE') return;
      const answer = (status: number) => {
        const response = sip.makeResponse(message, status, undefined, {
          headers: { contact: [{ uri: `sip:peer@${LOOPBACK}:${port}` }] },
        });
        response.headers.to.params['tag'] = 'theirs';
        peer.send(response);
      };
      answer(180);
      answer(200);
    };
    const invite = requestTo(`sip:peer@${LOOPBACK}:${port}`, 'INVITE');
    const statuses: number[] = [];
    const outcomes: ClientOutcome[] = [];
    us.endpoint.request(invite, flow, {
      onProvisional: ({ status }) => statuses.push(status),
      onFinal: (outcome) => {
        outcomes.push(outcome);
        if (outcome.kind !== 'response') return;
        const local = { localContact: `<sip:us@${LOOPBACK}>` };
        const dialog = Dialog.fromResponse(invite, outcome.response, local);
        us.endpoint.sendAck(dialog.createAck(1), flow);
      },
    });
    await until(() => heardMethods().includes('ACK'));
    expect(statuses).toContain(180);
    expect(resultOf(outcomes[0])).toBe(200);
    expect(heardMethods()).toEqual(['INVITE', 'ACK']);
  });

  it('refuses us: our ACK ends its retransmissions', async () => {
    const { us, peer, port, handler, heardMethods, flow } = await withPeer();
    handler.run = (message) => {
      if (message.method === 'INVITE') peer.send(sip.makeResponse(message, 486));
    };
    const outcomes: ClientOutcome[] = [];
    us.endpoint.request(requestTo(`sip:peer@${LOOPBACK}:${port}`, 'INVITE'), flow, {
      onFinal: (outcome) => outcomes.push(outcome),
    });
    await until(() => outcomes.length === 1);
    expect(resultOf(outcomes[0])).toBe(486);
    // Its server transaction took the ACK; an ACK that it could not match would surface in its handler.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(heardMethods()).toEqual(['INVITE']);
  });

  it('rings and is cancelled', async () => {
    const { us, peer, port, handler, heard, heardMethods, flow } = await withPeer();
    handler.run = (message) => {
      if (message.method === 'INVITE') peer.send(sip.makeResponse(message, 180));
      if (message.method !== 'CANCEL') return;
      peer.send(sip.makeResponse(message, 200));
      const [invite] = heard;
      if (invite) peer.send(sip.makeResponse(invite, 487));
    };
    const outcomes: ClientOutcome[] = [];
    const transaction = us.endpoint.request(
      requestTo(`sip:peer@${LOOPBACK}:${port}`, 'INVITE'),
      flow,
      { onFinal: (outcome) => outcomes.push(outcome) },
    );
    transaction.cancel([['Reason', 'SIP;cause=200;text="Call completed elsewhere"']]);
    await until(() => outcomes.length === 1);
    expect(heardMethods()).toEqual(['INVITE', 'CANCEL']);
    expect(heard[1]?.headers['reason']).toContain('completed elsewhere');
    expect(resultOf(outcomes[0])).toBe(487);
  });

  it('cancels its call to us', async () => {
    const { us, peer, ask } = await withPeer();
    us.answer = (transaction) => void transaction.reply(180);
    const invite = ask('INVITE') as PeerMessage;
    const statuses: number[] = [];
    let cancelled = 0;
    peer.send(invite, (response) => {
      statuses.push(response.status ?? 0);
      if (response.status !== 180) return;
      us.received[0]?.onCancel(() => (cancelled += 1));
      peer.send({
        method: 'CANCEL',
        uri: invite.uri,
        headers: { ...invite.headers, cseq: { method: 'CANCEL', seq: 7 } },
      });
    });
    await until(() => statuses.includes(487));
    expect(statuses).toEqual([180, 487]);
    expect(cancelled).toBe(1);
  });
});

/** A JsSIP user agent without media, on a WebSocket to our endpoint. */
async function withJsSip() {
  const us = new OurSide();
  const listener = await openWs({
    address: LOOPBACK,
    port: 0,
    path: '/sip',
    receiver: us.endpoint,
    observer: us.observer,
  });
  cleanUps.push(() => listener.close());
  us.answer = (transaction) => {
    const { request } = transaction;
    const contact = request.headers.get('Contact') ?? '';
    const headers =
      request.method === 'REGISTER' ? [['Contact', `${contact};expires=600`] as const] : [];
    transaction.reply(200, { headers });
  };
  const socket = new JsSIP.WebSocketInterface(`ws://${LOOPBACK}:${listener.port}/sip`);
  const ua = new JsSIP.UA({
    sockets: [socket],
    uri: 'sip:101@pbx.test',
    password: 'unused',
    register: true,
    session_timers: false,
  });
  cleanUps.push(() => ua.stop());
  ua.start();
  await until(() => ua.isRegistered());
  const flow = us.received[0]?.flow;
  if (!flow) throw new Error('JsSIP did not register');
  return { us, listener, ua, flow };
}

const outcomeOf = (us: OurSide, request: SipRequest, flow: Flow): Promise<ClientOutcome> =>
  new Promise((onFinal) => us.endpoint.request(request, flow, { onFinal }));

describe('JsSIP over WebSocket', () => {
  it('registers, and messages go both ways by the same flow', async () => {
    const { us, ua, flow } = await withJsSip();
    const delivered = new Promise((resolve) => {
      ua.sendMessage('sip:102@pbx.test', 'grüß dich', {
        eventHandlers: { succeeded: resolve },
      });
    });
    await delivered;
    expect(us.methods()).toEqual(['REGISTER', 'MESSAGE']);
    expect(us.received[1]?.request.text).toBe('grüß dich');
    const heard: string[] = [];
    ua.on(
      'newMessage',
      ({ originator, request }: { originator: string; request: { body: string } }) => {
        if (originator === 'remote') heard.push(request.body);
      },
    );
    const contact = us.received[0]?.request.contact;
    const target = `sip:${contact?.uri.user}@${contact?.uri.host};transport=ws`;
    const outcome = await outcomeOf(us, requestTo(target, 'MESSAGE', { body: 'hei, ñandú' }), flow);
    expect(resultOf(outcome)).toBe(200);
    expect(heard).toEqual(['hei, ñandú']);
  });

  it('answers our OPTIONS', async () => {
    const { us, flow } = await withJsSip();
    const contact = us.received[0]?.request.contact;
    const target = `sip:${contact?.uri.user}@${contact?.uri.host};transport=ws`;
    expect(resultOf(await outcomeOf(us, requestTo(target, 'OPTIONS'), flow))).toBe(200);
  });

  it('subscribes and follows our NOTIFYs to the end', async () => {
    const { us, ua } = await withJsSip();
    let text = 'nothing parked';
    let subscription: NotifierSubscription | undefined;
    us.answer = (transaction) => {
      const { request, localTag, flow } = transaction;
      if (request.toTag !== undefined) return void transaction.reply(481);
      const localContact = `<sip:*88@${LOOPBACK};transport=ws>`;
      const headers = [['Expires', '600'] as const];
      transaction.reply(200, { contact: address(localContact), headers });
      const dialog = Dialog.fromRequest(request, { localTag, localContact, state: 'confirmed' });
      subscription = NotifierSubscription.begin(
        { endpoint: us.endpoint, clock: systemSipClock },
        {
          dialog,
          event: request.headers.get('Event') ?? '',
          seconds: 600,
          flow: () => flow,
          content: ({ version }) => ({ contentType: 'text/plain', body: `${version} ${text}` }),
          onEnd: () => {},
        },
      );
    };
    const bodies: string[] = [];
    let ended = false;
    const subscriber = ua.subscribe('sip:*88@pbx.test', 'dialog', 'text/plain', { expires: 600 });
    subscriber.on('notify', (_isFinal, _request, body) => bodies.push(body ?? ''));
    subscriber.on('terminated', () => (ended = true));
    subscriber.subscribe();
    await until(() => bodies.length === 1);
    text = 'one parked';
    subscription?.changed('now');
    await until(() => bodies.length === 2);
    subscription?.terminate('deactivated');
    await until(() => ended);
    expect(bodies.slice(0, 2)).toEqual(['0 nothing parked', '1 one parked']);
  });

  it('goes on with its calls after its WebSocket came back', async () => {
    const { us, ua, flow } = await withJsSip();
    us.answer = (transaction) => {
      const contact = transaction.request.headers.get('Contact') ?? '';
      transaction.reply(200, { headers: [['Contact', `${contact};expires=600`]] });
    };
    flow.close();
    await until(() => us.received.length === 2, 15_000);
    const newest = us.received[1]?.flow;
    expect(newest).not.toBe(flow);
    expect(flow.closed).toBe(true);
    expect(ua.isConnected()).toBe(true);
  });
});
