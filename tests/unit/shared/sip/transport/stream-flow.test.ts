import { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../../../../shared/sip/message/utf8.ts';
import { Endpoint } from '../../../../../shared/sip/transaction/endpoint.ts';
import type { DropReason } from '../../../../../shared/sip/transaction/ports.ts';
import { Border } from '../../../../../shared/sip/transport/border.ts';
import {
  defaultConnectionLimits,
  type ConnectionLimits,
} from '../../../../../shared/sip/transport/connection-limits.ts';
import { StreamFlow } from '../../../../../shared/sip/transport/stream-flow.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { FakeSipRandom, sipClockOf } from '../../../../fakes/fake-sip-ports.ts';

/** A socket without a network: what is written to it is kept, piece by piece. */
class KeptSocket extends Socket {
  readonly pieces: string[] = [];

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.pieces.push(chunk.toString());
    done();
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: () => void): void {
    this.pieces.push(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString());
    done();
  }
}

const flows: StreamFlow[] = [];
afterEach(() => {
  for (const flow of flows.splice(0)) flow.close();
});

interface World {
  readonly limits?: Partial<ConnectionLimits>;
  readonly dropped?: (why: DropReason) => void;
}

/** A stream to an endpoint that answers everything with 200. */
function stream({ limits, dropped = () => undefined }: World = {}) {
  const endpoint = new Endpoint({
    clock: sipClockOf(new FakeClock()),
    random: new FakeSipRandom(),
  });
  endpoint.onRequest((transaction) => void transaction.reply(200));
  const address = { address: '192.0.2.1', port: 5060 };
  const socket = new KeptSocket();
  const flow = new StreamFlow(
    { id: 's', transport: 'tcp', remote: address, local: address, secure: false },
    {
      socket,
      border: new Border({ receiver: endpoint, observer: { dropped } }),
      limits: { ...defaultConnectionLimits, ...limits },
    },
  );
  flows.push(flow);
  return { socket, flow, hear: (text: string) => socket.emit('data', Buffer.from(text)) };
}

const options = (id: string, more = 'Content-Length: 0\r\n'): string =>
  `OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK${id}\r\nFrom: <sip:a@b>;tag=1\r\n` +
  `To: <sip:a@b>\r\nCall-ID: ${id}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n${more}\r\n`;

/** The answers in one piece of output, as `STATUS CALL-ID`. */
const answersIn = (piece: string | undefined): string[] =>
  [...(piece ?? '').matchAll(/^SIP\/2\.0 (\d+)[^]*?^Call-ID: (\S+)/gm)].map(
    ([, status, id]) => `${status} ${id}`,
  );

describe('requests that came in one piece', () => {
  it('are all answered, and in one piece', () => {
    const { socket, hear } = stream();
    hear(options('a') + options('b') + options('c'));
    expect(socket.pieces.map(answersIn)).toEqual([['200 a', '200 b', '200 c']]);
    hear(options('d'));
    expect(answersIn(socket.pieces[1])).toEqual(['200 d']);
  });

  it('are all answered when the last is refused and ends the connection', () => {
    const { socket, flow, hear } = stream();
    hear(options('a') + options('b') + options('c', ''));
    expect(socket.pieces.flatMap(answersIn)).toEqual(['200 a', '200 b', '400 c']);
    expect([flow.closed, socket.writableEnded]).toEqual([true, true]);
  });

  it('are answered as far as they were taken when a bug breaks off the rest', () => {
    const { socket, flow, hear } = stream({
      limits: { messagesPerSecond: 1 },
      dropped: () => {
        throw new Error('a bug');
      },
    });
    expect(() => hear(options('a') + options('b') + options('c'))).toThrow('a bug');
    expect(socket.pieces.map(answersIn)).toEqual([['200 a', '200 b']]);
    flow.send(encodeUtf8('more'));
    expect(socket.pieces).toHaveLength(2);
  });
});
