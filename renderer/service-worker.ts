/**
 * Keeps the page itself, so that the installed browser app opens without a network and says so; calls, lists and everything else
 * of the server always come from the server.
 */

/** The part of the service worker's world that is used; TypeScript's own description excludes that of pages. */
interface WorkerScope {
  readonly location: Location;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(kind: 'install' | 'activate', run: (event: LifeEvent) => void): void;
  addEventListener(kind: 'fetch', run: (event: AskEvent) => void): void;
}
interface LifeEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface AskEvent extends LifeEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const isWorker = (scope: unknown): scope is WorkerScope =>
  typeof scope === 'object' && scope !== null && 'skipWaiting' in scope;

const SHELL = 'parkline-shell-1';
const PAGE = '/';
/** Files with a hash of their content in the name never change: more than a few versions are not worth the room. */
const MOST_FILES = 80;

function startWorker(scope: WorkerScope): void {
  scope.addEventListener('install', (event) => {
    event.waitUntil(keepPage().then(() => scope.skipWaiting()));
  });
  scope.addEventListener('activate', (event) => {
    event.waitUntil(dropOldShells().then(() => scope.clients.claim()));
  });
  scope.addEventListener('fetch', (event) => {
    const url = new URL(event.request.url);
    if (event.request.method !== 'GET' || url.origin !== scope.location.origin) return;
    if (event.request.mode === 'navigate' && url.pathname === PAGE) {
      event.respondWith(newestPage(event.request));
    } else if (/^\/(?:assets|icons)\/|^\/manifest\.webmanifest$/.test(url.pathname)) {
      event.respondWith(keptFile(event.request));
    }
  });
}

/** The page and the files it names, at once: the first visit may be the last one with a network. */
async function keepPage(): Promise<void> {
  const shell = await caches.open(SHELL);
  const page = await fetch(PAGE, { credentials: 'omit' });
  if (!page.ok) return;
  const html = await page.clone().text();
  const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, file]) => file);
  await shell.put(PAGE, page);
  await shell.addAll(['/manifest.webmanifest', ...files.map((file) => `/${file}`)]);
}

async function dropOldShells(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)));
}

/** From the server while there is one: an old page must not outlive an update of the server. */
async function newestPage(request: Request): Promise<Response> {
  const shell = await caches.open(SHELL);
  try {
    const page = await fetch(request);
    if (page.ok) await shell.put(PAGE, page.clone());
    return page;
  } catch (error) {
    const kept = await shell.match(PAGE);
    if (kept === undefined) throw error;
    return kept;
  }
}

async function keptFile(request: Request): Promise<Response> {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(request);
  if (kept !== undefined) return kept;
  const file = await fetch(request);
  if (file.ok && file.status === 200) {
    await shell.put(request, file.clone());
    const all = await shell.keys();
    const tooMany = all.slice(0, Math.max(0, all.length - MOST_FILES));
    await Promise.all(tooMany.map((old) => shell.delete(old)));
  }
  return file;
}

const scope: unknown = self;
if (isWorker(scope)) startWorker(scope);
