import { parseArgs } from 'node:util';
import { grown, soak } from './soak.ts';

/**
 * `node tests/soak/run.ts [--minutes N] [--seed S] [--casts C]`: mixed load with the protocols' own times but one; default ten minutes, eight
 * casts of four phones, and as long a rest before and after. Afterwards memory must be within 10 % of where it was after two minutes, and nothing may be left over.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_007) },
    casts: { type: 'string', default: '8' },
  },
});
const [minutes, seed, casts] = [values.minutes, values.seed, values.casts].map(Number);
if (!minutes || !(minutes > 0) || !casts || seed === undefined || !Number.isSafeInteger(seed)) {
  console.error('node tests/soak/run.ts [--minutes N] [--seed S] [--casts C]: all are numbers.');
  process.exit(2);
}
console.info(`Soaking for ${minutes} min with seed ${seed} and ${casts} casts …`);
const report = await soak({
  seed,
  casts,
  warmUpMs: 120_000,
  loadMs: minutes * 60_000,
  // Each of them is half a kilobyte for 24 hours, 50,000 of them at most: of some thousands a leak of that size could not be told.
  times: { calls: { endedParkMs: 60_000 } },
  // A vanished phone that knows no session timer is found out after two OPTIONS; bindings and subscriptions live ten minutes.
  memoryMs: 660_000,
  // A nonce that was used is remembered for up to twice its five minutes.
  restMs: 600_000,
  say: (line) => console.info(line),
});
for (const [name, times] of report.played) console.info(`${String(times).padStart(6)} ${name}`);
const { before, after } = report;
const ratio = (of: 'ownMb' | 'heapMb') => after.memory[of] / before.memory[of];
const faults = [
  ...report.surprises,
  ...report.leftOver,
  ...grown(before, after),
  ...(ratio('ownMb') > 1.1 ? ['memory grew by more than 10 %'] : []),
  ...(ratio('heapMb') > 1.1 ? ['the heap grew by more than 10 %'] : []),
];
for (const fault of faults) console.error(fault);
console.info(
  `Memory × ${ratio('ownMb').toFixed(3)}, heap × ${ratio('heapMb').toFixed(3)}, ${faults.length} faults.`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
