import { describe, expect, it } from 'vitest';
import { MessageFramer } from '../../../../../shared/sip/message/message-framer.ts';

const message = (id: string, body = ''): string =>
  `OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n` +
  `Call-ID: ${id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

const describeAll = (framer: MessageFramer, text: string): string[] =>
  framer.push(Buffer.from(text)).map((outcome) => {
    if (outcome.kind === 'message') return `${outcome.message.callId}:${outcome.message.text}`;
    return outcome.kind === 'rejected'
      ? `${outcome.status}${outcome.close ? ' close' : ''}`
      : outcome.kind;
  });

describe('a stream', () => {
  it('yields messages as they become complete', () => {
    const framer = new MessageFramer();
    const [a, b] = [message('a', 'body'), message('b')];
    expect(describeAll(framer, a.slice(0, 100))).toEqual([]);
    expect(describeAll(framer, a.slice(100, -2))).toEqual([]);
    expect(describeAll(framer, a.slice(-2) + b + a.slice(0, 50))).toEqual(['a:body', 'b:']);
    expect(describeAll(framer, a.slice(50))).toEqual(['a:body']);
  });

  it('hands on one message before it reads the next, until nothing more is wanted', () => {
    const framer = new MessageFramer();
    const taken: string[] = [];
    const piece = Buffer.from(message('a') + message('b') + message('c'));
    framer.pushEach(piece, (outcome, more) => {
      taken.push(`${outcome.kind} ${more}`);
      return taken.length < 2;
    });
    framer.pushEach(piece, () => expect.unreachable());
    expect(taken).toEqual(['message true', 'message true']);
    expect(framer.pending).toBe(0);
  });

  it('answers keep-alives with a ping, wherever they are split', () => {
    const framer = new MessageFramer();
    expect(describeAll(framer, '\r\n\r')).toEqual([]);
    expect(describeAll(framer, '\n')).toEqual(['ping']);
    expect(describeAll(framer, `\r\n${message('a')}\r\n\r\n${message('b')}`)).toEqual([
      'a:',
      'ping',
      'b:',
    ]);
    expect(describeAll(framer, '\r\n\r\n\r\n\r\n')).toEqual(['ping']);
  });

  it('goes on after a message that is refused within its frame', () => {
    const framer = new MessageFramer();
    const bad = message('a', 'x').replace('CSeq: 1', 'CSeq: x');
    expect(describeAll(framer, bad + message('b'))).toEqual(['400', 'b:']);
  });

  it('ends where the next message cannot be found', () => {
    const framer = new MessageFramer();
    const bad = message('a').replace('Content-Length: 0', 'Content-Length: -1');
    expect(describeAll(framer, bad + message('b'))).toEqual(['400 close']);
    expect(describeAll(framer, message('c'))).toEqual([]);
  });

  it('ends with a peer that sends a header without end', () => {
    const framer = new MessageFramer({
      messageBytes: 4_000,
      headBytes: 2_000,
      fieldBytes: 1_000,
      fields: 50,
    });
    let outcomes: string[] = [];
    for (let i = 0; i < 400 && outcomes.length === 0; i++)
      outcomes = describeAll(framer, 'X: yyyyy\r\n');
    expect(outcomes).toEqual(['discard']);
    expect(describeAll(framer, message('a'))).toEqual([]);
  });

  it('does not gather line breaks', () => {
    const framer = new MessageFramer({
      messageBytes: 4_000,
      headBytes: 2_000,
      fieldBytes: 1_000,
      fields: 50,
    });
    for (let i = 0; i < 1_000; i++) expect(describeAll(framer, '\n'.repeat(100))).toEqual([]);
    expect(describeAll(framer, message('a'))).toEqual(['a:']);
  });
});
