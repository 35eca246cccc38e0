import { z } from 'zod/v4';
import { mediaGuard } from '../../verifier/http/body.ts';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { Problem } from '../../verifier/http/problem.ts';
import type { AccessTokens } from './access-token.ts';
import { TOKEN_SECONDS } from './access-token.ts';
import { ASSERTION_TYPE, type ClientAssertions } from './client-assertion.ts';
import { PROBLEMS } from './problems.ts';
import type { ReadBody } from './read-body.ts';
import { SCOPES, type Scope } from './scope.ts';

const FORM = 'application/x-www-form-urlencoded';

const TOKEN_REQUEST = z.object({
  grant_type: z.literal('client_credentials'),
  client_assertion_type: z.literal(ASSERTION_TYPE),
  client_assertion: z.string(),
  scope: z
    .string()
    .optional()
    .meta({ description: `Some of ${SCOPES.join(' ')}; all of the client's if left out.` }),
});

const TOKEN_ANSWER = z
  .strictObject({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.literal(TOKEN_SECONDS),
    scope: z.string(),
  })
  .meta({ id: 'AccessToken' });

/** `POST /token`: SMART Backend Services, client_credentials by an assertion (RFC 7523), for 300 s and without a refresh. */
export function tokenEndpoint({
  assertions,
  tokens,
  clock,
  readBody,
}: {
  readonly assertions: ClientAssertions;
  readonly tokens: AccessTokens;
  /** Unix seconds. */
  readonly clock: () => number;
  readonly readBody: ReadBody;
}): Endpoint {
  return {
    method: 'post',
    path: '/token',
    summary: 'An access token for a client that signs who it is (SMART Backend Services).',
    takes: { [FORM]: TOKEN_REQUEST },
    gives: { 'application/json': TOKEN_ANSWER },
    problems: [
      PROBLEMS.REQUEST_INCOMPLETE,
      PROBLEMS.GRANT_UNSUPPORTED,
      PROBLEMS.CLIENT_ASSERTION_INVALID,
      PROBLEMS.SCOPE_INVALID,
      PROBLEMS.ORIGIN_NOT_ALLOWED,
      PROBLEMS.BODY_TOO_LARGE,
      PROBLEMS.CONTENT_TYPE_UNSUPPORTED,
      PROBLEMS.STORE_UNAVAILABLE,
      PROBLEMS.BUSY,
    ],
    handlers: [
      mediaGuard([FORM]),
      async (request, response) => {
        const form = new URLSearchParams((await readBody(request)).toString('utf8'));
        const names = [...form.keys()];
        const { data } = TOKEN_REQUEST.safeParse(Object.fromEntries(form));
        // RFC 6749 section 3.2: no parameter twice.
        if (data === undefined || new Set(names).size !== names.length)
          throw new Problem(PROBLEMS.GRANT_UNSUPPORTED);
        const now = clock();
        const client = await assertions.clientOf(data.client_assertion, now);
        if (client === undefined) throw new Problem(PROBLEMS.CLIENT_ASSERTION_INVALID);
        const scopes = scopesOf(data.scope, client.scopes);
        const access_token = await tokens.make(client.id, scopes, now);
        response.json({
          access_token,
          token_type: 'Bearer',
          expires_in: TOKEN_SECONDS,
          scope: scopes.join(' '),
        });
      },
    ],
  };
}

function scopesOf(asked: string | undefined, had: readonly Scope[]): readonly Scope[] {
  if (asked === undefined) return had;
  const known: ReadonlySet<string> = new Set(had);
  const wanted = asked.split(' ').filter((scope) => scope !== '');
  if (wanted.length === 0 || !wanted.every((scope) => known.has(scope)))
    throw new Problem(PROBLEMS.SCOPE_INVALID);
  return [...new Set(wanted)] as readonly Scope[];
}
