import express from 'express';
import type { Request, RequestHandler } from 'express';
import { Problem } from './problem.ts';

/** A card file of five million characters, escaped a little, or a photograph in base64url. */
const MAX_BODY_BYTES = 6_000_000;

/**
 * Take only bodies of these media types, in UTF-8 and not compressed: what is inflated before its size is known is how
 * a small request becomes a large one.
 */
export function mediaGuard(types: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = request.headers;
    const known = encoding === 'identity' && types.includes(mediaType(request)) && isUtf8(type);
    next(known ? undefined : new Problem('CONTENT_TYPE_UNSUPPORTED'));
  };
}

/** The whole body as bytes, up to its limit. */
export function wholeBody(): RequestHandler {
  return express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false });
}

/** What wholeBody read; express knows no body where the request has none. */
export function bodyOf(request: Request): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/** Without its parameters (RFC 9110 section 8.3.1). */
export function mediaType({ headers: { 'content-type': type = '' } }: Request): string {
  return (type.split(';', 1)[0] ?? '').trim().toLowerCase();
}

function isUtf8(type: string): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1];
  return charset === undefined || /^(?:utf-8|us-ascii)$/i.test(charset);
}
