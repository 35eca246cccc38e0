import type { Request, RequestHandler } from 'express';
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

/** What is said of a request when it ends; nothing else of it is ever written down. */
export interface RequestEnd {
  readonly method: string;
  /** The address as our table has it, never as it was asked for: what stands in a URL may be a credential. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

/** Methods that are named; what else stands in a request's first line is its sender's text. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Lines of JSON without the process's and the machine's name. */
export function createLog(destination: DestinationStream): Logger {
  return pino({ base: null }, destination);
}

/** Tell of every request once it has been answered or given up. */
export function requestEnds(
  routes: ReadonlySet<string>,
  tell: (end: RequestEnd, request: Request) => void,
): RequestHandler {
  return (request, response, next) => {
    const begun = performance.now();
    response.once('close', () => {
      const end = {
        method: METHODS.has(request.method) ? request.method : 'other',
        route: routeOf(request, routes),
        // nginx's word for whoever went away before the answer was complete.
        status: response.writableFinished ? response.statusCode : 499,
        ms: Math.round(10 * (performance.now() - begun)) / 10,
      };
      tell(end, request);
    });
    next();
  };
}

/** An address with parameters is named by its pattern, once the router has found it. */
function routeOf({ path, route }: Request, routes: ReadonlySet<string>): string {
  const pattern: unknown = (route as { readonly path?: unknown } | undefined)?.path;
  if (typeof pattern === 'string' && routes.has(pattern)) return pattern;
  return routes.has(path) ? path : 'other';
}

/** Where an unforeseen error came from, without its message, which may quote what it was about. */
export function placesOf(error: unknown): readonly string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return Array.from(
    stack.matchAll(/^ {4}at .*?\/([\w./-]+\.[cm]?[jt]s:\d+:\d+)\)?$/gm),
    ([, place = '']) => place,
  ).slice(0, 5);
}
