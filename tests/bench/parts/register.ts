import { spawnSync } from 'node:child_process';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atLeast, atMost, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';
import { extensionsFrom } from '../kit/park-trio.ts';
import { Kamailio } from '../kit/register/kamailio.ts';
import { RegisteringPhones } from '../kit/register/registrations.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { WORK_OF_82000, workRate } from '../kit/yardstick.ts';

const ROUNDS = 7;
const USERS = 400;
/** The first rounds compile what the others use; the optimising compiler is at it for some fifty thousand registrations. */
const WARM_UP_ROUNDS = 6;
const COUNT = 8_000;
/** On a core that parses 82,000 messages a second: this one's worth is measured beside, see `kit/yardstick.ts`. */
const MOST_MS = 0.22;
/** The server writes registrations down up to a second later: that is part of their cost. */
const WRITTEN_MS = 1_200;
const LEAST = { udp: 0.5, tcp: 1 } as const;

interface Registrar {
  readonly phones: RegisteringPhones;
  readonly port: { readonly udp: number; readonly tcp: number };
  cpuSeconds(): Promise<number>;
}

/** Registrations per second of the registrar's CPU time. */
async function rate(
  registrar: Registrar,
  transport: 'udp' | 'tcp',
  extensions: readonly string[],
): Promise<number> {
  const before = await registrar.cpuSeconds();
  const port = registrar.port[transport];
  await registrar.phones.register({ transport, port, extensions, count: COUNT });
  await new Promise((resolve) => setTimeout(resolve, WRITTEN_MS));
  return COUNT / ((await registrar.cpuSeconds()) - before);
}

async function compare(
  transport: 'udp' | 'tcp',
  { ours, kamailio, bench }: { ours: Registrar; kamailio: Registrar; bench: Bench },
): Promise<readonly Reading[]> {
  const extensions = extensionsFrom(50_000, USERS);
  const rounds: { ours: number; kamailio: number; work: number }[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    const one = {
      ours: await rate(ours, transport, extensions),
      kamailio: await rate(kamailio, transport, extensions),
      work: workRate(),
    };
    bench.say(
      `${transport}: ours ${Math.round(one.ours)}, kamailio ${Math.round(one.kamailio)} a CPU-second`,
    );
    if (round >= 0) rounds.push(one);
  }
  const of = (value: (one: (typeof rounds)[number]) => number) => rounds.map(value);
  const row = (name: string, unit: string, values: readonly number[]) => ({
    name,
    unit,
    value: median(values),
    rounds: [...values],
  });
  const name = transport.toUpperCase();
  const scaled = of((one) => (1_000 / one.ours) * (one.work / WORK_OF_82000));
  return [
    {
      ...row(
        `registrations over ${name}, with digest`,
        '/CPU-s',
        of((one) => one.ours),
      ),
      budget: null,
    },
    {
      ...row(
        `… Kamailio, same load`,
        '/CPU-s',
        of((one) => one.kamailio),
      ),
      budget: null,
    },
    {
      ...row(
        `… ratio to Kamailio over ${name}`,
        '×',
        of((one) => one.ours / one.kamailio),
      ),
      budget: atLeast(LEAST[transport]),
    },
    {
      ...row(`… on a core that parses 82,000 messages a second`, 'ms', scaled),
      budget: atMost(MOST_MS),
    },
  ];
}

function missing(): string | null {
  if (process.platform !== 'linux') return 'CPU time of Kamailio is read from Linux’s /proc';
  const absent = ['sipp', 'kamailio'].filter((name) => spawnSync(name, ['-v']).error !== undefined);
  return absent.length === 0
    ? null
    : `${absent.join(' and ')} not installed (Debian: sip-tester, kamailio)`;
}

/** REGISTER, challenge, REGISTER, 200, by the same sipp against our server and against Kamailio; CPU of each server alone. */
export const register: BenchPart = {
  name: 'register',
  about: 'registrations with digest per CPU-second, beside Kamailio',
  where: 'here',
  unavailable: missing,
  run: async (bench) => {
    const extensions = extensionsFrom(50_000, USERS);
    const server = await ServerProcess.start();
    const peer = await Kamailio.start(extensions);
    try {
      await server.addUsers(extensions);
      const ours: Registrar = {
        phones: new RegisteringPhones(),
        port: { udp: server.udpPort, tcp: server.tcpPort },
        cpuSeconds: () => server.cpuSeconds(),
      };
      const kamailio: Registrar = {
        phones: new RegisteringPhones(),
        port: { udp: peer.port, tcp: peer.port },
        cpuSeconds: async () => peer.cpuSeconds(),
      };
      return [
        ...(await compare('udp', { ours, kamailio, bench })),
        ...(await compare('tcp', { ours, kamailio, bench })),
      ];
    } finally {
      await peer.close();
      await server.close();
    }
  },
};
