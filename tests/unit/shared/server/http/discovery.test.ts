import { describe, expect, it } from 'vitest';
import {
  describeServer,
  webSocketUrl,
  type DiscoveryOptions,
} from '../../../../../shared/server/http/discovery.ts';
import { MemoryStore } from '../../../../fakes/memory-store.ts';

const nothing: DiscoveryOptions = {
  publicUrl: undefined,
  webSockets: [],
  demo: false,
  hasIceServers: false,
};
const plain = { address: '192.0.2.5', port: 8188, secure: false, path: '/' };
const secure = { address: '192.0.2.5', port: 8189, secure: true, path: '/ws' };
const byHttp = { host: 'pbx.test:8080', secure: false };
const byHttps = { host: 'pbx.test', secure: true };

describe('the URL of the WebSocket', () => {
  it.each([
    ['/sip of the HTTP port', byHttp, nothing, 'ws://pbx.test:8080/sip'],
    ['/sip behind https', byHttps, nothing, 'wss://pbx.test/sip'],
    ['a listener of its own', byHttp, { ...nothing, webSockets: [plain] }, 'ws://192.0.2.5:8188/'],
    [
      'no plain one for a page that came by https',
      byHttps,
      { ...nothing, webSockets: [plain] },
      'wss://pbx.test/sip',
    ],
    [
      'the secure one for a page that came by https',
      byHttps,
      { ...nothing, webSockets: [plain, secure] },
      'wss://192.0.2.5:8189/ws',
    ],
    [
      'a wildcard by the name the client used',
      byHttp,
      { ...nothing, webSockets: [{ ...plain, address: '0.0.0.0' }] },
      'ws://pbx.test:8188/',
    ],
    [
      'the public URL before all',
      byHttp,
      { ...nothing, publicUrl: 'https://phones.example.org', webSockets: [plain, secure] },
      'wss://phones.example.org/sip',
    ],
  ])('is %s', (_what, request, options, url) => {
    expect(webSocketUrl(request, options)).toBe(url);
  });
});

describe('what a phone is told before it signs in', () => {
  const store = new MemoryStore();
  const acme = store.addTenant('acme', ['acme.test']);
  const bare = { ...acme, domains: [] };

  it('names the tenant’s domain and the origin that the phone used', () => {
    expect(describeServer(acme, byHttps, nothing)).toEqual({
      webSocketUrl: 'wss://pbx.test/sip',
      domain: 'acme.test',
      displayName: 'acme',
      apiVersion: '1.0',
      oldestAppVersion: null,
      apiBaseUrl: 'https://pbx.test',
      hasIceServers: false,
      demo: false,
    });
  });

  it('names the public URL when there is one', () => {
    const options = {
      ...nothing,
      publicUrl: 'https://phones.example.org:8443',
      hasIceServers: true,
    };
    expect(describeServer(bare, byHttp, options)).toMatchObject({
      webSocketUrl: 'wss://phones.example.org:8443/sip',
      domain: 'phones.example.org',
      apiBaseUrl: 'https://phones.example.org:8443',
      hasIceServers: true,
    });
  });
});
