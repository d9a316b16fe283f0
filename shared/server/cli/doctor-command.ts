import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { z } from 'zod';
import { Foundation } from '../foundation.ts';
import { statusSchema, type ServerStatus } from '../http/control-api.ts';
import { DataDirectory } from '../store/data-directory.ts';
import { describeStoreRefusal, type StoreRefusal } from '../store/store-refusal.ts';
import { SystemClock } from '../system-clock.ts';
import { dataOption, type Command } from './command.ts';
import { ControlClient } from './control-client.ts';

/** One thing that was looked at. `warn`: works, but is seldom meant so. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
}

/** `parkline doctor` */
export const doctorCommand: Command = {
  name: 'doctor',
  synopsis: '[--data DIR]',
  summary: 'look whether everything is in order, and say what is not',
  help: ['--data DIR          the server’s data directory (default parkline-data)'],
  options: { ...dataOption },
  words: { min: 0, max: 0 },
  async run({ args }) {
    const data = DataDirectory.existing(args.dataDir);
    const findings = [
      nodeVersion(),
      ...(data.ok
        ? [...database(args.dataDir), ...(await server(args.dataDir))]
        : [unusableData(data.error)]),
    ];
    const failed = findings.some(({ state }) => state === 'fail');
    return {
      kind: 'done',
      result: { healthy: !failed, findings },
      text: findings.map(({ state, check, detail }) => `${MARKS[state]} ${check}: ${detail}`),
      exitCode: failed ? 1 : 0,
    };
  },
};

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

function nodeVersion(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  const detail = `Node ${process.versions.node}`;
  return { check: 'runtime', state: major >= 24 ? 'ok' : 'fail', detail };
}

/** The one thing to say where there is nothing else to look at. */
function unusableData(refusal: StoreRefusal): Finding {
  return { check: 'data', state: 'fail', detail: describeStoreRefusal(refusal) };
}

function database(dataDir: string): Finding[] {
  const opened = Foundation.open({
    dataDir,
    clock: new SystemClock(),
    role: 'tool',
    absent: 'refuse',
  });
  if (!opened.ok) {
    return [{ check: 'database', state: 'fail', detail: describeStoreRefusal(opened.error) }];
  }
  const { store, directory } = opened.value;
  try {
    const problems = store.database.integrityProblems();
    const state = problems.length === 0 ? 'ok' : 'fail';
    const detail = problems[0] ?? 'whole';
    const tenants = directory.tenants();
    const users = tenants.reduce((sum, tenant) => sum + directory.users(tenant.id).length, 0);
    return [
      { check: 'database', state, detail },
      {
        check: 'extensions',
        state: users === 0 ? 'warn' : 'ok',
        detail:
          users === 0
            ? 'there are none yet: parkline user add 101'
            : `${users} in ${tenants.length} tenant(s)`,
      },
    ];
  } finally {
    opened.value.dispose();
  }
}

async function server(dataDir: string): Promise<Finding[]> {
  const client = ControlClient.of(dataDir);
  const status = client.ok ? await client.value.get('/status', statusSchema) : client;
  if (!status.ok) {
    const state = status.error.error === 'not-running' ? 'warn' : 'fail';
    return [{ check: 'server', state, detail: status.error.message }];
  }
  const { pid, listen, registrations, activeCalls, parkedCalls, certificate } = status.value;
  const counts = `${registrations} registrations, ${activeCalls} calls, ${parkedCalls} parked`;
  return [
    {
      check: 'server',
      state: 'ok',
      detail: `runs as process ${pid} on ${listen.join(', ')}; ${counts}`,
    },
    await health(status.value),
    ...(certificate === null
      ? []
      : [certificateFinding(certificate, Date.now()), fingerprintFinding(certificate)]),
  ];
}

const DAY_MS = 86_400_000;
/** From when on a certificate's end is worth a word, in days. */
const WARN_DAYS = 14;

/**
 * How long a certificate still holds.
 * @param now ms since 1970
 */
export function certificateFinding(
  { names, validUntil }: { readonly names: string; readonly validUntil: number },
  now: number,
): Finding {
  const days = Math.floor((validUntil - now) / DAY_MS);
  const end = new Date(validUntil).toISOString().slice(0, 10);
  const check = 'certificate';
  if (validUntil <= now) {
    return { check, state: 'fail', detail: `ended on ${end}: phones refuse it. Renew ${names}` };
  }
  return days < WARN_DAYS
    ? { check, state: 'warn', detail: `ends in ${days} day(s), on ${end}: renew ${names}` }
    : { check, state: 'ok', detail: `until ${end} for ${names}` };
}

/** What somebody compares before they trust the certificate on their own computer. */
function fingerprintFinding({ fingerprint }: { readonly fingerprint: string }): Finding {
  return { check: 'fingerprint', state: 'ok', detail: `SHA-256 ${fingerprint}` };
}

const healthSchema = z.object({ status: z.string() });

async function health({ http }: ServerStatus): Promise<Finding> {
  if (http === null)
    return {
      check: 'http',
      state: 'warn',
      detail: 'not configured: phones cannot discover this server',
    };
  try {
    const { status, body } = await ask(new URL(`${http}/healthz`));
    const said = healthSchema.safeParse(JSON.parse(body));
    const detail = `${http} says ${said.data?.status ?? status}`;
    return { check: 'http', state: status === 200 ? 'ok' : 'fail', detail };
  } catch {
    return { check: 'http', state: 'fail', detail: `${http} does not answer` };
  }
}

/** Whether it answers is the question here, not whether this machine trusts its certificate. */
function ask(url: URL): Promise<{ readonly status: number; readonly body: string }> {
  const get = url.protocol === 'https:' ? httpsGet : httpGet;
  const options = { rejectUnauthorized: false, signal: AbortSignal.timeout(3000) };
  return new Promise((resolve, reject) => {
    get(url, options, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString('utf8') }),
      );
    }).on('error', reject);
  });
}
