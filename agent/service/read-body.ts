import type { Request } from 'express';
import { addressGroup } from '../../verifier/http/address-group.ts';
import type { BodyBudget } from '../../verifier/http/body-budget.ts';
import { wholeBody } from '../../verifier/http/body.ts';

/**
 * The whole body of a request as bytes, of `most` at most, within what all bodies together may hold. Problem as
 * `wholeBody`.
 */
export type ReadBody = (request: Request, most?: number) => Promise<Buffer>;

/** A FHIR bundle of one person, many times over. */
const MAX_BODY_BYTES = 1_000_000;

/** A reader of bodies over a budget; what is read is copied out of it, being small. */
export function bodyReader(bodies: BodyBudget): ReadBody {
  return async (request, most = MAX_BODY_BYTES) => {
    const hold = bodies.open(addressGroup(request.ip));
    try {
      return await wholeBody(request, hold, most);
    } finally {
      hold.release();
    }
  };
}
