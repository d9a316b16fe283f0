import { setTimeout as pause } from 'node:timers/promises';
import type { ServerTimes } from '../../shared/server/park-server-parts.ts';
import { Chance } from '../fuzz/chance.ts';
import { dismiss, everybody, forget, gather, type Cast, type Scene, type Stage } from './scene.ts';
import { calling } from './scenes/calling.ts';
import { parking } from './scenes/parking.ts';
import { trouble } from './scenes/trouble.ts';
import { SoakServer, type ServerLook } from './soak-server.ts';

export interface SoakOptions {
  readonly seed: number;
  /** Load before memory is read the first time, in ms: it must have played every scene. */
  readonly warmUpMs: number;
  readonly loadMs: number;
  /** Casts of four that are busy at the same time. */
  readonly casts: number;
  /** Default: the protocols' own. */
  readonly times?: ServerTimes;
  /** How long what is over may be remembered, in ms. */
  readonly memoryMs: number;
  /** Quiet besides, before memory is read: what is kept for safety's sake alone has no gauge (used nonces, silent peers). Default: none. */
  readonly restMs?: number;
  readonly say: (line: string) => void;
}

export interface SoakReport {
  /** Scenes played, by name. */
  readonly played: ReadonlyMap<string, number>;
  /** What went otherwise than it should, by scene and words. */
  readonly surprises: readonly string[];
  /** Gauges that were not back to nothing when everything had had its time, after warm-up and after load. */
  readonly leftOver: readonly string[];
  readonly before: ServerLook;
  readonly after: ServerLook;
}

/** What must be nothing again when nobody is there any more. */
const GAUGES = [
  'parkline_sip_transactions',
  'parkline_calls',
  'parkline_parked_calls',
  'parkline_subscriptions',
  'parkline_registrations',
  'parkline_dialogs',
  'parkline_legs{kind="rtp"}',
  'parkline_legs{kind="webrtc"}',
  'parkline_legs{kind="sdes"}',
  'parkline_flows{transport="tcp"}',
  'parkline_flows{transport="ws"}',
  'parkline_flows{transport="outgoing"}',
];
const SCENES: readonly [Scene, ...Scene[]] = [...nonEmpty(parking), ...calling, ...trouble];

function nonEmpty([first, ...others]: readonly Scene[]): [Scene, ...Scene[]] {
  if (first === undefined) throw new Error('no scenes');
  return [first, ...others];
}

/** Load, quiet, look; more load, quiet, look again: what is there the second time and was not the first is a leak. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { times, casts, say } = options;
  const server = await SoakServer.start({
    config: {
      tenantSettings: {
        recall: { timerMs: 2_000, retryMs: 1_000 },
        // Callers who vanished keep their places until that is found out.
        parkedCallsPerExtension: 100,
      },
    },
    ...(times && { times }),
  });
  try {
    await server.addUsers(Array.from({ length: casts }, (_, n) => extensionsOf(n)).flat());
    const run = new SoakRun(server, options);
    await run.load(options.warmUpMs);
    const leftAfterWarmUp = await run.quiet();
    await pause(options.restMs ?? 0);
    const before = await server.look();
    say(`warm: ${wordsOf(before)}`);
    await run.load(options.loadMs);
    const leftAfterLoad = await run.quiet();
    await pause(options.restMs ?? 0);
    const after = await settledLook(server, before);
    say(`after: ${wordsOf(after)}`);
    const { played } = run;
    const surprises = [...run.surprises, ...after.errors];
    return { played, surprises, leftOver: [...leftAfterWarmUp, ...leftAfterLoad], before, after };
  } finally {
    await server.close();
  }
}

function extensionsOf(cast: number): [string, string, string, string] {
  const first = 2_000 + 10 * cast;
  return [`${first}`, `${first + 1}`, `${first + 2}`, `${first + 3}`];
}

/** The connection by which the gauges were just read may take a moment to go; what stays is a leak. */
async function settledLook(server: SoakServer, before: ServerLook): Promise<ServerLook> {
  let look = await server.look();
  for (let turn = 0; turn < 20 && grown(before, look).length > 0; turn += 1) {
    await pause(250);
    look = await server.look();
  }
  return look;
}

const wordsOf = ({ memory, resources }: ServerLook): string =>
  `memory ${memory.ownMb.toFixed(1)} MB, heap ${memory.heapMb.toFixed(1)} MB, ${JSON.stringify(resources)}`;

class SoakRun {
  readonly played = new Map<string, number>();
  readonly surprises: string[] = [];
  readonly #server: SoakServer;
  readonly #options: SoakOptions;
  #loads = 0;

  constructor(server: SoakServer, options: SoakOptions) {
    this.#server = server;
    this.#options = options;
  }

  async load(forMs: number): Promise<void> {
    const until = performance.now() + forMs;
    this.#loads += 1;
    const { casts, seed } = this.#options;
    const numbers = Array.from({ length: casts }, (_, n) => n);
    await Promise.all(
      numbers.map((n) => this.#perform(n, new Chance(seed + 1_000 * this.#loads + n), until)),
    );
  }

  /** Waits until nothing is left; what is left after the protocols' own memory is told. */
  async quiet(): Promise<readonly string[]> {
    const until = performance.now() + this.#options.memoryMs;
    for (;;) {
      const metrics = await this.#server.metrics();
      const left = GAUGES.filter(
        (name) => metrics.get(name) !== undefined && metrics.get(name) !== 0,
      );
      if (left.length === 0) return [];
      if (performance.now() > until) return left.map((name) => `${name} ${metrics.get(name)}`);
      await pause(250);
    }
  }

  /** One cast plays scenes in a shuffled order, all of them before any comes again. */
  async #perform(n: number, chance: Chance, until: number): Promise<void> {
    const stage: Stage = { ports: this.#server.ports, chance };
    let cast = await gather(stage, extensionsOf(n));
    let script: Scene[] = [];
    while (performance.now() < until && this.#server.alive) {
      if (script.length === 0) script = shuffled(SCENES, chance);
      const scene = script.pop();
      if (scene === undefined) break;
      const gone = await this.#play(scene, cast, stage);
      if (gone || chance.once(6)) cast = await this.#replaced(cast, stage, n);
      else forget(cast);
    }
    await dismiss(cast);
  }

  /** @returns whether phones have to be replaced */
  async #play(scene: Scene, cast: Cast, stage: Stage): Promise<boolean> {
    this.played.set(scene.name, (this.played.get(scene.name) ?? 0) + 1);
    try {
      await scene.play(cast, stage);
      return scene.leaves === true;
    } catch (error) {
      this.surprises.push(`${scene.name}: ${error instanceof Error ? error.message : error}`);
      return true;
    }
  }

  /** Other phones, by other transports, take the places of these, which say nothing. */
  async #replaced(cast: Cast, stage: Stage, n: number): Promise<Cast> {
    for (const phone of everybody(cast)) await phone.close();
    return gather(stage, extensionsOf(n));
  }
}

function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  const left = [...list];
  const order: T[] = [];
  while (left.length > 0) order.push(...left.splice(chance.below(left.length), 1));
  return order;
}

/** What is there after the load and was not before it, beyond what a kind of resource may come and go by itself. */
export function grown(before: ServerLook, after: ServerLook): readonly string[] {
  return Object.entries(after.resources)
    .filter(([kind, count]) => count > (before.resources[kind] ?? 0))
    .map(([kind, count]) => `${kind} ${before.resources[kind] ?? 0} → ${count}`);
}
