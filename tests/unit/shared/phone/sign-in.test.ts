import { describe, expect, it } from 'vitest';
import {
  accountKey,
  discoveryUrls,
  parseServer,
  webSocketUrl,
} from '../../../../shared/phone/account.ts';
import { isOlder, isTransient, registerProblem } from '../../../../shared/phone/sign-in-problem.ts';

const plain = { scheme: null, port: null, path: '', extension: null };

describe('the server that is typed', () => {
  it.each([
    ['pbx.test', { ...plain, host: 'pbx.test' }],
    ['  PBX.Test:8443 ', { ...plain, host: 'pbx.test', port: 8443 }],
    ['102@pbx.test', { ...plain, host: 'pbx.test', extension: '102' }],
    ['sip:102@pbx.test:5061', { ...plain, host: 'pbx.test', port: 5061, extension: '102' }],
    ['https://pbx.test/', { ...plain, scheme: 'https', host: 'pbx.test' }],
    [
      'wss://pbx.test:7443/ws',
      { ...plain, scheme: 'wss', host: 'pbx.test', port: 7443, path: '/ws' },
    ],
    ['127.0.0.1:8080', { ...plain, host: '127.0.0.1', port: 8080 }],
    ['http://[::1]:8080', { ...plain, scheme: 'http', host: '::1', port: 8080 }],
    ['localhost', { ...plain, host: 'localhost' }],
  ])('%j is understood', (text, value) => {
    expect(parseServer(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['ftp://pbx.test', 'unknown-scheme'],
    ['javascript://pbx.test', 'unknown-scheme'],
    ['pbx.test:0', 'bad-port'],
    ['pbx.test:99999', 'bad-port'],
    ['pbx.test:', 'bad-port'],
    ['bob@pbx.test', 'bad-extension'],
    ['pbx test', 'bad-host'],
    ['-pbx.test', 'bad-host'],
    ['https://', 'bad-host'],
    ['https://user:secret@pbx.test', 'bad-host'],
    ['a'.repeat(64), 'bad-host'],
  ])('%j is refused: %s', (text, error) => {
    expect(parseServer(text)).toEqual({ ok: false, error });
  });

  const urls = (text: string) => {
    const parsed = parseServer(text);
    return parsed.ok ? discoveryUrls(parsed.value) : [];
  };

  it('is asked without encryption by itself only on this machine', () => {
    expect(urls('pbx.test')).toEqual(['https://pbx.test/.well-known/parkline']);
    expect(urls('127.0.0.1:8080')[0]).toBe('http://127.0.0.1:8080/.well-known/parkline');
    expect(urls('http://pbx.test')).toEqual(['http://pbx.test/.well-known/parkline']);
    expect(urls('wss://[::1]:7443/ws')).toEqual(['https://[::1]:7443/.well-known/parkline']);
  });

  it('may be the WebSocket of a server without discovery', () => {
    const parsed = parseServer('wss://pbx.test:7443/ws');
    expect(parsed.ok && webSocketUrl(parsed.value)).toBe('wss://pbx.test:7443/ws');
    const host = parseServer('pbx.test');
    expect(host.ok && webSocketUrl(host.value)).toBeNull();
  });

  it('keys what is stored, in lower case', () => {
    expect(accountKey('102', 'PBX.test')).toBe('102@pbx.test');
  });
});

describe('a sign-in that fails', () => {
  const answer = (status: number, withCredentials = true) =>
    registerProblem({ kind: 'response', status, withCredentials });

  it.each([
    [401, 'wrong-password'],
    [403, 'wrong-password'],
    [404, 'unknown-extension'],
    [408, 'timeout'],
    [405, 'not-a-phone-server'],
    [500, 'server-error'],
  ])('with %i says %s', (status, kind) => {
    expect(answer(status)).toMatchObject({ kind });
  });

  it('before credentials were asked for does not blame the password', () => {
    expect(answer(403, false)).toEqual({ kind: 'not-allowed' });
  });

  it('for want of a server says which', () => {
    expect(registerProblem({ kind: 'no-connection' })).toEqual({ kind: 'unreachable' });
    expect(registerProblem({ kind: 'no-subprotocol' })).toEqual({ kind: 'not-a-phone-server' });
    expect(registerProblem({ kind: 'timeout' })).toEqual({ kind: 'timeout' });
  });

  it('is tried again by itself only when the network is at fault', () => {
    expect(isTransient({ kind: 'unreachable' })).toBe(true);
    expect(isTransient({ kind: 'server-error', status: 503 })).toBe(true);
    expect(isTransient({ kind: 'wrong-password' })).toBe(false);
    expect(isTransient({ kind: 'certificate' })).toBe(false);
  });

  it('for an old app compares versions by number', () => {
    expect(isOlder('0.9.10', '0.10.0')).toBe(true);
    expect(isOlder('1.2.3', '1.2.3')).toBe(false);
    expect(isOlder('2.0', '1.9.9')).toBe(false);
  });
});
