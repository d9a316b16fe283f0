import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { askPhone, runCommandLine } from '../../../electron/control/command-client.ts';
import { readCommandWords } from '../../../electron/control/command-words.ts';
import { controlPath } from '../../../electron/control/control-path.ts';
import { listenForCommands } from '../../../electron/control/control-server.ts';
import { COMMAND_LIMIT_MS, PhoneCommands } from '../../../electron/control/phone-commands.ts';
import type { DesktopEvent } from '../../../shared/bridge/contract.ts';
import type { CommandOutcome, PhoneCommand } from '../../../shared/bridge/phone-command.ts';
import type { Disposable } from '../../../shared/domain/disposable.ts';
import { clientParked, snapshotWith } from '../../e2e/desktop/snapshots.ts';

describe('the words of parkline-phone', () => {
  test.each<[string, PhoneCommand]>([
    ['call 103', { kind: 'call', target: '103' }],
    ['park', { kind: 'park', slot: null, note: null }],
    ['park 102 --note=Invoice', { kind: 'park', slot: '102', note: 'Invoice' }],
    ['retrieve 102', { kind: 'retrieve', slot: '102' }],
    ['list', { kind: 'list' }],
    ['--json status', { kind: 'status' }],
  ])('%s', (text, command) => {
    expect(readCommandWords(text.split(' '))).toMatchObject({ kind: 'command', command });
  });

  test.each([[], ['call'], ['call', '1', '2'], ['dance'], ['list', 'x'], ['--loud', 'list']])(
    '%s is wrong usage',
    (...words) => {
      expect(readCommandWords(words.filter((word) => word !== undefined)).kind).toBe('wrong');
    },
  );

  test('a profile that is no folder name reaches nobody’s socket', () => {
    expect(readCommandWords(['--profile', '../../other', 'list']).kind).toBe('wrong');
  });
});

test('every profile listens at a place of its own', () => {
  const at = (platform: NodeJS.Platform, profile: string, runtimeFolder?: string): string =>
    controlPath({ platform, profile, runtimeFolder, profileFolder: '/home/a/p', userName: 'a b' });
  expect(at('linux', '101', '/run/user/7')).toBe('/run/user/7/parkline-phone-101.sock');
  expect(at('linux', '101')).toBe('/home/a/p/phone.sock');
  expect(at('win32', '101')).toBe('\\\\.\\pipe\\parkline-phone-a_b-101');
});

describe('the phone’s socket', () => {
  let open: Disposable | null = null;
  afterEach(() => open?.dispose());

  const listed: CommandOutcome = { kind: 'done', what: 'list', parkList: 'live', parked: [] };

  async function listen(
    run: (command: PhoneCommand) => Promise<CommandOutcome> = () => Promise.resolve(listed),
  ): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'parkline-control-'));
    // The folder would let everybody in: it is the socket itself that must refuse.
    chmodSync(folder, 0o755);
    const path = join(folder, 'phone.sock');
    open = listenForCommands({ path, run, onFailed: (reason) => expect.fail(reason) });
    await expect.poll(() => statSync(path, { throwIfNoEntry: false })?.isSocket()).toBe(true);
    return path;
  }

  test('is for its owner alone from the moment it is there', async () => {
    const path = await listen();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test.runIf(process.getuid?.() === 0)('refuses another user of the machine', async () => {
    const path = await listen();
    const knock = `require('net').connect(${JSON.stringify(path)})
      .on('connect', () => process.exit(0)).on('error', (e) => { console.log(e.code); process.exit(9) })`;
    const asNobody = spawnSync('node', ['-e', knock], { uid: 65534, gid: 65534, cwd: '/' });
    expect(String(asNobody.stdout).trim()).toBe('EACCES');
    expect(asNobody.status).toBe(9);
  });

  test('answers one command, and takes nothing that is not one', async () => {
    const path = await listen();
    expect(await askPhone(path, { kind: 'list' })).toEqual({ kind: 'answered', outcome: listed });
    for (const junk of ['{"kind":"erase"}\n', 'GET / HTTP/1.1\r\n', `${'x'.repeat(9000)}`]) {
      expect(await sendRaw(path, junk)).toContain('"bad-request"');
    }
  });

  test('takes the place of one that a crash left behind', async () => {
    const path = await listen();
    open?.dispose();
    writeFileSync(path, '');
    open = listenForCommands({
      path,
      run: () => Promise.resolve(listed),
      onFailed: (reason) => expect.fail(reason),
    });
    await expect.poll(async () => (await askPhone(path, { kind: 'list' })).kind).toBe('answered');
  });

  test('a person and a program are told what became of it', async () => {
    const path = await listen(() =>
      Promise.resolve({ kind: 'failed', reason: 'no-call', message: 'No call.\u001b[2J' }),
    );
    const run = async (pathOf: string, ...args: string[]) => {
      const printed = { out: '', err: '' };
      const code = await runCommandLine({
        args,
        pathOf: () => pathOf,
        out: (text) => (printed.out += text),
        err: (text) => (printed.err += text),
        now: () => 0,
      });
      return { code, ...printed };
    };
    expect(await run(path, 'park')).toEqual({ code: 1, out: '', err: 'No call. [2J\n' });
    expect(JSON.parse((await run(path, 'park', '--json')).out)).toMatchObject({
      reason: 'no-call',
    });
    expect(await run(`${path}.gone`, 'list')).toMatchObject({ code: 3 });
    expect(await run(path, 'dance')).toMatchObject({ code: 2 });
    expect(await run(path, '--help')).toMatchObject({ code: 0, err: '' });
  });
});

function sendRaw(path: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(path, () => socket.write(text));
    socket.on('data', (piece) => (answer += String(piece)));
    socket.on('close', () => resolve(answer));
    socket.on('error', () => resolve(answer));
  });
}

describe('commands for the page', () => {
  function room(snapshot = snapshotWith([clientParked])) {
    const sent: DesktopEvent[] = [];
    let giveUp: () => void = () => undefined;
    const commands = new PhoneCommands({
      send: (event) => sent.push(event),
      snapshot: () => snapshot,
      after: (delayMs, run) => {
        expect(delayMs).toBe(COMMAND_LIMIT_MS);
        giveUp = run;
        return () => (giveUp = () => undefined);
      },
    });
    return { commands, sent, giveUp: () => giveUp() };
  }

  test('what can be read is answered at once, and unknown is not empty', async () => {
    expect(await room().commands.run({ kind: 'list' })).toMatchObject({
      parkList: 'live',
      parked: [{ slot: '102', name: 'Client' }],
    });
    const unknown = room(snapshotWith([], { parkList: 'unknown' }));
    expect(await unknown.commands.run({ kind: 'list' })).toMatchObject({ parkList: 'unknown' });
    expect(await unknown.commands.run({ kind: 'status' })).toMatchObject({ parked: null });
  });

  test('what must be done is done by the page, which answers', async () => {
    const { commands, sent } = room();
    const outcome = commands.run({ kind: 'retrieve', slot: null });
    expect(sent).toEqual([{ kind: 'command', id: 1, command: { kind: 'retrieve', slot: null } }]);
    commands.answer(7, { kind: 'failed', reason: 'busy', message: 'not mine' });
    commands.answer(1, { kind: 'done', what: 'retrieved', slot: '102' });
    expect(await outcome).toEqual({ kind: 'done', what: 'retrieved', slot: '102' });
  });

  test('a page that never answers, or is loaded anew, leaves nobody waiting', async () => {
    const slow = room();
    const first = slow.commands.run({ kind: 'park', slot: null, note: null });
    slow.giveUp();
    expect(await first).toMatchObject({ reason: 'no-word' });
    const reloaded = room();
    const second = reloaded.commands.run({ kind: 'call', target: '103' });
    reloaded.commands.forgetPage();
    expect(await second).toMatchObject({ reason: 'no-word' });
  });

  test('while nobody is signed in nothing is asked of the page', async () => {
    const { commands, sent } = room(snapshotWith([], { accountKey: null }));
    expect(await commands.run({ kind: 'call', target: '103' })).toMatchObject({
      reason: 'offline',
    });
    expect(sent).toEqual([]);
  });
});
