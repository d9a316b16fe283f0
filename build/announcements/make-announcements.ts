/**
 * Makes shared/server/announcements/sounds/LANGUAGE/*.wav with espeak-ng and sox (Debian: espeak-ng, sox). Run by hand when words change, or with
 * a language of your own: `node build/announcements/make-announcements.ts [LANGUAGE …]`, default all of `phrases/`. The files are committed, so
 * that nobody needs the two programs to run the server. A language is as good as its recordings: replace any file by a person's voice.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isPhrase, PHRASES } from '../../shared/server/announcements/phrases.ts';

/** What phones hear at most is 16 kHz wide (G.722, and Opus as we encode it). µ-law halves the files and is not heard in speech. */
const FORMAT = ['-r', '16000', '-c', '1', '-e', 'mu-law', '-b', '8'];
/** Silence is cut at both ends and 60 ms are put back; peaks end 3 dB below full scale. */
const EFFECTS = [
  ...['silence', '1', '0.01', '0.3%', 'reverse', 'silence', '1', '0.01', '0.3%', 'reverse'],
  ...['highpass', '120', 'norm', '-3', 'pad', '0.02', '0.04'],
];

interface Language {
  /** espeak-ng's name of the voice. */
  readonly voice: string;
  readonly wordsPerMinute: number;
  readonly texts: Readonly<Record<string, string>>;
}

function readLanguage(name: string): Language {
  const file = new URL(`phrases/${name}.json`, import.meta.url);
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isLanguage(read))
    throw new Error(`${name}.json: voice, wordsPerMinute and texts are needed`);
  const missing = PHRASES.filter((phrase) => read.texts[phrase] === undefined);
  const odd = Object.keys(read.texts).filter((phrase) => !isPhrase(phrase));
  if (missing.length + odd.length > 0) {
    throw new Error(`${name}.json: missing ${missing.join(' ')}; unknown ${odd.join(' ')}`);
  }
  return read;
}

function isLanguage(value: unknown): value is Language {
  if (typeof value !== 'object' || value === null) return false;
  const { voice, wordsPerMinute, texts } = Object.fromEntries(Object.entries(value));
  return (
    typeof voice === 'string' &&
    typeof wordsPerMinute === 'number' &&
    typeof texts === 'object' &&
    texts !== null &&
    Object.values(texts).every((text) => typeof text === 'string')
  );
}

function makeLanguage(name: string): void {
  const { voice, wordsPerMinute, texts } = readLanguage(name);
  const folder = fileURLToPath(
    new URL(`../../shared/server/announcements/sounds/${name}/`, import.meta.url),
  );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [phrase, text] of Object.entries(texts)) {
    const spoken = execFileSync('espeak-ng', [
      ...['-v', voice, '-s', String(wordsPerMinute), '-p', '45', '--stdout', text],
    ]);
    // -D: without dither the same words make the same file every time.
    const sox = ['-D', '--ignore-length', '-t', 'wav', '-', ...FORMAT, `${folder}${phrase}.wav`];
    execFileSync('sox', [...sox, ...EFFECTS], { input: spoken });
  }
}

const known = readdirSync(new URL('phrases/', import.meta.url)).map((file) =>
  file.replace(/\.json$/, ''),
);
const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : known) makeLanguage(name);
