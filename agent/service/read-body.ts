import type { Request } from 'express';
import { addressGroup } from '../../verifier/http/address-group.ts';
import type { BodyBudget } from '../../verifier/http/body-budget.ts';
import { wholeBody } from '../../verifier/http/body.ts';

/** The whole body of a request as bytes, within what all bodies together may hold. Problem as `wholeBody`. */
export type ReadBody = (request: Request) => Promise<Buffer>;

/** A FHIR bundle of one person, many times over. */
const MAX_BODY_BYTES = 1_000_000;

/** A reader of bodies over a budget; what is read is copied out of it, being small. */
export function bodyReader(bodies: BodyBudget): ReadBody {
  return async (request) => {
    const hold = bodies.open(addressGroup(request.socket.remoteAddress));
    try {
      return await wholeBody(request, hold, MAX_BODY_BYTES);
    } finally {
      hold.release();
    }
  };
}
