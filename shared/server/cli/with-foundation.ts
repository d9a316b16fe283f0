import { Foundation, type AbsentData } from '../foundation.ts';
import type { Tenant } from '../ports/directory.ts';
import { FIRST_TENANT } from '../provisioning/provisioning.ts';
import { describeProvisioningRefusal } from '../provisioning/provisioning-refusal.ts';
import { describeStoreRefusal } from '../store/store-refusal.ts';
import { SystemClock } from '../system-clock.ts';
import { refused, type CommandContext, type CommandOutcome } from './command.ts';
import { ControlClient } from './control-client.ts';

/** What a command that changes users works on. */
export interface Workplace {
  readonly foundation: Foundation;
  readonly tenant: Tenant;
}

/**
 * Opens the database beside a server that may be running, finds the tenant (in an empty database it is made), runs the
 * command, and has the server take over what changed.
 * @param absent commands that only read or change what exists refuse where there is nothing
 */
export function withTenant(
  context: CommandContext,
  absent: AbsentData,
  run: (place: Workplace) => CommandOutcome | Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  return withFoundation(context, absent, (foundation) => {
    const { provisioning, directory } = foundation;
    const name = context.args.text('tenant');
    const tenant =
      directory.tenants().length === 0
        ? provisioning.ensureFirstTenant({ name: name ?? FIRST_TENANT })
        : provisioning.tenant(name);
    if (!tenant.ok) return refused(tenant.error.kind, describeProvisioningRefusal(tenant.error));
    return run({ foundation, tenant: tenant.value });
  });
}

/** The same without a tenant: for commands about tenants themselves. */
export async function withFoundation(
  { args }: CommandContext,
  absent: AbsentData,
  run: (foundation: Foundation) => CommandOutcome | Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const clock = new SystemClock();
  const opened = Foundation.open({ dataDir: args.dataDir, clock, role: 'tool', absent });
  if (!opened.ok) return refused(opened.error.kind, describeStoreRefusal(opened.error));
  const foundation = opened.value;
  try {
    const outcome = await run(foundation);
    return outcome.kind === 'done' ? await tellServer(args.dataDir, outcome) : outcome;
  } finally {
    foundation.dispose();
  }
}

async function tellServer(dataDir: string, outcome: CommandOutcome): Promise<CommandOutcome> {
  const client = ControlClient.of(dataDir);
  const told = client.ok ? await client.value.reload() : client;
  if (told.ok) return outcome;
  const { error, message } = told.error;
  return refused(error, `It is saved, but the running server did not take it over. ${message}`);
}
