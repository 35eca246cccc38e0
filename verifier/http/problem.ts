import { STATUS_CODES } from 'node:http';
import { z } from 'zod/v4';

/** One way a request can fail: a code of a closed table, its HTTP status, and one plain sentence for a person. */
export interface ProblemKind<Code extends string = string> {
  readonly code: Code;
  readonly status: number;
  readonly detail: string;
}

/** The kinds of a server by their codes, from lines of status and sentence. */
export function problemTable<Code extends string>(
  lines: Readonly<Record<Code, readonly [status: number, detail: string]>>,
): { readonly [Each in Code]: ProblemKind<Each> } {
  const kinds = Object.entries<readonly [number, string]>(lines).map(([code, [status, detail]]) => [
    code,
    { code, status, detail },
  ]);
  return Object.fromEntries(kinds) as { readonly [Each in Code]: ProblemKind<Each> };
}

/** What may happen at the edge of any server of ours, whatever it serves. */
export const EDGE = problemTable({
  REQUEST_MALFORMED: [400, 'The request is not HTTP as the standard asks.'],
  REQUEST_INCOMPLETE: [400, 'The request ended before its body was complete.'],
  JSON_INVALID: [400, 'The body is not JSON, names a member twice, or is nested too deep.'],
  BODY_INVALID: [400, 'The body does not have the members that this address asks for; see /openapi.json.'],
  ORIGIN_NOT_ALLOWED: [403, 'Pages of other sites may not send requests here.'],
  NOT_FOUND: [404, 'There is nothing at this address.'],
  METHOD_NOT_ALLOWED: [405, 'This address does not take this method.'],
  REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
  BODY_TOO_LARGE: [413, 'The body is larger than this address takes.'],
  CONTENT_TYPE_UNSUPPORTED: [
    415,
    'This address does not take a body of this media type, character set or encoding.',
  ],
  HOST_NOT_ALLOWED: [421, 'This server does not answer under that host name.'],
  RATE_LIMITED: [429, 'There were too many requests from this address; try again later.'],
  HEADERS_TOO_LARGE: [431, 'The headers of the request are too large.'],
  INTERNAL: [500, 'An internal fault stopped the request; nothing was decided.'],
  BUSY: [503, 'The server is busy; try again in a moment.'],
  STOPPING: [503, 'The server is stopping.'],
});

/** The media type of RFC 9457 section 3. */
export const PROBLEM_TYPE = 'application/problem+json';

/** A problem detail (RFC 9457 section 3.1): nothing of the request is in it. */
export interface ProblemDetail extends ProblemKind {
  /** No page explains the codes, so the title is the status's own (section 4.2.1). */
  readonly type: 'about:blank';
  readonly title: string;
  /** Why, by another closed code (section 3.2: an extension member). */
  readonly reason?: string | undefined;
}

/** The shape of problem details, RFC 9457, with the codes of a server and what else its problems may say. */
export function problemSchema(codes: readonly string[], more: z.ZodRawShape = {}): z.ZodType<ProblemDetail> {
  return z
    .strictObject({
      type: z.literal('about:blank'),
      title: z.string().min(1),
      status: z.number(),
      detail: z.string().min(1),
      code: z.enum(codes),
      reason: z.string().optional(),
      ...more,
    })
    .meta({ title: 'Problem' });
}

/** A request that cannot be answered; rendered once, at the edge of the edge. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly code: string;
  readonly reason: string | undefined;
  /** Further members of the answer (RFC 9457 section 3.2), which its server declares with `problemSchema`. */
  readonly more: Readonly<Record<string, unknown>>;
  /** When it may be tried again, in whole seconds. */
  readonly retryAfter: number | undefined;

  constructor(
    kind: ProblemKind,
    reason?: string,
    more: Readonly<Record<string, unknown>> = {},
    retryAfter?: number,
  ) {
    super(kind.detail);
    this.kind = kind;
    this.code = kind.code;
    this.reason = reason;
    this.more = more;
    this.retryAfter = retryAfter;
  }
}

/** The body of the answer to a request that failed. */
export function problemDetail(
  { code, status, detail }: ProblemKind,
  reason?: string,
  more: Readonly<Record<string, unknown>> = {},
): ProblemDetail {
  const title = STATUS_CODES[status] ?? '';
  return {
    ...more,
    type: 'about:blank',
    title,
    status,
    detail,
    code,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The errors that express and its body parser throw, by their `type`, else by their status. */
const KIND_OF_TYPE: Readonly<Record<string, ProblemKind>> = {
  'entity.too.large': EDGE.BODY_TOO_LARGE,
  'encoding.unsupported': EDGE.CONTENT_TYPE_UNSUPPORTED,
  'charset.unsupported': EDGE.CONTENT_TYPE_UNSUPPORTED,
  'request.aborted': EDGE.REQUEST_INCOMPLETE,
  'request.size.invalid': EDGE.REQUEST_INCOMPLETE,
};

/** Which problem an error is; what was not thrown on purpose is INTERNAL, its message unread. */
export function problemKindOf(error: unknown): ProblemKind {
  if (error instanceof Problem) return error.kind;
  if (!(error instanceof Error)) return EDGE.INTERNAL;
  const { type, status } = error as { readonly type?: unknown; readonly status?: unknown };
  const known = typeof type === 'string' ? KIND_OF_TYPE[type] : undefined;
  if (known !== undefined) return known;
  // express speaks so of a path whose percent-encoding is broken, and its file server of one that leaves the folder.
  if (status === 404 || status === 403) return EDGE.NOT_FOUND;
  return typeof status === 'number' && status >= 400 && status < 500 ? EDGE.REQUEST_MALFORMED : EDGE.INTERNAL;
}
