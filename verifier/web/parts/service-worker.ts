/// <reference types="vite/client" />
// Keeps the page for when the server cannot be reached: exactly the files of one version, under the name of that version.
// What a new version holds is fetched whole before it counts; the old one is thrown away once the new one has taken over.

/** Name of the page; put in when it is built, as all of these. */
declare const PAGE_NAME: string;
/** Paths that are answered with the page itself. */
declare const PAGE_ADDRESSES: readonly string[];
/** Every file of the page, by its path. */
declare const PAGE_FILES: readonly string[];
/** Digest of all of them. */
declare const PAGE_VERSION: string;

/** What of a service worker's scope is used here; TypeScript's library for it does not go with that of pages. */
interface WorkerScope {
  readonly clients: { readonly claim: () => Promise<void> };
  readonly skipWaiting: () => Promise<void>;
  readonly addEventListener: ((
    type: 'install' | 'activate',
    listener: (event: { readonly waitUntil: (work: Promise<unknown>) => void }) => void,
  ) => void) &
    ((type: 'message', listener: (event: MessageEvent<unknown>) => void) => void) &
    ((
      type: 'fetch',
      listener: (event: {
        readonly request: Request;
        readonly respondWith: (response: Promise<Response>) => void;
      }) => void,
    ) => void);
}

const scope = globalThis as unknown as WorkerScope;
const PREFIX = `pratique-${PAGE_NAME}-`;
const CACHE = `${PREFIX}${PAGE_VERSION}`;

scope.addEventListener('install', (event) => {
  event.waitUntil(keepFiles());
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

scope.addEventListener('message', ({ data }) => {
  // The page says when nobody stands before it.
  if (data === 'take-over') void scope.skipWaiting();
});

scope.addEventListener('fetch', (event) => {
  const path = keptPath(event.request);
  if (path !== undefined) event.respondWith(kept(path, event.request));
});

async function keepFiles(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache, which may hold what another version left.
  await cache.addAll(PAGE_FILES.map((path) => new Request(path, { cache: 'reload' })));
}

async function takeOver(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await scope.clients.claim();
}

/** The file that a request is for, if it is one of the page; everything else goes to the server. */
function keptPath({ method, url }: Request): string | undefined {
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== location.origin) return undefined;
  const path = PAGE_ADDRESSES.includes(pathname) ? '/index.html' : pathname;
  return PAGE_FILES.includes(path) ? path : undefined;
}

async function kept(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}
