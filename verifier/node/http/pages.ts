import express from 'express';
import type { RequestHandler, Response } from 'express';

/** Folder of the built pages; undefined if there is none. Asked once, when the first page is. */
export type PagesFolder = () => Promise<string | undefined>;

/** A page to serve at / and whatever it consists of below. */
export interface ServedPage {
  readonly folder: PagesFolder;
  /** Further paths that the page itself answers at. */
  readonly addresses?: readonly string[];
  /** What stands at / where there is no such page. */
  readonly front: () => string;
}

/** Names of built files carry the digest of their content, so that one under a name never changes. */
const BY_DIGEST = /[\\/]assets[\\/][^\\/]+$/;

/**
 * Serve the page of a folder at /. Where there is none, what stands at / says so.
 *
 * A page is looked for when it is first asked for: a node that only answers programs builds none.
 */
export function pagesOf({ folder, addresses = [], front }: ServedPage): RequestHandler {
  let files: Promise<RequestHandler | undefined> | undefined;
  const find = async (): Promise<RequestHandler | undefined> => {
    const found = await folder();
    return found === undefined
      ? undefined
      : express.static(found, { cacheControl: false, fallthrough: true, redirect: false, setHeaders });
  };
  return async (request, response, next) => {
    const serveFiles = await (files ??= find());
    if (addresses.includes(request.path)) request.url = '/';
    if (serveFiles !== undefined) await serveFiles(request, response, next);
    else if (request.path === '/') response.type('html').send(front());
    else next();
  };
}

/** Nothing of a page is about a person; which version is new is asked each time, of what has a fixed name. */
function setHeaders(response: Response, path: string): void {
  response.setHeader(
    'Cache-Control',
    BY_DIGEST.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
  );
}
