import { describeProvisioningRefusal } from '../provisioning/provisioning-refusal.ts';
import type { ProvisioningRefusal } from '../provisioning/provisioning-refusal.ts';
import { dataOption, refused, type Command, type CommandOutcome } from './command.ts';
import { withFoundation } from './with-foundation.ts';

const DATA = '--data DIR          the server’s data directory (default parkline-data)';
const MANY_WORDS = 50;

const addTenant: Command = {
  name: 'tenant add',
  synopsis: 'NAME [--domain DOMAIN]… [--data DIR]',
  summary: 'add a tenant: users, codes and parked calls of its own',
  help: [
    '--domain DOMAIN     a host name that phones of this tenant sign in to; repeats. With more than',
    '                    one tenant each needs a domain: it tells whose a phone is.',
    DATA,
  ],
  options: { ...dataOption, domain: { type: 'string', multiple: true } },
  words: { min: 1, max: 1 },
  run: (context) =>
    withFoundation(context, 'create', ({ provisioning }) => {
      const [name = ''] = context.args.words;
      const added = provisioning.addTenant(name, context.args.texts('domain'));
      if (!added.ok) return refusal(added.error);
      const { domains } = added.value;
      return { kind: 'done', result: { name, domains }, text: [`Tenant ${name} was added.`] };
    }),
};

const listTenants: Command = {
  name: 'tenant list',
  synopsis: '[--data DIR]',
  summary: 'list the tenants with their domains',
  help: [DATA],
  options: { ...dataOption },
  words: { min: 0, max: 0 },
  run: (context) =>
    withFoundation(context, 'refuse', ({ directory }) => {
      const rows = directory.tenants().map(({ id, name, domains }) => ({
        name,
        domains,
        extensions: directory.users(id).length,
      }));
      const text = rows.map(
        ({ name, domains, extensions }) =>
          `${name}\t${domains.join(', ') || 'any domain'}\t${extensions} extensions`,
      );
      return {
        kind: 'done',
        result: rows,
        text: rows.length === 0 ? ['There are no tenants yet.'] : text,
      };
    }),
};

const setDomains: Command = {
  name: 'tenant domains',
  synopsis: 'NAME DOMAIN… [--data DIR]',
  summary: 'give a tenant its domains, in place of those it had',
  help: ['DOMAIN…             host names that phones of this tenant sign in to', DATA],
  options: { ...dataOption },
  words: { min: 2, max: MANY_WORDS },
  run: (context) =>
    withFoundation(context, 'refuse', ({ provisioning }) => {
      const [name = '', ...domains] = context.args.words;
      const tenant = provisioning.tenant(name);
      const changed = tenant.ok ? provisioning.setDomains(tenant.value, domains) : tenant;
      if (!changed.ok) return refusal(changed.error);
      const now = changed.value.domains;
      const text = [`Tenant ${name} has the domains ${now.join(', ')}.`];
      return { kind: 'done', result: { name, domains: now }, text };
    }),
};

/** `parkline tenant …` */
export const tenantCommands: readonly Command[] = [addTenant, listTenants, setDomains];

function refusal(error: ProvisioningRefusal): CommandOutcome {
  return refused(error.kind, describeProvisioningRefusal(error));
}
