/** One park and one retrieve on what people really get: the release packing, reached over its debugging port alone. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { CLIENT } from '../kit/client.ts';
import { expectHears, expectTalk } from '../kit/hearing.ts';
import { Office } from '../kit/office.ts';
import { putEarInto } from '../kit/page-ear.ts';
import { PhoneScreen } from '../kit/phone-screen.ts';
import type { TestServer } from '../kit/test-server.ts';
import { voiceFile } from '../kit/voices.ts';
import { packedExecutable } from '../../../build/electron/pack-paths.ts';
import { desktopCommand } from './desktop.ts';
import { collectComplaints, launchRelease } from './phone-app.ts';
import type { ReleasedPhone } from './phone-app.ts';

let office: Office;
let released: ReleasedPhone;
let complaints: readonly string[];
let alice: PhoneScreen;

function signInFile(server: TestServer, extension: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'parkline-sign-in-')), 'sign-in.json');
  const { password } = server.user(extension);
  writeFileSync(file, JSON.stringify({ server: server.address, extension, password }), {
    mode: 0o600,
  });
  return file;
}

test.beforeAll(async () => {
  office = await Office.open();
  released = await launchRelease({
    profile: '102',
    microphoneFile: voiceFile('102'),
    args: ['--sign-in-file', signInFile(office.server, '102')],
  });
  complaints = collectComplaints(released.page);
  await putEarInto(released.page);
  alice = new PhoneScreen({ page: released.page, name: '102 (release)', voice: '102' });
  await alice.ready();
});
test.afterAll(async () => {
  await released?.close();
  await office?.close();
});

test('the page may talk to its account’s server, and to nobody else', async () => {
  const policy = await released.page.evaluate(async () =>
    (await fetch('/index.html')).headers.get('content-security-policy'),
  );
  const { host } = new URL(office.server.url);
  const connect = /connect-src ([^;]*)/.exec(policy ?? '')?.[1]?.split(' ');
  expect(connect?.sort()).toEqual(["'self'", `http://${host}`, `ws://${host}`].sort());
});

test('a call parked for the release packing is retrieved with one press, and both hear each other', async () => {
  const bob = await office.browser('101');
  const client = await office.outside.call(office.server, '101');
  await bob.rings(CLIENT);
  await bob.answer();
  await expectTalk(bob, client);
  await bob.transferTo('*68102');
  await expectHears(client.ear, 'music');
  await alice.showsParked(CLIENT, { slot: '102', by: 'Bob' });
  await alice.retrieve(CLIENT);
  await alice.talksTo(CLIENT);
  await expectTalk(alice, client);
  await alice.hangUp();
  await client.hasEnded();
  expect(complaints).toEqual([]);
});

/** `parkline-phone` of this packing, for Alice's phone. */
async function commandLine(...args: string[]): Promise<{ code: number; answer: unknown }> {
  const program = join(dirname(packedExecutable('release')), 'resources', 'bin', 'parkline-phone');
  const child = spawn(program, ['--profile', '102', '--json', ...args]);
  let printed = '';
  child.stdout.on('data', (piece: Buffer) => (printed += piece.toString('utf8')));
  const code = await new Promise<number>((resolve) => {
    child.once('close', (ended) => resolve(ended ?? -1));
  });
  return { code, answer: JSON.parse(printed) };
}

test('a script calls, parks, lists and retrieves, as a press would', async () => {
  const bob = await office.browser('101');
  expect(await commandLine('park')).toMatchObject({ code: 1, answer: { reason: 'no-call' } });
  expect(await commandLine('call', '*88')).toMatchObject({
    code: 1,
    answer: { reason: 'refused' },
  });
  expect(await commandLine('call', '101')).toMatchObject({ code: 0, answer: { what: 'calling' } });
  await bob.answer();
  await expectTalk(bob, alice);
  expect(await commandLine('park', '--note', 'from a script')).toEqual({
    code: 0,
    answer: { kind: 'done', what: 'parked', slot: '102' },
  });
  const listed = (): Promise<unknown> => commandLine('list').then(({ answer }) => answer);
  await expect.poll(listed).toMatchObject({ parkList: 'live', parked: [{ slot: '102' }] });
  expect(await commandLine('retrieve', '102')).toEqual({
    code: 0,
    answer: { kind: 'done', what: 'retrieved', slot: '102' },
  });
  await expectTalk(bob, alice);
  await alice.hangUp();
  expect(await commandLine('retrieve')).toMatchObject({
    code: 1,
    answer: { reason: 'nothing-parked' },
  });
});

test('the password is in no window’s title, and no list of processes', async () => {
  const { password } = office.server.user('102');
  const own = String(process.getuid?.() ?? '');
  const processes = await desktopCommand('ps', '-ww', '-u', own, '-o', 'args');
  const titles = await desktopCommand('wmctrl', '-l');
  // Only yes and no: a failure must not print every process of the machine.
  const seen = {
    phone: processes.includes(packedExecutable('release')),
    inProcesses: processes.includes(password),
    inTitles: titles.includes(password),
  };
  expect(seen).toEqual({ phone: true, inProcesses: false, inTitles: false });
  expect(await released.page.title()).not.toContain(password);
});
