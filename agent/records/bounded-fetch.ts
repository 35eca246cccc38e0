import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { IssuerError } from '../issuer-error.ts';

/** A request to a server of the operator's choice, and the most that is read of its answer. */
export interface BoundedRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface JsonAnswer {
  readonly status: number;
  readonly json: unknown;
  readonly bytes: number;
}

/**
 * Fetches JSON: no redirect is followed, no more is read than allowed, and what is no JSON is a fault whatever the status.
 *
 * What `fetch` says is never passed on: it may quote an address with a person in it. IssuerError SOURCE_UNREACHABLE,
 * SOURCE_TIMEOUT, SOURCE_LINK_REFUSED for a redirect, SOURCE_ANSWER_TOO_LARGE, SOURCE_ANSWER_INVALID.
 */
export async function fetchJson(url: URL, request: BoundedRequest): Promise<JsonAnswer> {
  const { method, headers, body, signal, maxBytes } = request;
  let text: Uint8Array;
  let answer: Response;
  try {
    // A redirect would carry the token and the person's name to whoever it names.
    answer = await fetch(url, {
      method,
      headers,
      signal,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
    if (answer.type === 'opaqueredirect' || (answer.status >= 300 && answer.status < 400)) {
      await answer.body?.cancel();
      throw new IssuerError('SOURCE_LINK_REFUSED', 'A source of records answers from another place.');
    }
    text = await readUpTo(answer, maxBytes);
  } catch (error) {
    if (error instanceof IssuerError) throw error;
    if (signal.aborted)
      throw new IssuerError('SOURCE_TIMEOUT', 'A source of records did not answer in time.');
    throw new IssuerError('SOURCE_UNREACHABLE', 'A source of records cannot be reached.');
  }
  return { status: answer.status, json: readJson(text, answer.status), bytes: text.length };
}

/** A gateway's error page is no JSON and need not be: its status says enough. */
function readJson(bytes: Uint8Array, status: number): unknown {
  try {
    return parseJson(decodeUtf8(bytes));
  } catch {
    if (status >= 400) return undefined;
    throw new IssuerError('SOURCE_ANSWER_INVALID', 'A source of records answered what is no JSON.');
  }
}

async function readUpTo(answer: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the stream, and with it the connection.
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > maxBytes) {
      throw new IssuerError('SOURCE_ANSWER_TOO_LARGE', 'A source of records answered more than is read.');
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/**
 * The address of a server as an operator configures it: https, or http on this machine.
 *
 * IssuerError SOURCE_INVALID.
 */
export function serverAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const local = url !== undefined && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  const sound =
    url !== undefined &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && local)) &&
    url.username === '' &&
    url.password === '' &&
    url.hash === '';
  if (!sound) {
    throw new IssuerError(
      'SOURCE_INVALID',
      'The address of a server is https, without a password or a fragment.',
    );
  }
  return url;
}
