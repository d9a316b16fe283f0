import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerFile, fileOfRequest } from '../../../electron/security/app-files.ts';

const root = join(mkdtempSync(join(tmpdir(), 'app-files-')), 'renderer');
mkdirSync(root);
writeFileSync(join(root, 'index.html'), '<script nonce="__N__"></script>');
writeFileSync(join(root, '..', 'secret.json'), '{}');

const ask = (requestUrl: string) =>
  answerFile({
    root,
    requestUrl,
    nonce: 'fresh',
    noncePlaceholder: '__N__',
    policy: "default-src 'none'",
  });

describe('the app scheme', () => {
  test('serves the page with its policy and a nonce of this answer', async () => {
    const answer = await ask('app://parkline/index.html');
    expect(answer.status).toBe(200);
    expect(answer.body).toBe('<script nonce="fresh"></script>');
    expect(answer.headers).toMatchObject({
      'Content-Security-Policy': "default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
    });
  });

  test.each([
    'app://parkline/../secret.json',
    'app://parkline/%2e%2e/secret.json',
    'app://parkline/%2e%2e%2fsecret.json',
    'app://parkline/..%5csecret.json',
    'app://parkline/index.html%00.png',
    'app://other/index.html',
    'file:///etc/passwd',
    'https://parkline/index.html',
    'app://parkline/%zz',
    'not a url',
  ])('does not serve %s', async (url) => {
    expect((await ask(url)).status).toBe(404);
  });

  test('never names a file outside its folder', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2f',
      '/',
      '\\',
      '%5c',
      'a',
      '%00',
      'index.html',
      'secret.json',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const file = fileOfRequest(root, `app://parkline/${parts.join('')}`);
        expect(file === null || file.startsWith(`${root}/`)).toBe(true);
      }),
    );
  });
});
