import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../../shared/bridge/content-policy.ts';
import { safeOutsideLink } from '../../../electron/security/outside-links.ts';
import { isSandboxedProcess } from '../../../electron/self-test-status.ts';

describe('the page’s policy', () => {
  test('names the account’s origins and nothing else to connect to', () => {
    const policy = contentSecurityPolicy({
      nonce: 'n',
      connect: ['wss://pbx.example', 'https://pbx.example:8443', 'http://[::1]:8080'],
    });
    expect(policy).toContain(
      "connect-src 'self' wss://pbx.example https://pbx.example:8443 http://[::1]:8080;",
    );
    expect(policy.startsWith("default-src 'none';")).toBe(true);
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
  });

  test('an origin that could end the directive is left out', () => {
    const connect = [
      'https://a.example; script-src *',
      "https://a.example 'unsafe-eval'",
      '*',
      'https://*.example',
    ];
    expect(contentSecurityPolicy({ nonce: 'n', connect })).toContain("connect-src 'self';");
  });
});

describe('links that leave the app', () => {
  test.each([
    ['https://example.test/a b', 'https://example.test/a%20b'],
    ['mailto:help@example.test', 'mailto:help@example.test'],
  ])('%s leaves as %s', (link, safe) => {
    expect(safeOutsideLink(link)).toBe(safe);
  });

  test.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'https://user:secret@example.test/',
    'x',
  ])('%s does not leave', (link) => {
    expect(safeOutsideLink(link)).toBeNull();
  });
});

test('a process is sandboxed with a seccomp filter and no way to new rights', () => {
  expect(isSandboxedProcess('NoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n')).toBe(true);
  expect(isSandboxedProcess('NoNewPrivs:\t1\nSeccomp:\t0\n')).toBe(false);
  expect(isSandboxedProcess('NoNewPrivs:\t0\nSeccomp:\t2\n')).toBe(false);
  expect(isSandboxedProcess('')).toBe(false);
});
