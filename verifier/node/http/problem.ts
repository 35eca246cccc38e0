import { STATUS_CODES } from 'node:http';

/** Every way a request can fail: its HTTP status, and what it tells a person in one plain sentence. A closed table. */
const PROBLEMS = {
  REQUEST_MALFORMED: [400, 'The request is not HTTP as the standard asks.'],
  REQUEST_INCOMPLETE: [400, 'The request ended before its body was complete.'],
  JSON_INVALID: [400, 'The body is not JSON, names a member twice, or is nested too deep.'],
  BODY_INVALID: [400, 'The body does not have the members that this address asks for; see /openapi.json.'],
  ORIGIN_NOT_ALLOWED: [403, 'Pages of other sites may not send requests here.'],
  NOT_FOUND: [404, 'There is nothing at this address.'],
  BUNDLE_MISSING: [404, 'This node holds no trust data that it could pass on.'],
  LOG_MISSING: [404, 'This node holds no log of a registry.'],
  METHOD_NOT_ALLOWED: [405, 'This address does not take this method.'],
  REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
  BODY_TOO_LARGE: [413, 'The body is larger than this address takes.'],
  LINE_TOO_LARGE: [413, 'The line is longer than a line may be.'],
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
  TRUST_MISSING: [503, 'There is no trust data here yet: every card is undetermined.'],
  TRUST_INVALID: [503, 'The trust data here is damaged or false: every card is undetermined.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];

/** The media type of RFC 9457 section 3. */
export const PROBLEM_TYPE = 'application/problem+json';

/** A problem detail (RFC 9457 section 3.1): nothing of the request is in it. */
export interface ProblemDetail {
  /** No page explains the codes, so the title is the status's own (section 4.2.1). */
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
}

/** A request that cannot be answered; rendered once, at the edge of the edge. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;

  constructor(code: ProblemCode) {
    super(PROBLEMS[code][1]);
    this.code = code;
  }
}

/** The body of the answer to a request that failed. */
export function problemDetail(code: ProblemCode): ProblemDetail {
  const [status, detail] = PROBLEMS[code];
  return { type: 'about:blank', title: STATUS_CODES[status] ?? '', status, detail, code };
}

/** The errors that express and its body parser throw, by their `type`, else by their status. */
const CODE_OF_TYPE: Readonly<Record<string, ProblemCode>> = {
  'entity.too.large': 'BODY_TOO_LARGE',
  'encoding.unsupported': 'CONTENT_TYPE_UNSUPPORTED',
  'charset.unsupported': 'CONTENT_TYPE_UNSUPPORTED',
  'request.aborted': 'REQUEST_INCOMPLETE',
  'request.size.invalid': 'REQUEST_INCOMPLETE',
};

/** Which problem an error is; what was not thrown on purpose is INTERNAL, its message unread. */
export function problemCodeOf(error: unknown): ProblemCode {
  if (error instanceof Problem) return error.code;
  if (!(error instanceof Error)) return 'INTERNAL';
  const { type, status } = error as { readonly type?: unknown; readonly status?: unknown };
  const known = typeof type === 'string' ? CODE_OF_TYPE[type] : undefined;
  if (known !== undefined) return known;
  // express speaks so of a path whose percent-encoding is broken, and its file server of one that leaves the folder.
  if (status === 404 || status === 403) return 'NOT_FOUND';
  return typeof status === 'number' && status >= 400 && status < 500 ? 'REQUEST_MALFORMED' : 'INTERNAL';
}
