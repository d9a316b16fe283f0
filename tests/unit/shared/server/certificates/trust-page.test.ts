import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAuthority } from '../../../../../shared/server/certificates/private-ca.ts';
import { trustPage } from '../../../../../shared/server/certificates/trust-page.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'parkline-trust-'))));
afterEach(() => rmSync(root, { recursive: true }));

describe('the page about trust', () => {
  it('shows the fingerprint to compare, and hands out the certificate that has it', async () => {
    const file = join(root, 'ca.pem');
    const { certificate } = await makeAuthority('Parkline & CA vm', Date.now());
    writeFileSync(file, certificate);
    const page = await (await trustPage(file).request('/')).text();
    const known = new X509Certificate(certificate);
    expect(page).toContain(known.fingerprint256);
    expect(page).toContain('Parkline &amp; CA vm');
    const sent = await (await trustPage(file).request('/parkline-ca.crt')).arrayBuffer();
    expect(new X509Certificate(Buffer.from(sent)).fingerprint256).toBe(known.fingerprint256);
  });

  it('is not there where no authority is', async () => {
    expect((await trustPage(join(root, 'ca.pem')).request('/')).status).toBe(404);
    writeFileSync(join(root, 'ca.pem'), 'rubbish');
    expect((await trustPage(join(root, 'ca.pem')).request('/parkline-ca.crt')).status).toBe(404);
  });
});
