import type { Request, RequestHandler } from 'express';
import { FREE_BYTES } from './body-budget.ts';
import type { BodyHold } from './body-budget.ts';
import { EDGE, Problem } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** A card file of five million characters, escaped a little, or a photograph in base64url. */
const MAX_BODY_BYTES = 6_000_000;

/** What a body that comes in pieces is given at first. */
const FIRST_BYTES = 4096;

/**
 * Take only bodies of these media types, in UTF-8 and not compressed: what is inflated before its size is known is how
 * a small request becomes a large one.
 */
export function mediaGuard(types: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = request.headers;
    const known = encoding === 'identity' && types.includes(mediaType(request)) && isUtf8(type);
    next(known ? undefined : new Problem(EDGE.CONTENT_TYPE_UNSUPPORTED));
  };
}

/**
 * The whole body as bytes, up to its limit and as far as the budget goes. The caller releases the hold once it is done
 * with the bytes, whether or not anybody still waits for the answer; if this fails nothing is held.
 *
 * By hand, not by express.raw: that keeps each piece as it came, and pieces of one byte take a hundred times their size.
 *
 * @throws Problem BODY_TOO_LARGE, REQUEST_INCOMPLETE, or BUSY if all bodies together are too large
 */
export function wholeBody(request: Request, hold: BodyHold, most = MAX_BODY_BYTES): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const declared = Number(request.headers['content-length'] ?? 0);
    let held: Buffer = Buffer.alloc(0);
    let length = 0;
    const take = (chunk: Buffer): void => {
      const needed = length + chunk.length;
      if (needed > most) {
        fail(EDGE.BODY_TOO_LARGE);
        return;
      }
      if (needed === declared && length === 0 && needed <= FREE_BYTES) {
        // A scanner's card comes in one piece.
        held = chunk;
        length = needed;
        return;
      }
      if (needed > held.length) {
        const grown = Math.min(declared || most, Math.max(needed, 2 * held.length, FIRST_BYTES));
        if (!hold.grow(grown)) {
          fail(EDGE.BUSY);
          return;
        }
        held = Buffer.concat([held.subarray(0, length)], grown);
      }
      chunk.copy(held, length);
      length = needed;
    };
    const end = (): void => {
      settle();
      resolve(held.subarray(0, length));
    };
    const gone = (): void => {
      fail(EDGE.REQUEST_INCOMPLETE);
    };
    function settle(): void {
      request.off('data', take).off('end', end).off('error', gone).off('close', gone);
    }
    function fail(kind: ProblemKind): void {
      settle();
      hold.release();
      held = Buffer.alloc(0);
      // An answer that overtakes the body reaches only those whose body is still taken, and forgotten.
      request.on('error', () => undefined).resume();
      reject(new Problem(kind));
    }
    if (declared > most) fail(EDGE.BODY_TOO_LARGE);
    else if (request.destroyed) fail(EDGE.REQUEST_INCOMPLETE);
    else request.on('data', take).on('end', end).on('error', gone).on('close', gone);
  });
}

/** Without its parameters (RFC 9110 section 8.3.1). */
export function mediaType({ headers: { 'content-type': type = '' } }: Request): string {
  return (type.split(';', 1)[0] ?? '').trim().toLowerCase();
}

function isUtf8(type: string): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1];
  return charset === undefined || /^(?:utf-8|us-ascii)$/i.test(charset);
}
