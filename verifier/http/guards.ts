import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { addressGroup } from './address-group.ts';
import { EDGE, Problem } from './problem.ts';

/** Names under which a browser on the same machine speaks to it. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Answer only under our own names: a page of another site whose name was pointed here (DNS rebinding) says that name in
 * Host. An address in Host that the connection arrived at is no such name, whoever wrote it.
 *
 * @param names further host names, without port
 */
export function hostGuard(names: readonly string[]): RequestHandler {
  const allowed = new Set([...LOOPBACK_NAMES, ...names.map((name) => name.toLowerCase())]);
  return (request, _response, next) => {
    const name = hostName(request.headers.host);
    next(
      name !== undefined && (allowed.has(name) || name === arrivedAt(request))
        ? undefined
        : new Problem(EDGE.HOST_NOT_ALLOWED),
    );
  };
}

/** RFC 9110 section 7.2, without the port; undefined of what is none. */
function hostName(host: string | undefined): string | undefined {
  return /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase();
}

function arrivedAt({ socket: { localAddress = '' } }: Request): string {
  // A socket for both families shows an IPv4 address as one of IPv6 (RFC 4291 section 2.5.5.2).
  const address = localAddress.replace(/^::ffff:(?=\d+\.)/, '');
  return address.includes(':') ? `[${address}]` : address;
}

/**
 * Take what may change or cost something from our own pages only, and from whoever is no page: browsers send Origin
 * with every such request of another site (Fetch standard, "append a request Origin header").
 *
 * @param origins further origins, such as https://desk.venue.example
 * @param open paths that pages of every site may send to
 */
export function originGuard(origins: readonly string[], open: ReadonlySet<string>): RequestHandler {
  const allowed = new Set(origins);
  return (request, _response, next) => {
    const { origin, host } = request.headers;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const ours = origin === undefined || origin === `${request.protocol}://${host}` || allowed.has(origin);
    next(reads || ours || open.has(request.path) ? undefined : new Problem(EDGE.ORIGIN_NOT_ALLOWED));
  };
}

/** Let pages of every site read what is answered at some paths, refusals as well (Fetch standard, CORS). */
export function openAnswers(open: ReadonlySet<string>): RequestHandler {
  return (request, response, next) => {
    if (request.headers.origin !== undefined && open.has(request.path)) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
      // helmet's same-origin would keep the answer from the page that asked.
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    }
    next();
  };
}

/** Tell browsers that ask beforehand what pages of other sites may send (Fetch standard, "CORS-preflight request"). */
export function preflight(methods: readonly string[]): RequestHandler {
  return ({ headers }, response, next) => {
    if (headers.origin === undefined || headers['access-control-request-method'] === undefined) {
      next();
      return;
    }
    response.setHeader('Access-Control-Allow-Methods', methods.join(', '));
    // No Authorization: who is not known by what is in the body is nobody here.
    response.setHeader('Access-Control-Allow-Headers', 'Content-Type');
    response.setHeader('Access-Control-Max-Age', '600');
    response.status(204).end();
  };
}

/** Keep one address from taking the server from all others. */
export function rateGuard({
  requests,
  seconds,
}: {
  readonly requests: number;
  readonly seconds: number;
}): RequestHandler {
  return rateLimit({
    limit: requests,
    windowMs: seconds * 1000,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    keyGenerator: ({ ip }) => addressGroup(ip),
    validate: false,
    handler: (_request, _response, next) => next(new Problem(EDGE.RATE_LIMITED)),
  });
}
