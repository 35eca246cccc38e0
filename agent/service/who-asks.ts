import type { Request, RequestHandler } from 'express';
import { Problem } from '../../verifier/http/problem.ts';
import type { AccessTokens } from './access-token.ts';
import type { Client, Clients } from './clients.ts';
import { PROBLEMS } from './problems.ts';
import type { Caller, Scope } from './scope.ts';

/** How a request says who asks. */
export interface WhoAsks {
  readonly clients: Clients;
  readonly tokens: AccessTokens;
  /** Unix seconds. */
  readonly clock: () => number;
}

const callers = new WeakMap<Request, { readonly caller: Caller; readonly clients: Clients }>();

/**
 * Lets through whoever says who they are (RFC 6750, an access token or an API key as bearer) and has one of the scopes.
 *
 * Problem UNAUTHORIZED with a challenge (RFC 9110 section 11.6.1), SCOPE_MISSING.
 */
export function needs({ clients, tokens, clock }: WhoAsks, ...scopes: readonly Scope[]): RequestHandler {
  return async (request, response, next) => {
    const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
    const caller =
      bearer === undefined ? undefined : (clients.byApiKey(bearer) ?? (await tokens.read(bearer, clock())));
    if (caller === undefined) {
      response.setHeader('WWW-Authenticate', 'Bearer');
      throw new Problem(PROBLEMS.UNAUTHORIZED);
    }
    if (!scopes.some((scope) => caller.scopes.has(scope))) {
      response.setHeader(
        'WWW-Authenticate',
        `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"`,
      );
      throw new Problem(PROBLEMS.SCOPE_MISSING);
    }
    callers.set(request, { caller, clients });
    next();
  };
}

/** Whoever `needs` let through, if nobody has disabled them while their body came. Problem UNAUTHORIZED. */
export function callerOf(request: Request): Caller {
  const known = callers.get(request);
  if (known?.clients.get(known.caller.client) === undefined) throw new Problem(PROBLEMS.UNAUTHORIZED);
  return known.caller;
}

/** The client behind them. Problem UNAUTHORIZED. */
export function clientOf(request: Request): Client {
  const { client } = callerOf(request);
  const known = callers.get(request)?.clients.get(client);
  if (known === undefined) throw new Problem(PROBLEMS.UNAUTHORIZED);
  return known;
}
