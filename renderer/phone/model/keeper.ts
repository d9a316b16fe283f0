import type { z } from 'zod';

/** A small record kept on this machine under a name of its own. Anything unreadable counts as absent. */
export interface Keeper {
  read<T>(name: string, schema: z.ZodType<T>): T | null;
  write(name: string, value: unknown): void;
  remove(name: string): void;
}

const PREFIX = 'parkline:';

/** Local storage; a browser that forbids it, or is full, forgets instead of failing. */
export function storageKeeper(storage: Storage | null): Keeper {
  return {
    read(name, schema) {
      const text = attempt(() => storage?.getItem(PREFIX + name) ?? null);
      if (text === null || text === undefined) return null;
      const parsed = schema.safeParse(attempt(() => JSON.parse(text) as unknown));
      return parsed.success ? parsed.data : null;
    },
    write(name, value) {
      attempt(() => storage?.setItem(PREFIX + name, JSON.stringify(value)));
    },
    remove(name) {
      attempt(() => storage?.removeItem(PREFIX + name));
    },
  };
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
