import { z } from 'zod/v4';
import { IssuerError } from '../../agent/issuer-error.ts';
import { readServerKey } from '../config.ts';
import { UsageError } from '../exit.ts';
import { readSecret } from './passphrase.ts';

/** How a command asks a running server instead of opening its folder. */
export interface ServerOptions {
  readonly server?: string;
  readonly apiKeyFile?: string;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const ANSWER_MS = 30_000;
const PROBLEM = z.object({ code: z.string(), detail: z.string() });

/** A server that is asked in the name of a client. IssuerError SERVICE_REFUSED, SERVICE_UNAVAILABLE. */
export type AskServer = <T>(
  method: 'GET' | 'POST',
  path: string,
  answer: z.ZodType<T>,
  body?: object,
) => Promise<T>;

/**
 * Asks the server that holds a folder; the API key is from a file or the environment, never from the command line, where
 * other processes could read it.
 *
 * UsageError of an address that a key must not be sent to; IssuerError API_KEY_MISSING, INPUT_UNREADABLE.
 */
export async function runningServer(server: string, { apiKeyFile: file }: ServerOptions): Promise<AskServer> {
  const base = baseOf(server);
  const held = file === undefined ? readServerKey() : undefined;
  const key = held ?? (await readSecret({ file, question: 'API key', of: API_KEY }));
  return async (method, path, answer, body) => {
    const response = await fetch(new URL(path, base), {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: {
        Authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw unavailable(error);
    });
    const json: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      const { data } = PROBLEM.safeParse(json);
      if (data === undefined) throw unavailable();
      throw new IssuerError('SERVICE_REFUSED', `The server refuses, ${data.code}: ${data.detail}`);
    }
    const { data } = answer.safeParse(json);
    if (data === undefined) throw unavailable();
    return data;
  };
}

const API_KEY = { noun: 'API key', missing: 'API_KEY_MISSING', option: '--api-key-file' } as const;

function baseOf(server: string): URL {
  const url = URL.parse(server);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (url === null || !isSafe) {
    throw new UsageError('--server wants an https URL, or an http URL of this machine.');
  }
  return new URL(url.href.endsWith('/') ? url.href : `${url.href}/`);
}

function unavailable(cause?: unknown): IssuerError {
  return new IssuerError('SERVICE_UNAVAILABLE', 'There is no answer of an issuer’s server at this address.', {
    cause,
  });
}
