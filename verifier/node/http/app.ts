import express from 'express';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Venue } from '../venue.ts';
import { bodyBudget } from './body-budget.ts';
import { cardPool } from './card-pool.ts';
import type { Endpoint } from './endpoint.ts';
import { frontPage } from './front-page.ts';
import { hostGuard, originGuard, rateGuard } from './guards.ts';
import { createMetrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import type { AppOptions } from './options.ts';
import { withDefaults } from './options.ts';
import { Problem, PROBLEM_TYPE, problemCodeOf, problemDetail } from './problem.ts';
import { placesOf, requestEnds } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';
import { trustEndpoints } from './trust-endpoints.ts';
import { verifyEndpoints } from './verify-endpoints.ts';

/** The HTTP edge as something that answers requests; a server listens for it. */
export interface VerifierApp {
  readonly handler: Express;
  /** Refuse what comes from now on, and bring batches to an end. */
  readonly stop: () => void;
  /** End the threads; nothing is decided any more. */
  readonly close: () => Promise<void>;
}

/** Make the routes of a verifier node; all they know is the venue's. */
export function createApp(venue: Venue, options: AppOptions = {}): VerifierApp {
  const { limits, clock, log, threads, ...given } = withDefaults(options);
  const metrics = createMetrics(clock);
  const stopping = new AbortController();
  const pool = cardPool(venue, threads);
  const endpoints = [
    ...verifyEndpoints({
      venue,
      pool,
      bodies: bodyBudget(limits.bodyBytes),
      stopping: stopping.signal,
      counted: metrics.decided,
      idleMs: limits.bodySeconds * 1000,
      maxBatches: limits.batches,
      maxBatchesOfOne: limits.batchesOfOne,
    }),
    ...trustEndpoints(venue),
    metricsEndpoint(metrics.render),
    openApiEndpoint(() => endpoints),
  ] satisfies readonly Endpoint[] as readonly Endpoint[];
  const paths = new Set(['/', ...endpoints.map(({ path }) => path)]);

  const app = express();
  app.enable('strict routing').enable('case sensitive routing');
  app.disable('x-powered-by').set('etag', false).set('query parser', false).set('trust proxy', false);
  app.use(
    requestEnds(paths, (end, { socket }) => {
      metrics.requested(end);
      log?.info(given.logAddresses ? { ...end, address: socket.remoteAddress } : end);
    }),
    securityHeaders(),
    refuseWhenStopping(stopping.signal),
    hostGuard(given.hosts),
    rateGuard(limits.rate),
    originGuard(given.origins),
  );
  const deadline = bodyDeadline(limits.bodySeconds * 1000);
  for (const { method, path, handlers } of endpoints) {
    // A batch takes as long as it takes; it watches over its own pauses.
    if (path === '/verify/batch') app[method](path, ...handlers);
    else app[method](path, deadline, ...handlers);
  }
  for (const path of paths) app.all(path, deadline, wrongMethod(endpoints, path));
  for (const router of given.routers) app.use(deadline, router);
  app.use(deadline, givenPages(given.pages));
  app.use(() => {
    throw new Problem('NOT_FOUND');
  });
  app.use(renderProblem(log));
  return {
    handler: app,
    stop: () => {
      stopping.abort();
    },
    close: () => pool.close(),
  };

  function givenPages(folder: string | undefined): RequestHandler {
    return folder === undefined
      ? (request, response, next) => {
          if (request.path === '/') response.type('html').send(frontPage(venue.report()));
          else next();
        }
      : express.static(folder, { cacheControl: false, fallthrough: true, redirect: false });
  }
}

function metricsEndpoint(render: () => Promise<{ type: string; text: string }>): Endpoint {
  return {
    method: 'get',
    path: '/metrics',
    summary:
      'Counts for Prometheus; nothing of a person, of decisions once their hour is over; issuers in tens.',
    gives: { 'text/plain': 'text' },
    problems: [],
    handlers: [
      async (_request, response) => {
        const { type, text } = await render();
        response.set('Content-Type', type).end(text);
      },
    ],
  };
}

function openApiEndpoint(endpoints: () => readonly Endpoint[]): Endpoint {
  let document: string | undefined;
  return {
    method: 'get',
    path: '/openapi.json',
    summary: 'This description.',
    gives: { 'application/json': 'text' },
    problems: [],
    handlers: [
      (_request, response) => {
        document ??= JSON.stringify(openApi(endpoints()));
        response.set('Content-Type', 'application/json; charset=utf-8').end(document);
      },
    ],
  };
}

function refuseWhenStopping(stopping: AbortSignal): RequestHandler {
  return (_request, _response, next) => {
    next(stopping.aborted ? new Problem('STOPPING') : undefined);
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
        next(new Problem('REQUEST_TIMEOUT'));
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
  const methods = endpoints.filter((endpoint) => endpoint.path === path).map(({ method }) => method);
  const allow = (methods.includes('post') ? ['POST'] : ['GET', 'HEAD']).join(', ');
  return (request, response, next) => {
    if (path === '/' && (request.method === 'GET' || request.method === 'HEAD')) {
      next();
      return;
    }
    response.setHeader('Allow', allow);
    throw new Problem('METHOD_NOT_ALLOWED');
  };
}

function renderProblem(log: Logger | undefined): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const code = problemCodeOf(error);
    if (code === 'INTERNAL') log?.error({ code, places: placesOf(error) });
    if (response.headersSent || response.destroyed) {
      request.socket.destroy();
      return;
    }
    const problem = problemDetail(code);
    if (code === 'STOPPING') response.setHeader('Connection', 'close');
    if (code === 'BUSY' || code === 'STOPPING') response.setHeader('Retry-After', '1');
    response.status(problem.status).removeHeader('Content-Language');
    response.setHeader('Content-Type', PROBLEM_TYPE);
    response.end(JSON.stringify(problem));
  };
}
