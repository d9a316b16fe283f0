import { describe, expect, test } from 'vitest';
import { discoverServer } from '../../../electron/bridge/discovery.ts';
import type { FetchText } from '../../../electron/bridge/discovery.ts';
import { isPrivateHost, originsOfServer } from '../../../electron/bridge/server-address.ts';

const description = {
  webSocketUrl: 'wss://pbx.example/sip',
  domain: 'pbx.example',
  displayName: 'Example',
  apiVersion: '1',
  apiBaseUrl: 'https://pbx.example',
};

const answering =
  (answers: Record<string, { status: number; body: string } | Error>): FetchText =>
  (url) => {
    const answer = answers[url] ?? new Error('net::ERR_CONNECTION_REFUSED');
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve({ status: answer.status, text: () => Promise.resolve(answer.body) });
  };

const wellKnown = (origin: string): string => `${origin}/.well-known/parkline`;

describe('what a person types as server', () => {
  test.each([
    ['pbx.example', ['https://pbx.example']],
    [' pbx.example:8443 ', ['https://pbx.example:8443']],
    ['102@pbx.example', ['https://pbx.example']],
    ['sip:102@pbx.example', ['https://pbx.example']],
    ['https://pbx.example/some/path', ['https://pbx.example']],
    ['wss://pbx.example:7443/ws', ['https://pbx.example:7443']],
    ['127.0.0.1:8080', ['https://127.0.0.1:8080', 'http://127.0.0.1:8080']],
    ['http://127.0.0.1:8080', ['http://127.0.0.1:8080']],
    ['192.168.1.4', ['https://192.168.1.4', 'http://192.168.1.4']],
    ['localhost:443', ['https://localhost', 'http://localhost:443']],
    ['[::1]:8080', ['https://[::1]:8080', 'http://[::1]:8080']],
  ])('%s is looked for at %j', (typed, origins) => {
    expect(originsOfServer(typed)).toEqual({ kind: 'candidates', origins });
  });

  test.each([
    '',
    '   ',
    'two words',
    'ftp://pbx.example',
    'http://pbx.example',
    'file:///etc',
    '@',
  ])('%j is no address', (typed) => {
    expect(originsOfServer(typed)).toEqual({ kind: 'bad-address' });
  });

  test('only private hosts may be asked without encryption', () => {
    for (const host of [
      '10.1.2.3',
      '172.16.0.1',
      '172.31.0.1',
      '169.254.1.1',
      '[fd00::1]',
      '[fe80::1]',
    ]) {
      expect(isPrivateHost(host), host).toBe(true);
    }
    for (const host of [
      '172.32.0.1',
      '8.8.8.8',
      '10.example',
      '[2001:db8::1]',
      '127.example.com',
    ]) {
      expect(isPrivateHost(host), host).toBe(false);
    }
  });
});

describe('asking a server what it is', () => {
  test('finds it at the second address when the first does not answer', async () => {
    const fetchText = answering({
      [wellKnown('http://127.0.0.1:8080')]: { status: 200, body: JSON.stringify(description) },
    });
    const answer = await discoverServer('127.0.0.1:8080', { fetchText });
    expect(answer).toMatchObject({ kind: 'found', server: { domain: 'pbx.example', demo: false } });
  });

  test.each([
    ['net::ERR_NAME_NOT_RESOLVED', 'no-such-host'],
    ['net::ERR_CONNECTION_REFUSED', 'refused'],
    ['net::ERR_CONNECTION_TIMED_OUT', 'timeout'],
    ['net::ERR_CERT_AUTHORITY_INVALID', 'certificate'],
    ['net::ERR_SSL_PROTOCOL_ERROR', 'not-parkline'],
    ['net::ERR_INTERNET_DISCONNECTED', 'network'],
  ])('%s is told as %s', async (message, reason) => {
    const fetchText = answering({ [wellKnown('https://pbx.example')]: new Error(message) });
    expect(await discoverServer('pbx.example', { fetchText })).toMatchObject({
      kind: 'failed',
      reason,
    });
  });

  test.each([
    [404, 'Not found'],
    [200, '<html>'],
    [200, '{"webSocketUrl":"javascript:alert(1)"}'],
  ])('an answer of %s %s is no Parkline server', async (status, body) => {
    const fetchText = answering({ [wellKnown('https://pbx.example')]: { status, body } });
    const answer = await discoverServer('pbx.example', { fetchText });
    expect(answer).toMatchObject({ kind: 'failed', reason: 'not-parkline' });
  });

  test('a server that never answers is told as a time-out', async () => {
    const fetchText: FetchText = (_url, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('aborted'))),
      );
    const answer = await discoverServer('pbx.example', { fetchText, limitMs: 10 });
    expect(answer).toMatchObject({ kind: 'failed', reason: 'timeout' });
  });

  test('when something answers at all, that is what is told', async () => {
    const fetchText = answering({
      [wellKnown('http://127.0.0.1:8080')]: { status: 404, body: '' },
    });
    const answer = await discoverServer('127.0.0.1:8080', { fetchText });
    expect(answer).toMatchObject({ kind: 'failed', reason: 'not-parkline' });
  });

  test.each([
    ['http://pbx.example/.well-known/parkline', 'without encryption'],
    ['https://other.example/.well-known/parkline', 'of another name'],
  ])('a server that sends us to %s, %s, is not followed', async (elsewhere) => {
    // As Electron's fetch does, which follows unless it is told not to.
    const fetchText = (_url: string, { redirect }: { readonly redirect?: string }) =>
      redirect === 'error'
        ? Promise.reject(new Error("Attempted to redirect, but redirect policy was 'error'"))
        : Promise.resolve({
            status: 200,
            text: () => Promise.resolve(JSON.stringify({ ...description, apiBaseUrl: elsewhere })),
          });
    expect(await discoverServer('pbx.example', { fetchText })).toMatchObject({
      kind: 'failed',
      reason: 'not-parkline',
      certificate: null,
    });
  });

  test('an answer of 302 is no Parkline server either, whatever its body says', async () => {
    const fetchText = answering({
      [wellKnown('https://pbx.example')]: { status: 302, body: JSON.stringify(description) },
    });
    const answer = await discoverServer('pbx.example', { fetchText });
    expect(answer).toMatchObject({ kind: 'failed', reason: 'not-parkline' });
  });
});
