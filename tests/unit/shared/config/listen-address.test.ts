import { describe, expect, it } from 'vitest';
import {
  formatListenAddress,
  isLoopback,
  parseHostPort,
  parseListenAddress,
} from '../../../../shared/config/listen-address.ts';

describe('a listen address', () => {
  it.each([
    ['udp:127.0.0.1:5160', { transport: 'udp', address: '127.0.0.1', port: 5160 }],
    ['WS:[::1]:8188', { transport: 'ws', address: '::1', port: 8188 }],
    ['tcp:localhost:0', { transport: 'tcp', address: 'localhost', port: 0 }],
  ])('is read from %s', (text, value) => {
    const parsed = parseListenAddress(text);
    expect(parsed).toEqual({ ok: true, value });
    if (parsed.ok) expect(formatListenAddress(parsed.value)).toBe(text.toLowerCase());
  });

  it.each([
    ['5160', 'no-transport'],
    ['sctp:127.0.0.1:5160', 'unknown-transport'],
    ['udp:127.0.0.1', 'no-port'],
    ['udp:[::1]', 'no-port'],
    ['udp:127.0.0.1:70000', 'bad-port'],
    ['udp:127.0.0.1:', 'bad-port'],
    ['udp:::1:5060', 'bad-address'],
    ['udp:a b:5060', 'bad-address'],
  ])('%s is refused: %s', (text, error) => {
    expect(parseListenAddress(text)).toEqual({ ok: false, error });
  });

  it('of HTTP has no transport', () => {
    expect(parseHostPort('127.0.0.1:8080')).toEqual({
      ok: true,
      value: { address: '127.0.0.1', port: 8080 },
    });
  });

  it('is loopback only when no other machine can reach it', () => {
    expect(
      ['127.0.0.1', '127.9.9.9', '::1', 'localhost', '::ffff:127.0.0.1'].every(isLoopback),
    ).toBe(true);
    expect(['0.0.0.0', '::', '10.0.0.1', '127.evil.test', '1270.0.0.1'].some(isLoopback)).toBe(
      false,
    );
  });
});
