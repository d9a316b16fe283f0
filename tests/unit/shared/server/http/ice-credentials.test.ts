import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { iceServersSchema } from '../../../../../shared/config/ice-servers.ts';
import { epochMs } from '../../../../../shared/domain/ids.ts';
import { iceServersFor } from '../../../../../shared/server/http/ice-credentials.ts';
import { MemoryStore } from '../../../../fakes/memory-store.ts';

const store = new MemoryStore();
const bob = store.addUser(store.addTenant('acme'), '101');

describe('ICE servers for a phone', () => {
  it('come with credentials that end by themselves and can be checked with the shared secret', () => {
    const servers = iceServersSchema.parse([
      { urls: ['turn:turn.test:3478?transport=tcp'], secret: 'north', credentialSeconds: 600 },
    ]);
    const [given] = iceServersFor(servers, bob, epochMs(1_700_000_000_999));
    expect(given?.username).toBe(`1700000600:${bob.id}`);
    const proof = createHmac('sha1', 'north')
      .update(given?.username ?? '')
      .digest('base64');
    expect(given).toEqual({ urls: servers[0]?.urls, username: given?.username, credential: proof });
    expect(JSON.stringify(given)).not.toContain('north');
  });

  it('are passed on as they are where no secret is known', () => {
    const servers = iceServersSchema.parse([
      { urls: ['stun:stun.test'] },
      { urls: ['turns:turn.test'], username: 'all', credential: 'same' },
    ]);
    expect(iceServersFor(servers, bob, epochMs(0))).toEqual([
      { urls: ['stun:stun.test'] },
      { urls: ['turns:turn.test'], username: 'all', credential: 'same' },
    ]);
  });
});
