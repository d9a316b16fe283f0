export interface CompiledFolderSurroundings {
  /** Default: the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The home directory; may throw where there is none. Default: the user's. */
  readonly home?: () => string;
}

/**
 * The folder in which compiled code is kept between starts: `parkline/compiled` below `XDG_CACHE_HOME`, else below `~/.cache`. It is made when it
 * is missing. Never throws.
 * @returns undefined when there is none that this user alone may write to: whoever writes there decides what is executed
 */
export function compiledFolder(surroundings?: CompiledFolderSurroundings): string | undefined;
