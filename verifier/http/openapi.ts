import { z } from 'zod/v4';
import type { Endpoint } from './endpoint.ts';
import { EDGE, PROBLEM_TYPE } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** What an API is called, and what it is for. */
export interface ApiInfo {
  readonly title: string;
  readonly description: string;
  /** The shape of its problems, from `problemSchema`. */
  readonly problem: z.ZodType;
}

/** OpenAPI 3.1 of the endpoints, from the very schemas that read their bodies. */
function openApi({ title, description, problem }: ApiInfo, endpoints: readonly Endpoint[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const endpoint of endpoints) {
    (paths[endpoint.path.replaceAll(PARAMETER, '{$1}')] ??= {})[endpoint.method] = operation(
      endpoint,
      problem,
    );
  }
  return {
    openapi: '3.1.0',
    info: { title, version: '1', description },
    paths,
    ...(endpoints.some(asksWho) ? { components: { securitySchemes: { [BEARER]: SCHEME } } } : {}),
  };
}

const BEARER = 'bearer';
const SCHEME = { type: 'http', scheme: 'bearer', description: 'An access token, or an API key (RFC 6750).' };
const UNAUTHORIZED = 401;

/** Whether an address is for those who say who they are. */
function asksWho({ problems }: Endpoint): boolean {
  return problems.some(({ status }) => status === UNAUTHORIZED);
}

/** As express writes it in a path. */
const PARAMETER = /:(\w+)/g;

function operation(endpoint: Endpoint, problem: z.ZodType): object {
  const { path, summary, query = {}, headers = {}, takes, gives, status: given = 200, problems } = endpoint;
  const byStatus = Map.groupBy([...problems, ...ALWAYS], ({ status }) => status);
  const parameters = [
    ...Array.from(path.matchAll(PARAMETER), ([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries({ query, header: headers }).flatMap(([place, said]) =>
      Object.entries(said).map(([name, schema]) => ({
        name,
        in: place,
        required: !schema.safeParse(undefined).success,
        schema: schemaOf(schema, 'input'),
      })),
    ),
  ];
  return {
    summary,
    ...(asksWho(endpoint) ? { security: [{ [BEARER]: [] }] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(takes === undefined ? {} : { requestBody: { required: true, content: contentOf(takes, 'input') } }),
    responses: {
      [given]: { description: 'The answer.', content: contentOf(gives, 'output') },
      ...Object.fromEntries(
        [...byStatus].map(([status, kinds]) => [
          status,
          {
            description: kinds.map(({ code, detail }) => `${code}: ${detail}`).join(' '),
            content: {
              [PROBLEM_TYPE]: { schema: schemaOf(problem, 'output') },
            },
          },
        ]),
      ),
    },
  };
}

/** What may happen to any request. */
const ALWAYS: readonly ProblemKind[] = [
  EDGE.REQUEST_MALFORMED,
  EDGE.METHOD_NOT_ALLOWED,
  EDGE.REQUEST_TIMEOUT,
  EDGE.HOST_NOT_ALLOWED,
  EDGE.RATE_LIMITED,
  EDGE.HEADERS_TOO_LARGE,
  EDGE.INTERNAL,
  EDGE.STOPPING,
];

function contentOf(bodies: Endpoint['gives'], io: 'input' | 'output'): object {
  return Object.fromEntries(
    Object.entries(bodies).map(([type, schema]) => [
      type,
      schema === 'text'
        ? { schema: { type: 'string' } }
        : schema === 'bytes'
          ? {}
          : { schema: schemaOf(schema, io) },
    ]),
  );
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io, reused: 'inline' });
  return plain;
}

/** GET /openapi.json: the description of all endpoints, itself among them. */
export function openApiEndpoint(about: ApiInfo, endpoints: () => readonly Endpoint[]): Endpoint {
  let document: string | undefined;
  return {
    method: 'get',
    path: '/openapi.json',
    summary: 'This description.',
    gives: { 'application/json': 'text' },
    problems: [],
    handlers: [
      (_request, response) => {
        document ??= JSON.stringify(openApi(about, endpoints()));
        response.set('Content-Type', 'application/json; charset=utf-8').end(document);
      },
    ],
  };
}
