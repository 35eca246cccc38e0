import express from 'express';
import type { ErrorRequestHandler, Express, Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Endpoint } from './endpoint.ts';
import { hostGuard, openAnswers, originGuard, preflight, rateGuard } from './guards.ts';
import type { EdgeLimits } from './limits.ts';
import { openApiEndpoint, type ApiInfo } from './openapi.ts';
import { EDGE, Problem, PROBLEM_TYPE, problemDetail, problemKindOf } from './problem.ts';
import { placesOf, requestEnds, type RequestEnd } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';
import type { PageNeeds } from './security-headers.ts';

/** What a server serves, behind the same guards as every other of ours. */
export interface ShellOptions {
  readonly about: ApiInfo;
  readonly endpoints: readonly Endpoint[];
  /** Host names to answer under, besides those of loopback and the address that a connection arrives at. */
  readonly hosts: readonly string[];
  /** Origins whose pages may send requests, besides our own. */
  readonly origins: readonly string[];
  /**
   * Networks (CIDR) of reverse proxies: what they say of whom they speak for (X-Forwarded-For, X-Forwarded-Proto) is
   * believed, and of nobody else. None unless told.
   */
  readonly proxies?: readonly string[];
  readonly limits: EdgeLimits;
  readonly log: Logger | undefined;
  /** Told of every request that ended. */
  readonly ended: (end: RequestEnd, request: Request) => void;
  /** Paths whose handlers watch over the pauses of a body themselves: it may take as long as it takes. */
  readonly unhurried: ReadonlySet<string>;
  /** What its pages need of a browser. */
  readonly page: PageNeeds;
  /** Pages and routers beside the endpoints; they see only requests that passed the guards. */
  readonly others: readonly RequestHandler[];
}

/** The routes of a server, behind their guards. */
export interface Shell {
  readonly handler: Express;
  /** Refuse what comes from now on, and tell whoever was begun. */
  readonly stop: () => void;
}

/** Make the edge of a server: guards, the endpoints with /openapi.json, what stands beside them, problems. */
export function createShell(
  {
    about,
    endpoints: own,
    hosts,
    origins,
    proxies = [],
    limits,
    log,
    ended,
    unhurried,
    page,
    others,
  }: ShellOptions,
  stopping: AbortController,
): Shell {
  const endpoints: readonly Endpoint[] = [...own, openApiEndpoint(about, () => endpoints)];
  const open = new Set(endpoints.flatMap((endpoint) => (endpoint.open === true ? [endpoint.path] : [])));
  const paths = new Set(['/', ...endpoints.map(({ path }) => path)]);

  const app = express();
  app.enable('strict routing').enable('case sensitive routing');
  app.disable('x-powered-by').set('etag', false).set('query parser', false);
  app.set('trust proxy', proxies.length === 0 ? false : proxies);
  app.use(
    requestEnds(paths, ended),
    securityHeaders(page),
    openAnswers(open),
    refuseWhenStopping(stopping.signal),
    hostGuard(hosts),
    rateGuard(limits.rate),
    originGuard(origins, open),
  );
  const deadline = bodyDeadline(limits.bodySeconds * 1000);
  for (const { method, path, handlers } of endpoints) {
    if (unhurried.has(path)) app[method](path, ...handlers);
    else app[method](path, deadline, ...handlers);
  }
  for (const path of open) app.options(path, preflight(methodsOf(endpoints, path)));
  for (const path of paths) app.all(path, deadline, wrongMethod(endpoints, path));
  for (const other of others) app.use(deadline, other);
  app.use(() => {
    throw new Problem(EDGE.NOT_FOUND);
  });
  app.use(renderProblem(log));
  return {
    handler: app,
    stop: () => {
      stopping.abort();
    },
  };
}

function refuseWhenStopping(stopping: AbortSignal): RequestHandler {
  return (_request, _response, next) => {
    next(stopping.aborted ? new Problem(EDGE.STOPPING) : undefined);
  };
}

/** Whoever sends a body byte by byte is told so, or cut off if the answer was already given. */
function bodyDeadline(milliseconds: number): RequestHandler {
  return (request, response, next) => {
    const timer = setTimeout(() => {
      if (request.complete) return;
      if (response.headersSent) request.socket.destroy();
      else {
        response.once('finish', () => request.socket.destroySoon());
        next(new Problem(EDGE.REQUEST_TIMEOUT));
      }
    }, milliseconds);
    request.once('close', () => {
      clearTimeout(timer);
    });
    next();
  };
}

/** RFC 9110 section 15.5.6: Allow says what the address takes. */
function wrongMethod(endpoints: readonly Endpoint[], path: string): RequestHandler {
  const allow = methodsOf(endpoints, path).join(', ');
  return (request, response, next) => {
    if (path === '/' && (request.method === 'GET' || request.method === 'HEAD')) {
      next();
      return;
    }
    response.setHeader('Allow', allow);
    throw new Problem(EDGE.METHOD_NOT_ALLOWED);
  };
}

/** As Allow says them; of an address that is no endpoint's, those of a page. */
function methodsOf(endpoints: readonly Endpoint[], path: string): readonly string[] {
  const methods = endpoints.filter((endpoint) => endpoint.path === path).map(({ method }) => method);
  const reads = methods.includes('get') || methods.length === 0;
  return [...(reads ? ['GET', 'HEAD'] : []), ...(methods.includes('post') ? ['POST'] : [])];
}

function renderProblem(log: Logger | undefined): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const kind = problemKindOf(error);
    const { code } = kind;
    if (kind === EDGE.INTERNAL) log?.error({ code, places: placesOf(error) });
    if (response.headersSent || response.destroyed) {
      request.socket.destroy();
      return;
    }
    if (kind === EDGE.STOPPING) response.setHeader('Connection', 'close');
    if (kind === EDGE.BUSY || kind === EDGE.STOPPING) response.setHeader('Retry-After', '1');
    if (error instanceof Problem && error.retryAfter !== undefined) {
      response.setHeader('Retry-After', String(error.retryAfter));
    }
    response.status(kind.status).removeHeader('Content-Language');
    response.setHeader('Content-Type', PROBLEM_TYPE);
    const { reason, more }: Partial<Problem> = error instanceof Problem ? error : {};
    response.end(JSON.stringify(problemDetail(kind, reason, more)));
  };
}
