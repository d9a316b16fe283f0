import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { parseHostPort, parseListenAddress, type HostPort } from '../../config/listen-address.ts';
import { assertNever } from '../../domain/assert-never.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { createEmbeddedMediaEngine } from '../../media/embedded/create-embedded-engine.ts';
import { describeOutcome, isSuccess } from '../demo/call-outcome.ts';
import type { DemoCallEvent } from '../demo/demo-call.ts';
import {
  DEMO_CLIENT,
  localAddressTowards,
  runDemoCall,
  type DemoCallRequest,
} from '../demo/run-demo-call.ts';
import { statusSchema } from '../http/control-api.ts';
import {
  ensureDemo,
  ensureDemoTrunk,
  writeDemoFile,
  type DemoTrunk,
} from '../provisioning/demo-tenant.ts';
import { describeProvisioningRefusal } from '../provisioning/provisioning-refusal.ts';
import { DataDirectory } from '../store/data-directory.ts';
import { SystemClock } from '../system-clock.ts';
import {
  dataOption,
  refused,
  tenantOption,
  type Arguments,
  type Command,
  type CommandContext,
  type CommandOutcome,
} from './command.ts';
import { ControlClient } from './control-client.ts';
import { withTenant } from './with-foundation.ts';

const RING_MS = 60_000;

const setup: Command = {
  name: 'demo setup',
  synopsis: '[--data DIR]',
  summary: 'make the demo’s extensions 101, 102 and 103 with random passwords',
  help: ['--data DIR          the server’s data directory (default parkline-data)'],
  options: { ...dataOption, ...tenantOption },
  words: { min: 0, max: 0 },
  run: (context) =>
    withTenant(context, 'create', ({ foundation, tenant }) => {
      const { provisioning, data } = foundation;
      const demo = ensureDemo({ provisioning, data, tenant });
      if (!demo.ok) return refused(demo.error.kind, describeProvisioningRefusal(demo.error));
      writeDemoFile(data, demo.value, undefined);
      const { users } = demo.value;
      const text = users.map((user) => `${user.extension}\t${user.name}\t${user.password}`);
      return { kind: 'done', result: { tenant: tenant.name, users }, text };
    }),
};

const call: Command = {
  name: 'demo call',
  synopsis: 'EXTENSION [--data DIR] [--echo | --wav FILE] [--hangup-after SECONDS]',
  summary: 'ring an extension as the client 003386002678, and speak',
  help: [
    '--data DIR            the server’s data directory (default parkline-data)',
    '--server udp:HOST:PORT  the server’s UDP address (default: ask the server that runs on DIR)',
    '--echo                play back what the other side says',
    '--wav FILE            play this recording, again and again',
    '--hangup-after SECONDS  hang up so long after the answer (default: when Ctrl+C is pressed)',
    '--from-name NAME      shown to the called side (default Client)',
    '--from-number NUMBER  the same (default 003386002678)',
  ],
  options: {
    ...dataOption,
    ...tenantOption,
    server: { type: 'string' },
    echo: { type: 'boolean' },
    wav: { type: 'string' },
    'hangup-after': { type: 'string' },
    'from-name': { type: 'string' },
    'from-number': { type: 'string' },
  },
  words: { min: 1, max: 1 },
  async run(context) {
    const wishes = readWishes(context.args);
    if (!wishes.ok) return { kind: 'usage', message: wishes.error };
    const server = await serverOf(context.args);
    if (!server.ok) return server.error;
    const trunk = await trunkOf(context);
    if (!trunk.ok) return trunk.error;
    return ring(context, { ...wishes.value, server: server.value, trunk: trunk.value });
  },
};

/** `parkline demo …` */
export const demoCommands: readonly Command[] = [setup, call];

async function ring(context: CommandContext, request: DemoCallRequest): Promise<CommandOutcome> {
  const { terminal, json } = context;
  const bind = await localAddressTowards(request.server);
  const data = DataDirectory.existing(context.args.dataDir);
  const media = await createEmbeddedMediaEngine({
    addresses: [{ bind }],
    soundsInBackground: { cacheFile: data.ok ? data.value.soundCache : undefined },
  });
  if (!media.ok) return refused('media', `Audio does not work here: ${media.error.detail}.`);
  const started = await runDemoCall(request, {
    media: media.value,
    clock: new SystemClock(),
    tell: (event) => {
      const line = json ? JSON.stringify(event) : eventLine(event, request);
      if (line !== null) terminal.out(line);
    },
  });
  if (!started.ok) {
    await media.value.close();
    return refused(
      'unusable-recording',
      `The recording cannot be played: ${started.error.detail}.`,
    );
  }
  terminal.onStop(() => started.value.hangUp());
  // Timers and sockets of the stack do not keep a program alive: this does, until the call is over.
  const alive = setInterval(() => undefined, 60_000);
  const outcome = await started.value.ended;
  clearInterval(alive);
  await media.value.close();
  const sentence = describeOutcome(outcome, request.extension);
  if (!isSuccess(outcome)) return refused(outcome.kind, sentence, { outcome });
  return { kind: 'done', result: { outcome }, text: [sentence] };
}

function eventLine(event: DemoCallEvent, { extension, from }: DemoCallRequest): string | null {
  switch (event.kind) {
    case 'calling':
      return `Calling ${extension} as ${from.name} ${from.number} …`;
    case 'ringing':
      return `${extension} is ringing.`;
    case 'answered':
      return `${extension} has answered (${event.codec}). Ctrl+C hangs up.`;
    case 'held':
      return event.held ? 'On hold.' : 'No longer on hold.';
    case 'ended':
      return null;
    default:
      return assertNever(event);
  }
}

function readWishes(args: Arguments): Result<Omit<DemoCallRequest, 'server' | 'trunk'>, string> {
  const seconds = args.text('hangup-after');
  if (seconds !== undefined && !/^[0-9]{1,6}$/.test(seconds)) {
    return err('--hangup-after is a number of seconds.');
  }
  const sound = readSound(args);
  if (!sound.ok) return sound;
  return ok({
    extension: args.words[0] ?? '',
    from: {
      name: args.text('from-name') ?? DEMO_CLIENT.name,
      number: args.text('from-number') ?? DEMO_CLIENT.number,
    },
    sound: sound.value,
    hangUpAfterMs: seconds === undefined ? undefined : Number(seconds) * 1000,
    ringMs: RING_MS,
  });
}

function readSound(args: Arguments): Result<DemoCallRequest['sound'], string> {
  const wav = args.text('wav');
  if (args.flag('echo')) {
    return wav === undefined ? ok({ kind: 'echo' }) : err('Choose --echo or --wav, not both.');
  }
  if (wav === undefined) return ok({ kind: 'voice' });
  try {
    return ok({ kind: 'wav', bytes: readFileSync(wav) });
  } catch {
    return err(`The recording ${wav} cannot be read.`);
  }
}

/** As typed, else the UDP listener of the server that runs on the data directory. */
async function serverOf(args: Arguments): Promise<Result<HostPort, CommandOutcome>> {
  const typed = args.text('server');
  if (typed !== undefined) return typedServer(typed);
  const client = ControlClient.of(args.dataDir);
  const status = client.ok ? await client.value.get('/status', statusSchema) : client;
  if (!status.ok) return err(refused(status.error.error, status.error.message));
  for (const text of status.value.listen) {
    const listen = parseListenAddress(text);
    if (listen.ok && listen.value.transport === 'udp') return ok(reachable(listen.value));
  }
  const message =
    'The running server does not listen on UDP, which the demo caller speaks. Start it with --listen udp:127.0.0.1:5060.';
  return err(refused('no-udp', message));
}

async function typedServer(text: string): Promise<Result<HostPort, CommandOutcome>> {
  const parsed = parseHostPort(text.replace(/^udp:/i, ''));
  if (!parsed.ok) {
    return err({ kind: 'usage', message: `--server ${text}: it is written udp:HOST:PORT.` });
  }
  try {
    const { address } = await lookup(parsed.value.address);
    return ok({ address, port: parsed.value.port });
  } catch {
    return err(refused('unknown-host', `There is no host ${parsed.value.address}.`));
  }
}

/** A server on a wildcard is reached on loopback by its neighbours. */
function reachable({ address, port }: HostPort): HostPort {
  if (address === '0.0.0.0') return { address: '127.0.0.1', port };
  return { address: address === '::' ? '::1' : address, port };
}

async function trunkOf(context: CommandContext): Promise<Result<DemoTrunk, CommandOutcome>> {
  let trunk: DemoTrunk | undefined;
  const outcome = await withTenant(context, 'create', ({ foundation, tenant }) => {
    const { provisioning, data } = foundation;
    const ensured = ensureDemoTrunk({ provisioning, data, tenant });
    if (!ensured.ok) return refused(ensured.error.kind, describeProvisioningRefusal(ensured.error));
    trunk = ensured.value;
    return { kind: 'done', result: null, text: [] };
  });
  return trunk !== undefined && outcome.kind === 'done' ? ok(trunk) : err(outcome);
}
