import { z } from 'zod';
import {
  parkedViewSchema,
  registrationViewSchema,
  type ParkedView,
  type RegistrationView,
} from '../http/control-api.ts';
import { dataOption, refused, type Command, type CommandOutcome } from './command.ts';
import { ControlClient } from './control-client.ts';

const DATA = '--data DIR          the server’s data directory (default parkline-data)';

const parkList: Command = {
  name: 'park list',
  synopsis: '[--data DIR]',
  summary: 'list the calls that are parked on the running server',
  help: [DATA],
  options: { ...dataOption },
  words: { min: 0, max: 0 },
  run: ({ args }) =>
    ask(args.dataDir, '/parked-calls', z.array(parkedViewSchema), (calls) => ({
      kind: 'done',
      result: calls,
      text: calls.length === 0 ? ['No call is parked.'] : calls.map(parkedLine),
    })),
};

const registrations: Command = {
  name: 'registrations',
  synopsis: '[--data DIR]',
  summary: 'list the devices that are signed in to the running server',
  help: [DATA],
  options: { ...dataOption },
  words: { min: 0, max: 0 },
  run: ({ args }) =>
    ask(args.dataDir, '/registrations', z.array(registrationViewSchema), (devices) => ({
      kind: 'done',
      result: devices,
      text: devices.length === 0 ? ['Nobody is signed in.'] : devices.map(registrationLine),
    })),
};

/** Commands that show what a running server holds. */
export const listCommands: readonly Command[] = [parkList, registrations];

async function ask<Schema extends z.ZodType>(
  dataDir: string,
  path: string,
  schema: Schema,
  show: (value: z.output<Schema>) => CommandOutcome,
): Promise<CommandOutcome> {
  const client = ControlClient.of(dataDir);
  if (!client.ok) return refused(client.error.error, client.error.message);
  const answer = await client.value.get(path, schema);
  return answer.ok ? show(answer.value) : refused(answer.error.error, answer.error.message);
}

function parkedLine(call: ParkedView): string {
  const who =
    call.callerName === call.callerNumber
      ? call.callerNumber
      : `${call.callerName} ${call.callerNumber}`;
  const since = new Date(call.parkedAt).toISOString();
  const note = call.note === null ? '' : `\t"${call.note}"`;
  return `${call.slot}\t${who}\t${call.state}\tby ${call.parker}\tsince ${since}${note}`;
}

function registrationLine(device: RegistrationView): string {
  const where = device.reachable ? `${device.transport} ${device.address}` : 'not reachable now';
  const until = new Date(device.expiresAt).toISOString();
  return `${device.extension}\t${device.name}\t${where}\tuntil ${until}\t${device.userAgent ?? ''}`;
}
