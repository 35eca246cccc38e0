import { RegistryError } from './registry-error.ts';

const DEFAULT_TIMEOUT_MS = 15_000;

/** A block without its transactions has a few kilobytes; the largest code 48 kB as hexadecimal. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/**
 * Of what may be longer: five hundred anchors have 200 kB, a thousand issuers with two thousand keys 7 MB of logs. Parsing
 * stops everything else, and takes many times the memory of the text.
 */
const MAX_BYTES_OF: Readonly<Record<string, number>> = { eth_getLogs: 16 * 1024 * 1024 };

export interface RpcOptions {
  readonly timeoutMs?: number | undefined;
  readonly fetch?: typeof fetch;
}

/** The node's refusal of one call, as JSON-RPC 2.0 section 5.1 shapes it. */
export interface RpcRefusal {
  readonly code: number;
  readonly message: string;
  readonly data: unknown;
}

export type RpcAnswer = { readonly result: unknown } | { readonly refusal: RpcRefusal };

/**
 * One JSON-RPC 2.0 call over HTTP.
 *
 * Throws RegistryError CHAIN_UNAVAILABLE (nobody there, no answer in time, a status that is not 2xx without a JSON-RPC
 * error) CHAIN_ANSWER_TOO_LARGE or CHAIN_ANSWER_INVALID. Messages name the host only: the path of a node's URL is often a password.
 */
export async function askNode(
  rpcUrl: string,
  method: string,
  params: readonly unknown[],
  options: RpcOptions = {},
): Promise<RpcAnswer> {
  const url = endpoint(rpcUrl);
  let text: string;
  try {
    const response = await (options.fetch ?? fetch)(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
    });
    if (!response.ok) {
      // Some nodes say under such a status, in JSON-RPC all the same, what it is that they refuse.
      const refusal = await refusalIn(response, url);
      if (refusal !== undefined) return { refusal };
      throw new RegistryError(
        'CHAIN_UNAVAILABLE',
        `The chain's node at ${url.host} answered with HTTP status ${String(response.status)}.`,
      );
    }
    text = await readCapped(response, url, MAX_BYTES_OF[method] ?? MAX_ANSWER_BYTES);
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    throw new RegistryError('CHAIN_UNAVAILABLE', `The chain's node at ${url.host} does not answer.`);
  }
  return parseAnswer(text, url);
}

/** The result of one call; a refusal by the node is CHAIN_UNAVAILABLE. */
export async function callNode(
  rpcUrl: string,
  method: string,
  params: readonly unknown[],
  options: RpcOptions = {},
): Promise<unknown> {
  const answer = await askNode(rpcUrl, method, params, options);
  if ('result' in answer) return answer.result;
  throw refusedBy(rpcUrl, method, answer.refusal);
}

/** CHAIN_UNAVAILABLE with the node's own number; its words are not ours to print. */
export function refusedBy(rpcUrl: string, method: string, refusal: RpcRefusal): RegistryError {
  return new RegistryError(
    'CHAIN_UNAVAILABLE',
    `The chain's node at ${endpoint(rpcUrl).host} refused ${method} (error ${String(refusal.code)}).`,
  );
}

/**
 * What a contract reverted with, `0x` if it gave no reason, undefined if the refusal is not a revert at all.
 *
 * Nodes agree on code 3 only by custom: the data stands in `data` itself or a level below.
 */
export function revertData(refusal: RpcRefusal): string | undefined {
  const { data } = refusal;
  for (const place of [data, ...(isRecord(data) ? [data['data'], data['result']] : [])]) {
    if (typeof place === 'string' && /^0x([0-9a-f]{2})*$/i.test(place)) return place.toLowerCase();
  }
  return refusal.code === 3 || /revert/i.test(refusal.message) ? '0x' : undefined;
}

/** Throws CHAIN_ANSWER_INVALID in the name of the node. */
export function invalidAnswer(what: string): never {
  throw new RegistryError('CHAIN_ANSWER_INVALID', `The chain's node gave an answer that is not ${what}.`);
}

/** A JSON-RPC quantity that a number can hold exactly. */
export function quantity(value: unknown): number {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{1,14}$/i.test(value)) invalidAnswer('a quantity');
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : invalidAnswer('a quantity');
}

/** 0x-hex of whole bytes, lower-cased; of exactly `length` bytes if given. */
export function hexBytes(value: unknown, length?: number): `0x${string}` {
  if (typeof value !== 'string' || !/^0x([0-9a-f]{2})*$/i.test(value)) invalidAnswer('hexadecimal data');
  if (length !== undefined && value.length !== 2 + 2 * length) {
    invalidAnswer(`${String(length)} bytes of data`);
  }
  return value.toLowerCase() as `0x${string}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function endpoint(rpcUrl: string): URL {
  const url = URL.canParse(rpcUrl) ? new URL(rpcUrl) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new RegistryError(
      'ARGUMENT_INVALID',
      "The address of the chain's node is not an http or https URL.",
    );
  }
  return url;
}

async function refusalIn(response: Response, url: URL): Promise<RpcRefusal | undefined> {
  try {
    const answer = parseAnswer(await readCapped(response, url, MAX_ANSWER_BYTES), url);
    return 'refusal' in answer ? answer.refusal : undefined;
  } catch {
    return undefined;
  }
}

async function readCapped(response: Response, url: URL, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new RegistryError(
        'CHAIN_ANSWER_TOO_LARGE',
        `The chain's node at ${url.host} sent a larger answer than there can be.`,
      );
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function parseAnswer(text: string, url: URL): RpcAnswer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RegistryError('CHAIN_ANSWER_INVALID', `What answers at ${url.host} does not speak JSON-RPC.`);
  }
  if (isRecord(json)) {
    if (isRecord(json['error'])) {
      const { code, message, data } = json['error'];
      return {
        refusal: { code: Number(code), message: typeof message === 'string' ? message : '', data },
      };
    }
    if ('result' in json) return { result: json['result'] };
  }
  throw new RegistryError('CHAIN_ANSWER_INVALID', `What answers at ${url.host} does not speak JSON-RPC.`);
}
