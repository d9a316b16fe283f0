export interface EntryOptions {
  /** Field code at the end of the command, e.g. `%u` for a link; never quoted. */
  readonly field?: '%u';
  /** Further lines, as they stand in the file. */
  readonly more?: readonly string[];
}

/** A desktop file that starts a command (freedesktop.org Desktop Entry Specification, "The Exec key"). */
export function desktopEntry(
  command: readonly string[],
  { field, more = [] }: EntryOptions = {},
): string {
  const words = command.map(
    (word) => `"${word.replace(/(["`$\\])/g, '\\$1').replaceAll('%', '%%')}"`,
  );
  const exec = [...words, ...(field === undefined ? [] : [field])].join(' ');
  const lines = ['[Desktop Entry]', 'Type=Application', 'Name=Parkline', `Exec=${exec}`];
  return [...lines, 'Terminal=false', ...more, ''].join('\n');
}
