import {
  describeBackupRefusal,
  makeBackup,
  restoreBackup,
  type BackupRefusal,
} from '../store/backup.ts';
import { describeStoreRefusal } from '../store/store-refusal.ts';
import { SystemClock } from '../system-clock.ts';
import { dataOption, refused, type Command, type CommandOutcome } from './command.ts';

const backupCommand: Command = {
  name: 'backup',
  synopsis: 'FILE [--data DIR]',
  summary: 'copy all data into one file, also while the server runs',
  help: [
    'FILE                  the copy; it must not be there yet. It holds password hashes and keys: keep it safe',
    '--data DIR            the server’s data directory (default parkline-data)',
  ],
  options: { ...dataOption },
  words: { min: 1, max: 1 },
  async run({ args }) {
    const made = await makeBackup(args.dataDir, args.words[0] ?? '');
    if (!made.ok) return backupRefused(made.error);
    const { file, certificateFiles } = made.value;
    return {
      kind: 'done',
      result: { file, certificateFiles },
      text: [`Everything is in ${file}. Bring it back with: parkline restore ${file} --data DIR`],
    };
  },
};

const restoreCommand: Command = {
  name: 'restore',
  synopsis: 'FILE [--data DIR] [--replace]',
  summary: 'bring a backup back; the server must not be running',
  help: [
    'FILE                  what parkline backup wrote',
    '--data DIR            the data directory to fill (default parkline-data); made when absent',
    '--replace             also where there is data: it is kept beside, under another name',
  ],
  options: { ...dataOption, replace: { type: 'boolean' } },
  words: { min: 1, max: 1 },
  async run({ args }) {
    const options = { replace: args.flag('replace'), now: new SystemClock().now() };
    const restored = restoreBackup(args.words[0] ?? '', args.dataDir, options);
    if (!restored.ok) return backupRefused(restored.error);
    const { dataDir, kept } = restored.value;
    return {
      kind: 'done',
      result: { dataDir, kept },
      text: [
        `The data is back in ${dataDir}.`,
        ...(kept === null ? [] : [`What was there before is kept as ${kept}.`]),
      ],
    };
  },
};

function backupRefused(refusal: BackupRefusal): CommandOutcome {
  return refusal.kind === 'store'
    ? refused(refusal.refusal.kind, describeStoreRefusal(refusal.refusal))
    : refused(refusal.kind, describeBackupRefusal(refusal));
}

/** `parkline backup`, `parkline restore` */
export const backupCommands: readonly Command[] = [backupCommand, restoreCommand];
