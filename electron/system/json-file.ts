import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/**
 * A small file of a profile that only its user may read. What is missing, half-written or not as expected reads as `fallback`;
 * a write replaces the file whole, so that a crash leaves either the old or the new one.
 */
export class JsonFile<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  readonly #fallback: T;

  constructor(path: string, schema: z.ZodType<T>, fallback: T) {
    this.#path = path;
    this.#schema = schema;
    this.#fallback = fallback;
  }

  read(): T {
    try {
      const checked = this.#schema.safeParse(JSON.parse(readFileSync(this.#path, 'utf8')));
      return checked.success ? checked.data : this.#fallback;
    } catch {
      return this.#fallback;
    }
  }

  /** @throws when the disk refuses. */
  write(value: T): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const partial = `${this.#path}.new`;
    writeFileSync(partial, JSON.stringify(value), { mode: 0o600 });
    renameSync(partial, this.#path);
  }
}
