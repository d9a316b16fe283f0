import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SoakServer } from '../soak/soak-server.ts';
import { fuzz, type Crash } from './fuzz.ts';
import { fuzzWire } from './wire-fuzz.ts';

/**
 * `node tests/fuzz/run.ts [--seconds N] [--seed S] [--wire]`: as long as wished, from another seed each time unless told. What it finds is written
 * to `vectors/`, where every later run of the tests reads it. With `--wire` the mutants go into live calls of a running server.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    wire: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_007) },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!(seconds > 0) || !Number.isSafeInteger(seed)) {
  console.error(
    'node tests/fuzz/run.ts [--seconds N] [--seed S] [--wire]: both are numbers, N above 0.',
  );
  process.exit(2);
}
const end = performance.now() + seconds * 1_000;
console.info(`Fuzzing for ${seconds} s with seed ${seed} …`);
const goOn = (): boolean => performance.now() < end;
process.exitCode = (values.wire ? await overTheWire() : inMemory()) ? 0 : 1;

/** @returns whether nothing broke */
function inMemory(): boolean {
  const { mutants, crashes } = fuzz({ seed, goOn });
  console.info(`${mutants} mutants, ${crashes.length} crashes.`);
  for (const crash of crashes) keep(crash);
  return crashes.length === 0;
}

/** @returns whether nothing broke */
async function overTheWire(): Promise<boolean> {
  const server = await SoakServer.start();
  const { mutants, calls, faults } = await fuzzWire(server, { seed, goOn });
  await server.close();
  console.info(`${mutants} mutants into ${calls} calls, ${faults.length} faults.`);
  for (const fault of faults) console.error(fault);
  return faults.length === 0;
}

function keep({ after, what, messages }: Crash): void {
  const bytes = Buffer.concat(messages);
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  messages.forEach((message, index) => {
    const part = messages.length === 1 ? '' : `-${String(index).padStart(2, '0')}`;
    writeFileSync(fileURLToPath(new URL(`./vectors/${name}${part}.sip`, import.meta.url)), message);
  });
  console.error(`\nmutant ${after}, vector ${name}: ${what}`);
}
