import {
  AdminAccounts,
  describeAccountRefusal,
  type AccountRefusal,
} from '../admin/admin-accounts.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Foundation } from '../foundation.ts';
import { describeProvisioningRefusal } from '../provisioning/provisioning-refusal.ts';
import type { AdminScope, StoredAdmin } from '../store/admin-store.ts';
import { SystemClock } from '../system-clock.ts';
import { dataOption, refused, tenantOption, type Command, type CommandOutcome } from './command.ts';
import { doneWithPassword, PASSWORD_HELP, passwordOf, passwordOptions } from './password-input.ts';
import { withFoundation } from './with-foundation.ts';

const DATA = '--data DIR          the server’s data directory (default parkline-data)';

const addAdmin: Command = {
  name: 'admin add',
  synopsis: 'NAME [--tenant NAME] [--password-stdin] [--data DIR]',
  summary: 'add somebody who may sign in to the portal',
  help: [
    '--tenant NAME       administers this tenant alone; without it, the whole server',
    ...PASSWORD_HELP,
    DATA,
  ],
  options: { ...dataOption, ...tenantOption, ...passwordOptions },
  words: { min: 1, max: 1 },
  async run(context) {
    const { password, made } = await passwordOf(context);
    return withFoundation(context, 'create', async (foundation) => {
      const scope = scopeOf(foundation, context.args.text('tenant'));
      if (!scope.ok) return scope.error;
      const [name = ''] = context.args.words;
      const added = await accountsOf(foundation).add({ name, password, scope: scope.value });
      if (!added.ok) return refusal(added.error);
      audit(foundation, 'admin.added', added.value);
      const result = describe(foundation, added.value);
      return doneWithPassword(`Admin ${name} was added.`, result, made);
    });
  },
};

const listAdmins: Command = {
  name: 'admin list',
  synopsis: '[--data DIR]',
  summary: 'list who may sign in to the portal',
  help: [DATA],
  options: { ...dataOption },
  words: { min: 0, max: 0 },
  run: (context) =>
    withFoundation(context, 'refuse', (foundation) => {
      const rows = accountsOf(foundation)
        .all()
        .map((admin) => describe(foundation, admin));
      const text = rows.map(({ name, tenant }) => `${name}\t${tenant ?? 'the whole server'}`);
      return {
        kind: 'done',
        result: rows,
        text: rows.length === 0 ? ['There are no admins yet.'] : text,
      };
    }),
};

const removeAdmin: Command = {
  name: 'admin remove',
  synopsis: 'NAME [--data DIR]',
  summary: 'remove an admin and end their sessions',
  help: [DATA],
  options: { ...dataOption },
  words: { min: 1, max: 1 },
  run: (context) =>
    withFoundation(context, 'refuse', (foundation) => {
      const [name = ''] = context.args.words;
      const admin = foundation.store.admins.byName(name);
      const removed = accountsOf(foundation).remove(admin?.id ?? '');
      if (!removed.ok) return refusal(removed.error);
      audit(foundation, 'admin.removed', removed.value);
      const text = [`Admin ${removed.value.name} was removed.`];
      return { kind: 'done', result: describe(foundation, removed.value), text };
    }),
};

const changePassword: Command = {
  name: 'admin passwd',
  synopsis: 'NAME [--password-stdin] [--data DIR]',
  summary: 'give an admin another password and end their sessions',
  help: [...PASSWORD_HELP, DATA],
  options: { ...dataOption, ...passwordOptions },
  words: { min: 1, max: 1 },
  async run(context) {
    const { password, made } = await passwordOf(context);
    return withFoundation(context, 'refuse', async (foundation) => {
      const [name = ''] = context.args.words;
      const admin = foundation.store.admins.byName(name);
      const changed = await accountsOf(foundation).change(admin?.id ?? '', { password });
      if (!changed.ok) return refusal(changed.error);
      audit(foundation, 'admin.password-changed', changed.value);
      const sentence = `The password of admin ${changed.value.name} was changed.`;
      return doneWithPassword(sentence, describe(foundation, changed.value), made);
    });
  },
};

/** `parkline admin …` */
export const adminCommands: readonly Command[] = [
  addAdmin,
  listAdmins,
  removeAdmin,
  changePassword,
];

function accountsOf({ store }: Foundation): AdminAccounts {
  return new AdminAccounts(store.admins, new SystemClock());
}

function scopeOf(
  { provisioning }: Foundation,
  name: string | undefined,
): Result<AdminScope, CommandOutcome> {
  if (name === undefined) return ok({ kind: 'system' });
  const tenant = provisioning.tenant(name);
  if (tenant.ok) return ok({ kind: 'tenant', tenantId: tenant.value.id });
  const { error } = tenant;
  return { ok: false, error: refused(error.kind, describeProvisioningRefusal(error)) };
}

function describe({ directory }: Foundation, { name, scope }: StoredAdmin) {
  const tenant = scope.kind === 'tenant' ? directory.tenant(scope.tenantId)?.name : undefined;
  return { name, role: scope.kind, tenant: tenant ?? null };
}

function audit({ store }: Foundation, action: string, { name, scope }: StoredAdmin): void {
  const entry = {
    at: new SystemClock().now(),
    admin: '',
    tenantId: null,
    action,
    subject: name,
    address: '',
  };
  store.audit.append({ ...entry, after: scope });
}

function refusal(error: AccountRefusal): CommandOutcome {
  return refused(error.kind, describeAccountRefusal(error));
}
