import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../../../shared/server/client-address.ts';

const PROXIES = ['127.0.0.1', '::1', '10.0.0.2'];

describe('where a request came from', () => {
  it.each([
    ['the connection’s peer when that is no proxy', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['what a proxy says', '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    [
      'the last it says: before stands what the client made up',
      '::1',
      '1.2.3.4, 198.51.100.1',
      '198.51.100.1',
    ],
    [
      'beyond a chain of our own proxies',
      '::ffff:127.0.0.1',
      '198.51.100.1, 10.0.0.2',
      '198.51.100.1',
    ],
    ['IPv6 with brackets', '127.0.0.1', '[2001:db8::9]', '2001:db8::9'],
    ['the proxy when it says nothing', '127.0.0.1', undefined, '127.0.0.1'],
    ['the proxy when it talks rubbish', '127.0.0.1', 'unknown', '127.0.0.1'],
  ])('is %s', (_what, peer, forwarded, address) => {
    expect(clientAddress(peer, forwarded, PROXIES)).toBe(address);
  });
});
