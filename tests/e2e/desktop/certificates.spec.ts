/** A server with a certificate that no system trusts: refused, trusted once by comparing, and its change is an error. */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { TestCertificate } from '../../fakes/test-certificate.ts';
import { Impostor } from '../kit/impostor.ts';
import { PhoneScreen } from '../kit/phone-screen.ts';
import { TestServer } from '../kit/test-server.ts';
import { launchPhone } from './phone-app.ts';
import type { DrivenPhone } from './phone-app.ts';

test.describe.configure({ mode: 'serial' });

let certificate: TestCertificate;
let server: TestServer;
let app: DrivenPhone;
let impostor: Impostor | undefined;

test.beforeAll(async () => {
  certificate = new TestCertificate('pbx.example');
  server = await TestServer.start({ tls: certificate });
  app = await launchPhone();
});
test.afterAll(async () => {
  await impostor?.close();
  await app?.close();
  await server?.dispose();
  certificate?.remove();
});

const screen = (): PhoneScreen =>
  new PhoneScreen({ page: app.page, name: 'the desktop app', voice: '101' });

const sha256 = (pem: string): string =>
  createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');

const fingerprints = (within: Page | Locator): Promise<(string | null)[]> =>
  within
    .getByTestId('fingerprint')
    .evaluateAll((all) => all.map((each) => each.getAttribute('data-sha256')));

const signIn = (): Promise<void> =>
  screen().typeSignIn({
    server: server.address,
    extension: '101',
    password: server.user('101').password,
  });

const registered = (): number => server.running.registrar.size;

test('is not trusted, and says why and which it is', async () => {
  await app.page.getByRole('checkbox', { name: /Keep|Remember/ }).check({ force: true });
  await signIn();
  const card = app.page.getByTestId('certificate');
  await expect(card).toContainText(`The certificate of ${server.address} is not trusted`);
  await expect(card).toContainText('It signed itself: nobody vouches for it.');
  await expect(card).toContainText('pbx.example');
  expect(await fingerprints(card)).toEqual([sha256(certificate.trusted)]);
  expect(registered()).toBe(0);
});

test('is trusted by a second press, and one is signed in over WSS', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Trust this certificate…' }).click();
  await expect(page.getByText('Compare the fingerprint')).toBeVisible();
  expect(registered()).toBe(0);
  await page.getByRole('button', { name: 'They are the same: trust it' }).click();
  await screen().ready();
  expect(registered()).toBe(1);
});

test('is still trusted after a restart', async () => {
  const { configFolder } = app;
  const ended = app.app.waitForEvent('close');
  await app.app.evaluate(({ app: electron }) => electron.quit());
  await ended;
  app = await launchPhone({ configFolder });
  await screen().ready();
});

test('when it changes, the phone says so aloud and sends nothing', async () => {
  const [before, { page }] = [certificate.trusted, app];
  await server.stop();
  certificate.renew('pbx.example');
  impostor = await Impostor.at(server.httpPort, certificate);
  const banner = page.getByTestId('certificate-banner');
  await expect(banner).toContainText(`The certificate of ${server.address} has changed`, {
    timeout: 20_000,
  });
  await banner.getByRole('button', { name: 'Look at it…' }).click();
  const sheet = page.getByRole('alertdialog');
  await expect(sheet).toContainText('Nothing was sent: no password, no call.');
  expect(await fingerprints(sheet)).toEqual([sha256(before), sha256(certificate.trusted)]);
  await sheet.getByRole('button', { name: 'Close' }).click();
  expect(impostor.handshakes).toBeGreaterThan(0);
  expect(impostor.heard).toBe('');
});

test('nor does a password that is typed go out to it', async () => {
  const { page } = app;
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn();
  const card = page.getByTestId('certificate');
  await expect(card).toContainText(`The certificate of ${server.address} has changed`);
  await expect(card).toHaveRole('alert');
  expect(impostor?.heard).toBe('');
  // Not without TLS, either.
  expect(impostor?.handshakes).toBeGreaterThan(1);
});

test('the new one takes the place of the old one after comparing', async () => {
  const { page } = app;
  await impostor?.close();
  await server.startAgain();
  await page.getByRole('button', { name: 'Trust the new certificate…' }).click();
  await page.getByRole('button', { name: 'They are the same: trust the new one' }).click();
  await screen().ready();
});

test('can be taken back in the settings, which ends the connection until it is trusted again', async () => {
  const { page } = app;
  await page.getByRole('tab', { name: 'Settings' }).click();
  const list = page.getByRole('region', { name: 'Trusted certificates' });
  expect(await fingerprints(list)).toEqual([sha256(certificate.trusted)]);
  const where = server.address;
  await list.getByRole('button', { name: `Stop trusting the certificate of ${where}` }).click();
  await list.getByRole('button', { name: /^Really stop trusting/ }).click();
  const banner = page.getByTestId('certificate-banner');
  await expect(banner).toContainText(`The certificate of ${where} is not trusted`);
  expect(await fingerprints(list)).toEqual([]);
  await banner.getByRole('button', { name: 'Look at it…' }).click();
  await page.getByRole('button', { name: 'Trust this certificate…' }).click();
  await page.getByRole('button', { name: 'They are the same: trust it' }).click();
  await screen().ready();
  expect(JSON.parse(readPins(app.configFolder))).toHaveProperty(
    [where, 'sha256'],
    sha256(certificate.trusted),
  );
});

const readPins = (configFolder: string): string =>
  readFileSync(`${configFolder}/Parkline/profiles/test/trusted-certificates.json`, 'utf8');
