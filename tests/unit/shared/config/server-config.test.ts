import { describe, expect, it } from 'vitest';
import { mediaAddressesOf } from '../../../../shared/config/media-config.ts';
import { parseServerConfig } from '../../../../shared/config/server-config.ts';

const smallest = {
  dataDir: './data',
  listen: [{ transport: 'ws', address: '127.0.0.1', port: 0 }],
};

const V4 = { bind: '10.0.0.5' };

describe('the server configuration', () => {
  it('needs a data directory and one listener, and fills in the rest', () => {
    const parsed = parseServerConfig(smallest);
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        insecureNoAuth: false,
        graceMs: 30_000,
        iceServers: [],
        limits: { bindingsPerUser: 32 },
        defence: { replyFactor: 3 },
        tenantSettings: { parkedCallsPerExtension: 10 },
      },
    });
  });

  it.each([
    [{ listen: smallest.listen }, 'dataDir'],
    [{ ...smallest, listen: [] }, 'listen'],
    [{ ...smallest, listen: [{ ...smallest.listen[0], port: 65_536 }] }, 'listen[0].port'],
    [{ ...smallest, media: { rtpPorts: { first: 20_000, last: 10_000 } } }, 'media.rtpPorts'],
    [{ ...smallest, media: { addresses: [] } }, 'media.addresses'],
    [{ ...smallest, media: { addresses: [{ bind: '0.0.0.0' }] } }, 'media.addresses[0].bind'],
    [{ ...smallest, media: { addresses: [{ bind: 'here' }] } }, 'media.addresses[0].bind'],
    [{ ...smallest, media: { addresses: [V4, V4] } }, 'media.addresses'],
    [{ ...smallest, publicUrl: 'phones.example.org' }, 'publicUrl'],
    [{ ...smallest, publicUrl: 'https://example.org/phones' }, 'publicUrl'],
    [{ ...smallest, iceServers: [{ urls: ['http://x'] }] }, 'iceServers[0].urls[0]'],
    [{ ...smallest, iceServers: [{ urls: ['turn:x.test'] }] }, 'iceServers[0].secret'],
    [
      { ...smallest, iceServers: [{ urls: ['stun:x.test'], username: 'u' }] },
      'iceServers[0].username',
    ],
    [{ ...smallest, limits: { calls: 0 } }, 'limits.calls'],
    [{ ...smallest, defence: { replyFactor: 0 } }, 'defence.replyFactor'],
    [{ ...smallest, tenantSettings: { journalDays: 0 } }, 'tenantSettings.journalDays'],
    [{ ...smallest, lisen: [] }, ''],
    ['half a fi', ''],
  ])('refuses %j and names the key %s', (input, path) => {
    const parsed = parseServerConfig(input);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.error.map((problem) => problem.path)).toContain(path);
  });

  it('takes a public URL with or without the slash at its end', () => {
    const parsed = parseServerConfig({ ...smallest, publicUrl: 'https://phones.example.org/' });
    expect(parsed).toMatchObject({ ok: true, value: { publicUrl: 'https://phones.example.org' } });
  });

  it('has audio where SIP listens unless told otherwise', () => {
    const audioOf = (input: object) => {
      const parsed = parseServerConfig({ ...smallest, ...input });
      return parsed.ok ? mediaAddressesOf(parsed.value).map(({ bind }) => bind) : parsed.error;
    };
    const listen = ['10.0.0.5', '10.0.0.5', '::1', 'localhost', '0.0.0.0'].map((address) => ({
      transport: 'udp',
      address,
      port: 5060,
    }));
    expect(audioOf({ listen })).toEqual(['10.0.0.5', '::1']);
    expect(audioOf({ listen: listen.slice(3) })).toEqual(['127.0.0.1']);
    expect(audioOf({ listen, media: { addresses: [{ bind: '10.0.0.9' }] } })).toEqual(['10.0.0.9']);
  });

  it('allows no server without authentication beyond loopback', () => {
    const open = { ...smallest, insecureNoAuth: true };
    expect(parseServerConfig(open).ok).toBe(true);
    const beyond = { ...open, listen: [{ transport: 'udp', address: '0.0.0.0', port: 5060 }] };
    expect(parseServerConfig(beyond)).toMatchObject({
      ok: false,
      error: [{ path: 'listen[0].address' }],
    });
    const web = { ...open, http: { address: '0.0.0.0', port: 8080 } };
    expect(parseServerConfig(web)).toMatchObject({ ok: false, error: [{ path: 'http.address' }] });
  });
});
