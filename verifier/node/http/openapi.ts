import { z } from 'zod/v4';
import type { Endpoint } from './endpoint.ts';
import { PROBLEM } from './answers.ts';
import { PROBLEM_TYPE, problemDetail } from './problem.ts';
import type { ProblemCode } from './problem.ts';

/** OpenAPI 3.1 of the endpoints, from the very schemas that read their bodies. */
export function openApi(endpoints: readonly Endpoint[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const endpoint of endpoints) {
    (paths[endpoint.path] ??= {})[endpoint.method] = operation(endpoint);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pratique verifier node',
      version: '1',
      description: 'Decides about health passes from trust data that it holds, asking nobody.',
    },
    paths,
  };
}

function operation({ summary, takes, gives, problems }: Endpoint): object {
  const byStatus = Map.groupBy([...problems, ...ALWAYS], (code) => problemDetail(code).status);
  return {
    summary,
    ...(takes === undefined ? {} : { requestBody: { required: true, content: contentOf(takes, 'input') } }),
    responses: {
      200: { description: 'The answer.', content: contentOf(gives, 'output') },
      ...Object.fromEntries(
        [...byStatus].map(([status, codes]) => [
          status,
          {
            description: codes.map((code) => `${code}: ${problemDetail(code).detail}`).join(' '),
            content: { [PROBLEM_TYPE]: { schema: schemaOf(PROBLEM, 'output') } },
          },
        ]),
      ),
    },
  };
}

/** What may happen to any request. */
const ALWAYS: readonly ProblemCode[] = [
  'REQUEST_MALFORMED',
  'METHOD_NOT_ALLOWED',
  'REQUEST_TIMEOUT',
  'HOST_NOT_ALLOWED',
  'RATE_LIMITED',
  'HEADERS_TOO_LARGE',
  'INTERNAL',
  'STOPPING',
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
