import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fuzz, type Crash } from './fuzz.ts';

/**
 * `node tests/fuzz/run.ts [--seconds N] [--seed S]`: as long as wished, from another seed each time unless told. What it finds is written
 * to `vectors/`, where every later run of the tests reads it.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_007) },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!(seconds > 0) || !Number.isSafeInteger(seed)) {
  console.error('node tests/fuzz/run.ts [--seconds N] [--seed S]: both are numbers, N above 0.');
  process.exit(2);
}
const end = performance.now() + seconds * 1_000;
console.info(`Fuzzing for ${seconds} s with seed ${seed} …`);
const { mutants, crashes } = fuzz({ seed, goOn: () => performance.now() < end });
console.info(`${mutants} mutants, ${crashes.length} crashes.`);
for (const crash of crashes) keep(crash);
process.exitCode = crashes.length === 0 ? 0 : 1;

function keep({ after, what, messages }: Crash): void {
  const bytes = Buffer.concat(messages);
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  messages.forEach((message, index) => {
    const part = messages.length === 1 ? '' : `-${String(index).padStart(2, '0')}`;
    writeFileSync(fileURLToPath(new URL(`./vectors/${name}${part}.sip`, import.meta.url)), message);
  });
  console.error(`\nmutant ${after}, vector ${name}: ${what}`);
}
