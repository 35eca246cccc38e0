import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { isHeld } from '../../verifier/http/entity-tag.ts';
import { readDeskFiles, type DeskFile, type DeskFiles } from './desk-files.ts';

/**
 * The page runs its own modules and speaks to its own server. Nothing turns a text into markup or script (Trusted Types
 * without a policy), nobody frames it, and no form is ever sent by the browser itself, which would put what is typed into an
 * address.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const PERMISSIONS = [
  'camera',
  'microphone',
  'geolocation',
  'payment',
  'usb',
  'serial',
  'hid',
  'clipboard-read',
  'display-capture',
]
  .map((name) => `${name}=()`)
  .join(', ');

/** `GET /desk` and the files of the page below it. */
export function deskRouter(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  let reading: Promise<DeskFiles> | undefined;
  const read = async (): Promise<DeskFiles> => {
    // A disk that is away for a moment is asked again.
    reading ??= readDeskFiles().catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
  const page: RequestHandler = async (request, response) => {
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('Permissions-Policy', PERMISSIONS);
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    send(request, response, (await read()).page);
  };
  const file: RequestHandler = async (request, response, next) => {
    const found = (await read()).files.get(request.path.slice('/desk/'.length));
    if (found === undefined) {
      next();
      return;
    }
    response.setHeader('Content-Security-Policy', POLICY);
    // Nothing of anybody: it is kept, and asked about each time, so that an update is whole.
    response.setHeader('Cache-Control', 'no-cache');
    send(request, response, found);
  };
  router.get('/desk', page);
  router.get('/desk/*path', file);
  return router;
}

function send(request: Request, response: Response, { type, bytes, tag }: DeskFile): void {
  response.setHeader('ETag', tag);
  if (isHeld(request.headers['if-none-match'], tag)) {
    response.status(304).end();
    return;
  }
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}
