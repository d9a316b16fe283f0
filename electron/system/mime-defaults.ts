/**
 * The user's list of which program opens what (freedesktop.org "Association between MIME types and applications"): groups in
 * brackets, `type=first.desktop;second.desktop;` below them. Everything that is not ours stays as it is.
 */
const DEFAULTS = '[Default Applications]';

/** Programs by type, the default first. */
export function defaultsIn(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const line of linesOfDefaults(text.split('\n')).lines) {
    const entry = entryOf(line);
    if (entry !== null) found.set(entry.type, entry.programs);
  }
  return found;
}

export interface DefaultsChange {
  /** Desktop file of the program. */
  readonly id: string;
  /** Types that it opens first from now on. */
  readonly add: readonly string[];
  /** Types that it opens no longer. */
  readonly remove: readonly string[];
}

/** The list after a change; whoever was first before comes second. */
export function withDefaults(text: string, { id, add, remove }: DefaultsChange): string {
  const all = text.split('\n');
  const { from, lines } = linesOfDefaults(all);
  const known = defaultsIn(text);
  const others = (type: string): readonly string[] =>
    (known.get(type) ?? []).filter((program) => program !== id);
  const kept = lines.flatMap((line) => {
    const type = entryOf(line)?.type ?? '';
    if (add.includes(type)) return [];
    if (!remove.includes(type)) return [line];
    return others(type).length === 0 ? [] : [entryText(type, others(type))];
  });
  const ours = add.map((type) => entryText(type, [id, ...others(type)]));
  if (from < 0) {
    if (ours.length === 0) return text;
    const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    return `${before}${[DEFAULTS, ...ours, ''].join('\n')}`;
  }
  return [...all.slice(0, from), ...ours, ...kept, ...all.slice(from + lines.length)].join('\n');
}

const entryText = (type: string, programs: readonly string[]): string =>
  `${type}=${programs.join(';')};`;

function entryOf(
  line: string,
): { readonly type: string; readonly programs: readonly string[] } | null {
  const at = line.indexOf('=');
  if (at <= 0 || line.startsWith('#')) return null;
  const programs = line
    .slice(at + 1)
    .split(';')
    .map((each) => each.trim());
  return { type: line.slice(0, at).trim(), programs: programs.filter((each) => each !== '') };
}

/** Lines of the group, and where its first one is; -1 where there is no such group. */
function linesOfDefaults(all: readonly string[]): {
  readonly from: number;
  readonly lines: readonly string[];
} {
  const head = all.findIndex((line) => line.trim() === DEFAULTS);
  if (head < 0) return { from: -1, lines: [] };
  const rest = all.slice(head + 1);
  const end = rest.findIndex((line) => line.startsWith('['));
  return { from: head + 1, lines: end < 0 ? rest : rest.slice(0, end) };
}
