/** The server could not be reached, or answered with nothing that it should. */
const NO_ANSWER = 'NO_ANSWER';
/** A clerk waits; sources of records have their own ten seconds. */
const LONGEST_MS = 30_000;

/** A request that was refused, by the code of its problem (RFC 9457) and the reason behind it. */
export class ServiceProblem extends Error {
  override readonly name = 'ServiceProblem';
  readonly code: string;
  readonly reason: string | undefined;

  constructor(code: string, reason?: string) {
    super(code);
    this.code = code;
    this.reason = reason;
  }
}

/** The service, as the one who logged in may ask it. */
export interface Session {
  readonly get: (path: string) => Promise<unknown>;
  /** `once` is an Idempotency-Key: however often it is sent, it has its effect once. */
  readonly post: (path: string, body: object, once?: string) => Promise<unknown>;
  /** Forgets the key; whatever is under way is given up. */
  readonly end: () => void;
}

/**
 * Speaks to the service with a key or a token. It is held here and nowhere else: not in a cookie, not in the storage of
 * the browser, which any script that gets into the page could read, and never in an address.
 *
 * @param refused told when the service does not know the key any more
 */
export function openSession(secret: string, refused: () => void): Session {
  let held: string | undefined = secret;
  const over = new AbortController();
  const send = async (
    path: string,
    init: { readonly method: string; readonly body?: string; readonly headers?: Record<string, string> },
  ): Promise<unknown> => {
    if (held === undefined) throw new ServiceProblem('UNAUTHORIZED');
    const answer = await answerTo(path, {
      ...init,
      headers: { ...init.headers, Authorization: `Bearer ${held}` },
      signal: AbortSignal.any([over.signal, AbortSignal.timeout(LONGEST_MS)]),
    });
    if (answer.ok) return answer.json;
    if (answer.code === 'UNAUTHORIZED') refused();
    throw new ServiceProblem(answer.code, answer.reason);
  };
  return {
    get: async (path) => send(path, { method: 'GET' }),
    post: async (path, body, once) =>
      send(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          'Content-Type': 'application/json',
          ...(once === undefined ? {} : { 'Idempotency-Key': once }),
        },
      }),
    end: () => {
      held = undefined;
      over.abort();
    },
  };
}

/** A key under which an effect comes once. */
export function onceKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

type Answer =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly code: string; readonly reason?: string };

/** Addresses are relative to the page's own, so that the service may stand below any path. */
async function answerTo(path: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(path, {
      ...init,
      cache: 'no-store',
      credentials: 'omit',
      mode: 'same-origin',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });
    const json: unknown = await response.json();
    if (response.ok) return { ok: true, json };
    const { code, reason } = json as { readonly code?: unknown; readonly reason?: unknown };
    return {
      ok: false,
      code: typeof code === 'string' ? code : NO_ANSWER,
      ...(typeof reason === 'string' ? { reason } : {}),
    };
  } catch {
    return { ok: false, code: NO_ANSWER };
  }
}
