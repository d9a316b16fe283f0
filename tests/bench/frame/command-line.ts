import { parseArgs } from 'node:util';

export type BenchCommand =
  | { readonly kind: 'list' }
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'run';
      /** Empty: all. */
      readonly parts: readonly string[];
      readonly jsonFile: string | null;
      readonly markdown: boolean;
    };

/** Reads `[part …] [--json FILE] [--markdown] [--list]`. */
export function parseBenchCommand(args: readonly string[], known: readonly string[]): BenchCommand {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        list: { type: 'boolean', default: false },
        json: { type: 'string' },
        markdown: { type: 'boolean', default: false },
      },
    });
    if (values.list) return { kind: 'list' };
    const unknown = positionals.filter((name) => !known.includes(name));
    if (unknown.length > 0) {
      return refused(`Unknown part: ${unknown.join(', ')}. Known: ${known.join(', ')}.`);
    }
    const { json, markdown } = values;
    return { kind: 'run', parts: positionals, jsonFile: json ?? null, markdown };
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}

const refused = (reason: string): BenchCommand => ({ kind: 'refused', reason });
