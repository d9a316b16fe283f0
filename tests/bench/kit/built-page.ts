import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildForUse } from '../../../build/electron/bundle.ts';
import { inProject } from '../../../build/project-root.ts';

/** One file of the built page. */
export interface PageFile {
  /** Beside index.html, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly gzipped: number;
  /** Whether a browser must have it before the first screen: named by index.html, or imported by what is, without `import()`. */
  readonly first: boolean;
}

/** Builds the page as a release does, elsewhere than `dist`, and weighs the phone's files: the portal's are another page's. */
export async function weighPage(): Promise<readonly PageFile[]> {
  const folder = mkdtempSync(join(tmpdir(), 'parkline-page-'));
  try {
    await buildForUse({
      configFile: inProject('vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: folder, emptyOutDir: true },
    });
    return filesOf(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function filesOf(folder: string): readonly PageFile[] {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const first = reachable(folder, paths, staticImports);
  const ever = reachable(folder, paths, (text) => text);
  return [...ever].map((path) => {
    const content = readFileSync(join(folder, path));
    const gzipped = gzipSync(content, { level: 9 }).length;
    return { path, bytes: content.length, gzipped, first: first.has(path) };
  });
}

/** Follows names of files in index.html, and from there those in what `namesIn` makes of a script. */
function reachable(
  folder: string,
  paths: readonly string[],
  namesIn: (script: string) => string,
): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    const text = readFileSync(join(folder, path), 'utf8');
    const named = path.endsWith('.html') ? text : namesIn(text);
    for (const other of paths) {
      if (/\.(?:js|css)$/.test(other) && named.includes(nameOf(other))) follow(other);
    }
  };
  follow('index.html');
  return found;
}

const nameOf = (path: string): string => path.split('/').at(-1) ?? path;

/** `import … from "./x.js"`, `import "./x.js"`, `export … from "./x.js"`, as a bundler writes them at the top of a file. */
function staticImports(text: string): string {
  const matches = text.matchAll(/\b(?:import|from)\s*["']([^"']+)["']/g);
  return [...matches].map(([, name]) => name).join('\n');
}
