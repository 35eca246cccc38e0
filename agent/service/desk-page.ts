import type { Request, RequestHandler, Response } from 'express';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
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

/** The page, as an address of the service, and what answers for its files below it. */
export interface DeskPage {
  readonly endpoint: Endpoint;
  readonly files: RequestHandler;
}

/** `GET /desk`, and the files of the page below it, read when it is first asked for. */
export function deskPage(): DeskPage {
  let reading: Promise<DeskFiles> | undefined;
  const read = async (): Promise<DeskFiles> => {
    // A disk that is away for a moment is asked again.
    reading ??= readDeskFiles().catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
  return {
    endpoint: {
      method: 'get',
      path: '/desk',
      summary: 'The page for clerks. Whoever signs in there speaks to these addresses by their own key.',
      gives: { 'text/html': 'text' },
      problems: [],
      handlers: [
        async (request, response) => {
          response.setHeader('Content-Security-Policy', POLICY);
          response.setHeader('Permissions-Policy', PERMISSIONS);
          response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
          send(request, response, (await read()).page);
        },
      ],
    },
    files: async (request, response, next) => {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      const file =
        isRead && request.path.startsWith(BELOW)
          ? (await read()).files.get(request.path.slice(BELOW.length))
          : undefined;
      if (file === undefined) {
        next();
        return;
      }
      response.setHeader('Content-Security-Policy', POLICY);
      // Nothing of anybody: it is kept, and asked about each time, so that an update is whole.
      response.setHeader('Cache-Control', 'no-cache');
      send(request, response, file);
    },
  };
}

const BELOW = '/desk/';

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
