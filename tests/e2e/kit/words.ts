import { readFileSync } from 'node:fs';
import { z } from 'zod';

const messages = z
  .record(z.string(), z.string())
  .parse(
    JSON.parse(
      readFileSync(new URL('../../../renderer/locales/en.json', import.meta.url), 'utf8'),
    ),
  );

/** An English text of the app by its id; only for texts without parameters. */
export function words(id: string): string {
  const text = messages[id];
  if (text === undefined) throw new Error(`the app has no message ${id}`);
  return text;
}
