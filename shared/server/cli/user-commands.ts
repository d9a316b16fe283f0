import { readFileSync } from 'node:fs';
import {
  describeProvisioningRefusal,
  type ProvisioningRefusal,
} from '../provisioning/provisioning-refusal.ts';
import { readUserCsv, type LineProblem } from '../provisioning/user-csv.ts';
import {
  dataOption,
  refused,
  tenantOption,
  type Command,
  type CommandContext,
  type CommandOutcome,
} from './command.ts';
import { doneWithPassword, PASSWORD_HELP, passwordOf, passwordOptions } from './password-input.ts';
import { withTenant } from './with-foundation.ts';

const WHERE = [
  '--data DIR          the server’s data directory (default parkline-data)',
  '--tenant NAME       which tenant, where there are several',
];

const addUser: Command = {
  name: 'user add',
  synopsis: 'EXTENSION [--name NAME] [--password-stdin] [--data DIR] [--tenant NAME]',
  summary: 'add an extension',
  help: ['--name NAME         shown to others', ...PASSWORD_HELP, ...WHERE],
  options: { ...dataOption, ...tenantOption, ...passwordOptions, name: { type: 'string' } },
  words: { min: 1, max: 1 },
  async run(context) {
    const { password, made } = await passwordOf(context);
    return withTenant(context, 'create', ({ foundation, tenant }) => {
      const extension = context.args.words[0] ?? '';
      const displayName = context.args.text('name')?.trim() ?? '';
      const account = { extension, displayName, password };
      const added = foundation.provisioning.addUser(tenant, account);
      if (!added.ok) return refusal(added.error);
      return doneWithPassword(
        `Extension ${extension} was added.`,
        { extension, displayName },
        made,
      );
    });
  },
};

const listUsers: Command = {
  name: 'user list',
  synopsis: '[--data DIR] [--tenant NAME]',
  summary: 'list the extensions',
  help: WHERE,
  options: { ...dataOption, ...tenantOption },
  words: { min: 0, max: 0 },
  run: (context) =>
    withTenant(context, 'refuse', ({ foundation, tenant }) => {
      const users = foundation.directory.users(tenant.id);
      const rows = users.map(({ extension, displayName }) => ({ extension, displayName }));
      const text = rows.map(({ extension, displayName }) => `${extension}\t${displayName}`);
      return {
        kind: 'done',
        result: { tenant: tenant.name, users: rows },
        text: rows.length === 0 ? ['There are no extensions yet.'] : text,
      };
    }),
};

const removeUser: Command = {
  name: 'user remove',
  synopsis: 'EXTENSION [--data DIR] [--tenant NAME]',
  summary: 'remove an extension and sign its devices out',
  help: WHERE,
  options: { ...dataOption, ...tenantOption },
  words: { min: 1, max: 1 },
  run: (context) =>
    withTenant(context, 'refuse', ({ foundation, tenant }) => {
      const removed = foundation.provisioning.removeUser(tenant, context.args.words[0] ?? '');
      if (!removed.ok) return refusal(removed.error);
      const { extension } = removed.value;
      return doneWithPassword(`Extension ${extension} was removed.`, { extension }, undefined);
    }),
};

const changePassword: Command = {
  name: 'user passwd',
  synopsis: 'EXTENSION [--password-stdin] [--data DIR] [--tenant NAME]',
  summary: 'give an extension another password and sign its devices out',
  help: [...PASSWORD_HELP, ...WHERE],
  options: { ...dataOption, ...tenantOption, ...passwordOptions },
  words: { min: 1, max: 1 },
  async run(context) {
    const { password, made } = await passwordOf(context);
    return withTenant(context, 'refuse', ({ foundation, tenant }) => {
      const extension = context.args.words[0] ?? '';
      const changed = foundation.provisioning.setPassword(tenant, extension, password);
      if (!changed.ok) return refusal(changed.error);
      return doneWithPassword(`The password of ${extension} was changed.`, { extension }, made);
    });
  },
};

const importUsers: Command = {
  name: 'user import',
  synopsis: 'FILE.csv [--data DIR] [--tenant NAME]',
  summary: 'add many extensions from a file, all of them or none',
  help: [
    'FILE.csv            first line extension,password,name; then one line per extension.',
    '                    Extensions that exist get the name and password of the file.',
    ...WHERE,
  ],
  options: { ...dataOption, ...tenantOption },
  words: { min: 1, max: 1 },
  async run(context) {
    const file = context.args.words[0] ?? '';
    const text = await readText(file, context);
    if (text === null) return refused('unreadable-file', `The file ${file} cannot be read.`);
    const users = readUserCsv(text);
    if (!users.ok) return badLines(file, users.error);
    return withTenant(context, 'create', ({ foundation, tenant }) => {
      const imported = foundation.provisioning.importUsers(tenant, users.value);
      if (!imported.ok) return refusal(imported.error);
      const { added, changed } = imported.value;
      const result = { tenant: tenant.name, added, changed };
      return { kind: 'done', result, text: [`${added} added, ${changed} changed.`] };
    });
  },
};

/** `parkline user …` */
export const userCommands: readonly Command[] = [
  addUser,
  listUsers,
  removeUser,
  changePassword,
  importUsers,
];

function refusal(error: ProvisioningRefusal): CommandOutcome {
  return refused(error.kind, describeProvisioningRefusal(error));
}

function badLines(file: string, problems: readonly LineProblem[]): CommandOutcome {
  const lines = problems.map(({ line, message }) => `  line ${line}: ${message}`);
  const message = [`Nothing was imported from ${file}:`, ...lines].join('\n');
  return refused('bad-lines', message, { lines: problems });
}

/** `-` is standard input. */
async function readText(file: string, { terminal }: CommandContext): Promise<string | null> {
  if (file === '-') return terminal.readInput();
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
