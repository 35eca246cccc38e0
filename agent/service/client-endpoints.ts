import { z } from 'zod/v4';
import { mediaGuard } from '../../verifier/http/body.ts';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { readJson } from '../../verifier/http/json-body.ts';
import { Problem } from '../../verifier/http/problem.ts';
import { addFor, disableFor, sayQuotaFor } from './client-administration.ts';
import type { Client } from './clients.ts';
import { problemOf, PROBLEMS } from './problems.ts';
import { DEFAULT_QUOTA, MAX_QUOTA, QUOTA_KINDS } from './quota.ts';
import type { Quotas } from './quotas.ts';
import type { ReadBody } from './read-body.ts';
import { SCOPES } from './scope.ts';
import { callerOf, clientOf, needs, type WhoAsks } from './who-asks.ts';

const JSON_TYPE = 'application/json';

const COUNT = z.int().min(0).max(MAX_QUOTA);
const WINDOWS = z.strictObject({ hour: COUNT, day: COUNT });
const KINDS = { issue: WINDOWS, revoke: WINDOWS, bulk: WINDOWS, clients: WINDOWS, looks: WINDOWS };
const QUOTA = z.strictObject(KINDS).meta({
  id: 'Quota',
  description:
    'How much in an hour and in a day: cards, revocations, lines of bulks, clients taken in, looks at persons.',
});
const SCOPE = z.enum(SCOPES);

const NEW_CLIENT = z.strictObject({
  name: z.string(),
  scopes: z.array(SCOPE).min(1),
  jwks: z.unknown().optional().meta({ description: 'JWK Set of its public keys; without one an API key.' }),
  quota: QUOTA.optional(),
});

/** That a quota is nearly used up, or that more is done than usually. */
const ALARMS = z.array(
  z.strictObject({
    of: z.enum(QUOTA_KINDS),
    window: z.enum(['hour', 'day']),
    level: z.union([z.literal(80), z.literal(100), z.literal('unusual')]),
  }),
);

const CLIENT_SHAPE = {
  id: z.string(),
  name: z.string(),
  scopes: z.array(SCOPE),
  createdAt: z.number(),
  disabledAt: z.number().nullable(),
  by: z.string().nullable().meta({ description: 'The client that took it in.' }),
  proves: z.enum(['api-key', 'keys']),
  quota: QUOTA,
};
const CLIENT = z.strictObject(CLIENT_SHAPE).meta({ id: 'Client' });
const ADDED = z.strictObject({ ...CLIENT_SHAPE, apiKey: z.string().optional() }).meta({ id: 'AddedClient' });
const CLIENTS = z
  .strictObject({
    clients: z.array(
      z.strictObject({
        ...CLIENT_SHAPE,
        used: QUOTA,
        alarms: ALARMS,
      }),
    ),
  })
  .meta({ id: 'Clients' });
const ME = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    scopes: z.array(SCOPE),
    iss: z.string(),
    quota: QUOTA,
    used: QUOTA,
    alarms: ALARMS,
  })
  .meta({ id: 'Me' });

/** What the addresses that keep clients need. */
export interface ClientEnvironment extends WhoAsks {
  readonly iss: string;
  readonly quotas: Quotas;
  readonly readBody: ReadBody;
}

const ASKED = [PROBLEMS.UNAUTHORIZED, PROBLEMS.SCOPE_MISSING];
const SENT = [
  ...ASKED,
  PROBLEMS.ORIGIN_NOT_ALLOWED,
  PROBLEMS.REQUEST_INCOMPLETE,
  PROBLEMS.JSON_INVALID,
  PROBLEMS.BODY_INVALID,
  PROBLEMS.BODY_TOO_LARGE,
  PROBLEMS.CONTENT_TYPE_UNSUPPORTED,
  PROBLEMS.STORE_UNAVAILABLE,
  PROBLEMS.BUSY,
];

/** `GET /me`, and the clients for whoever keeps them: what is said here counts at once. */
export function clientEndpoints(environment: ClientEnvironment): readonly Endpoint[] {
  const { clients, quotas, clock, iss, readBody } = environment;
  const isAdmin = needs(environment, 'admin');
  return [
    {
      method: 'get',
      path: '/me',
      summary: 'Who asks, and what they may do: the login of a page.',
      gives: { [JSON_TYPE]: ME },
      problems: [PROBLEMS.UNAUTHORIZED, PROBLEMS.STORE_UNAVAILABLE],
      handlers: [
        needs(environment, ...SCOPES),
        async (request, response) => {
          const { id, name, quota = DEFAULT_QUOTA } = clientOf(request);
          const now = clock();
          const [used, alarms] = await orProblem(async () =>
            Promise.all([quotas.used(id, now), quotas.alarms(id, now)]),
          );
          // Of an access token maybe fewer than of its client.
          response.json({ id, name, scopes: [...callerOf(request).scopes], iss, quota, used, alarms });
        },
      ],
    },
    {
      method: 'get',
      path: '/clients',
      summary: 'The clients, oldest first, what they have done in this hour and day, and alarms about it.',
      gives: { [JSON_TYPE]: CLIENTS },
      problems: ASKED,
      handlers: [
        isAdmin,
        async (_request, response) => {
          const now = clock();
          const all = clients.all().map(async (client) => ({
            ...plain(client),
            used: await quotas.used(client.id, now),
            alarms: await quotas.alarms(client.id, now),
          }));
          const told = await orProblem(async () => Promise.all(all));
          response.json({ clients: told });
        },
      ],
    },
    {
      method: 'post',
      path: '/clients',
      summary:
        'Take a client in, with scopes and a quota that whoever asks has too. Its API key is shown once.',
      takes: { [JSON_TYPE]: NEW_CLIENT },
      gives: { [JSON_TYPE]: ADDED },
      status: 201,
      problems: [...SENT, PROBLEMS.ESCALATION, PROBLEMS.CLIENT_INVALID, PROBLEMS.QUOTA_REACHED],
      handlers: [
        mediaGuard([JSON_TYPE]),
        isAdmin,
        async (request, response) => {
          const asked = read(NEW_CLIENT, await readBody(request));
          const { jwks, quota, ...rest } = asked;
          const wanted = {
            ...rest,
            ...(jwks === undefined ? {} : { jwks }),
            ...(quota === undefined ? {} : { quota }),
          };
          const { client, apiKey } = await orProblem(async () =>
            addFor(environment, callerOf(request), wanted, Math.floor(clock())),
          );
          response.status(201).json({ ...plain(client), ...(apiKey === undefined ? {} : { apiKey }) });
        },
      ],
    },
    {
      method: 'post',
      path: '/clients/:id/disable',
      summary:
        'Let a client do nothing any more: its keys, and the access tokens that it was given, count at once for nothing.',
      gives: { [JSON_TYPE]: CLIENT },
      problems: [...ASKED, PROBLEMS.ORIGIN_NOT_ALLOWED, PROBLEMS.CLIENT_UNKNOWN, PROBLEMS.LAST_ADMIN],
      handlers: [
        isAdmin,
        async (request, response) => {
          const { id = '' } = request.params as Readonly<Record<string, string>>;
          const client = await orProblem(async () =>
            disableFor(clients, callerOf(request), id, Math.floor(clock())),
          );
          response.json(plain(client));
        },
      ],
    },
    {
      method: 'post',
      path: '/clients/:id/quota',
      summary: 'Say how much a client may do, no more than whoever asks.',
      takes: { [JSON_TYPE]: QUOTA },
      gives: { [JSON_TYPE]: CLIENT },
      problems: [...SENT, PROBLEMS.ESCALATION, PROBLEMS.CLIENT_UNKNOWN],
      handlers: [
        mediaGuard([JSON_TYPE]),
        isAdmin,
        async (request, response) => {
          const quota = read(QUOTA, await readBody(request));
          const { id = '' } = request.params as Readonly<Record<string, string>>;
          const client = await orProblem(async () => sayQuotaFor(clients, callerOf(request), id, quota));
          response.json(plain(client));
        },
      ],
    },
  ];
}

function read<T>(schema: z.ZodType<T>, body: Uint8Array): T {
  const { data } = schema.safeParse(readJson(body));
  if (data === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
  return data;
}

async function orProblem<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw problemOf(error);
  }
}

/** Without what it proves itself by. */
function plain(client: Client): z.infer<typeof CLIENT> {
  const { id, name, scopes, createdAt, disabledAt = null, by = null, proof, quota = DEFAULT_QUOTA } = client;
  const proves = 'jwks' in proof ? 'keys' : 'api-key';
  return { id, name, scopes: [...scopes], createdAt, disabledAt, by, proves, quota };
}
