import { describe, expect, it } from 'vitest';
import { parseServerConfig } from '../../../../shared/config/server-config.ts';

const smallest = {
  dataDir: './data',
  listen: [{ transport: 'ws', address: '127.0.0.1', port: 0 }],
};

describe('the server configuration', () => {
  it('needs a data directory and one listener, and fills in the rest', () => {
    const parsed = parseServerConfig(smallest);
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        tenant: 'default',
        insecureNoAuth: false,
        graceMs: 30_000,
        media: { bind: '127.0.0.1', webrtcPort: 0 },
        tenantSettings: { parkedCallsPerExtension: 10 },
      },
    });
  });

  it.each([
    [{ listen: smallest.listen }, 'dataDir'],
    [{ ...smallest, listen: [] }, 'listen'],
    [{ ...smallest, listen: [{ ...smallest.listen[0], port: 65_536 }] }, 'listen[0].port'],
    [{ ...smallest, media: { rtpPorts: { first: 20_000, last: 10_000 } } }, 'media.rtpPorts'],
    [{ ...smallest, tenantSettings: { journalDays: 0 } }, 'tenantSettings.journalDays'],
    [{ ...smallest, lisen: [] }, ''],
    ['half a fi', ''],
  ])('refuses %j and names the key %s', (input, path) => {
    const parsed = parseServerConfig(input);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.error.map((problem) => problem.path)).toContain(path);
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
