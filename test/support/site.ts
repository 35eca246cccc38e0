import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';

/** Nothing but what the page's own server gives; `wasm-unsafe-eval` lets the QR reader compile its module. */
const policy = (connect: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    ['connect-src', "'self'", ...connect].join(' '),
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** A page that is built and served on this machine alone. */
export interface Site {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/**
 * Bundle the page in that folder and serve it under a strict policy, with those further files by name.
 *
 * @param connect origins that it may speak to besides its own
 */
export async function serveSite(
  page: string,
  extra: Readonly<Record<string, string>>,
  connect: readonly string[] = [],
): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-site-'));
  await build({
    root: page,
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: false,
    },
  });

  const server = createServer((request, response) => {
    void respond(request.url ?? '/', response);
  });
  async function respond(url: string, response: ServerResponse): Promise<void> {
    const name = new URL(url, 'http://site').pathname.slice(1) || 'index.html';
    try {
      const body = extra[name] ?? (await readFile(join(folder, normalize(`/${name}`))));
      response.writeHead(200, {
        'content-type': MEDIA_TYPES[extname(name)] ?? 'application/octet-stream',
        'content-security-policy': policy(connect),
        'x-content-type-options': 'nosniff',
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
