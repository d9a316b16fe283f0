import { Chance } from './chance.ts';
import { judgeEndpoint } from './judge-endpoint.ts';
import { judgeParser } from './judge-parser.ts';
import { mutated } from './mutate.ts';
import { fuzzSeeds } from './seeds.ts';

/** Bytes that something went wrong with. */
export interface Crash {
  /** How many mutants came before it in this run. */
  readonly after: number;
  readonly what: string;
  /** One message for the parser; for the endpoint the row of messages that led there. */
  readonly messages: readonly Uint8Array[];
}

export interface FuzzReport {
  readonly mutants: number;
  readonly crashes: readonly Crash[];
}

export interface FuzzLimits {
  readonly seed: number;
  /** Says after every batch whether to go on. */
  readonly goOn: (mutants: number) => boolean;
}

/** Messages that one endpoint gets. */
const BATCH = 25;
/** More of the same tells nothing new. */
const MAX_CRASHES = 20;

/** Mutates, reads, and sends to a live endpoint, until told to stop. */
export function fuzz({ seed, goOn }: FuzzLimits): FuzzReport {
  const chance = new Chance(seed);
  const seeds = fuzzSeeds();
  const crashes: Crash[] = [];
  let mutants = 0;
  while (goOn(mutants) && crashes.length < MAX_CRASHES) {
    const messages = Array.from({ length: BATCH }, () => mutated(seeds, chance));
    for (const [index, bytes] of messages.entries()) {
      const what = judgeParser(bytes);
      if (what !== undefined) crashes.push({ after: mutants + index, what, messages: [bytes] });
    }
    const what = judgeEndpoint(messages, chance.once(2) ? 'udp' : 'tcp');
    if (what !== undefined) crashes.push({ after: mutants, what, messages });
    mutants += BATCH;
  }
  return { mutants, crashes };
}
