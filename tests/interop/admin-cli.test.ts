import { afterEach, beforeEach, expect, it } from 'vitest';
import { AdminClient } from './kit/admin-client.ts';
import { cli, serveProcess, type CliProcess } from './kit/cli.ts';
import { removeDirectory, temporaryDirectory } from './kit/park-server.ts';

let data: string;
let running: CliProcess | undefined;
beforeEach(() => (data = temporaryDirectory()));
afterEach(async () => {
  running?.kill('SIGTERM');
  await running?.ended;
  running = undefined;
  removeDirectory(data);
});

const admin = (args: string, input = '') => cli([...args.split(' '), '--data', data], input);

it('adds, lists and removes admins, of the server and of a tenant', async () => {
  const made = await admin('admin add ada --json');
  expect(JSON.parse(made.out)).toMatchObject({ name: 'ada', role: 'system', tenant: null });
  await admin('tenant add acme --domain acme.test');
  const ben = await admin('admin add ben --tenant acme --password-stdin', 'a long password\n');
  expect(ben).toMatchObject({ status: 0, out: 'Admin ben was added.' });
  expect((await admin('admin list')).out).toBe('ada\tthe whole server\nben\tacme');
  expect(await admin('admin remove BEN')).toMatchObject({ status: 0 });
  expect(await admin('admin remove ada')).toMatchObject({
    status: 1,
    err: 'This is the last system admin; nobody could administer the server any more.',
  });
});

it.each([
  ['admin add ada --password-stdin', 'short', 'A password has at least 12 characters.'],
  [
    'admin add ada/eve',
    '',
    'A name of an admin is 1 to 64 letters, digits and . _ - @, a letter or digit first.',
  ],
  ['admin add eve --tenant none', '', 'There is no tenant none; there is: default.'],
  ['admin remove eve', '', 'There is no such admin.'],
  ['admin passwd eve', '', 'There is no such admin.'],
])('%s is refused in a sentence', async (args, input, sentence) => {
  await admin('user add 101');
  expect(await admin(args, input)).toMatchObject({ status: 1, err: sentence });
});

it('is told where to make the first admin, and lets one in that was added meanwhile', async () => {
  const { server, http } = await serveProcess(data);
  running = server;
  const [, url] = await server.says(/"setupUrl":"([^"]+)"/);
  expect(url).toMatch(new RegExp(`^${http}/portal/#setup=`));
  await admin('admin add ada --password-stdin', 'correct horse battery');
  const browser = new AdminClient(http);
  expect(await browser.signIn('ada')).toMatchObject({ role: 'system' });
  await admin('admin passwd ada --password-stdin', 'another long password');
  expect(await browser.refused('GET', '/session')).toMatchObject({ status: 401 });
  await browser.signIn('ada', 'another long password');
  server.kill('SIGTERM');
  await server.ended;
  const again = await serveProcess(data);
  running = again.server;
  expect(again.server.out).not.toContain('setupUrl');
});
