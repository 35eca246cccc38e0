import express from 'express';
import type { RequestHandler, Response } from 'express';
import type { Venue } from '../venue.ts';
import { frontPage } from './front-page.ts';

/** Folder of the built pages; undefined if there is none. Asked once, when the first page is. */
export type PagesFolder = () => Promise<string | undefined>;

/** Names of built files carry the digest of their content, so that one under a name never changes. */
const BY_DIGEST = /[\\/]assets[\\/][^\\/]+$/;

/**
 * Serve the pages of a folder at /: the scanner. Where there are none, what stands at / says so.
 *
 * A page is looked for when it is first asked for: a node that only answers programs builds none.
 */
export function pagesOf(venue: Venue, folder: PagesFolder): RequestHandler {
  let files: Promise<RequestHandler | undefined> | undefined;
  const find = async (): Promise<RequestHandler | undefined> => {
    const found = await folder();
    return found === undefined
      ? undefined
      : express.static(found, { cacheControl: false, fallthrough: true, redirect: false, setHeaders });
  };
  return async (request, response, next) => {
    const serveFiles = await (files ??= find());
    if (serveFiles !== undefined) await serveFiles(request, response, next);
    else if (request.path === '/') response.type('html').send(frontPage(venue.report()));
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
