import { lookup as resolve } from 'node:dns';
import { Agent as HttpAgent, request as askHttp } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as askHttps } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import { publicAddresses } from './public-address.ts';
import type { AddressPolicy } from './public-address.ts';

/** Why a file of status data did not come; a closed list. */
export type DownloadFault =
  /** No URL, or one with a password, a query or a fragment. */
  | 'URL_REFUSED'
  | 'NOT_HTTPS'
  /** Its host is, or resolves to, an address that is not of the public internet. */
  | 'ADDRESS_REFUSED'
  | 'UNREACHABLE'
  | 'CERTIFICATE_REFUSED'
  | 'TIMEOUT'
  | 'REDIRECTED'
  /** An answer of any other status than 200. */
  | 'NOT_SERVED'
  | 'TOO_LARGE';

/** The same answer is to be had for every file of the host. */
const OF_THE_HOST: ReadonlySet<string> = new Set<DownloadFault>([
  'URL_REFUSED',
  'NOT_HTTPS',
  'ADDRESS_REFUSED',
  'UNREACHABLE',
  'CERTIFICATE_REFUSED',
  'TIMEOUT',
]);

/** Whether nothing else of that host would come either. */
export function isOfHost(fault: string): boolean {
  return OF_THE_HOST.has(fault);
}

/** A file as it came, or why it did not. */
export type Downloaded = { readonly bytes: Uint8Array } | { readonly fault: DownloadFault };

/** How files of status data are fetched. */
export interface DownloadPolicy {
  /** http besides https: for development only. */
  readonly allowHttp?: boolean | undefined;
  /** Networks in CIDR notation that are no part of the public internet and may be asked all the same. */
  readonly networks?: readonly string[] | undefined;
  /** Certificates of authorities that are trusted besides the public ones, in PEM. */
  readonly authorities?: readonly string[] | undefined;
  /** For the whole of a download, from looking up the name to the last byte. */
  readonly timeoutMs?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** How names are looked up; replaced in tests only. */
  readonly lookup?: typeof resolve | undefined;
}

/** Fetches files; what it keeps of earlier answers is in memory only. */
export interface Downloader {
  readonly fetch: (url: string, signal?: AbortSignal) => Promise<Downloaded>;
  /** Keep nothing of this file any longer. */
  readonly forget: (url: string) => void;
}

const TIMEOUT_MS = 5000;
/** A fifth of 134 million cards revoked, in the compact form; a bound on what a hostile server makes us hold. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Of answers that may be confirmed by 304; what is beyond is fetched anew. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** The same from every verifier, about every list: a server learns that some venue keeps up to date, and nothing else. */
const HEADERS = { 'user-agent': 'pratique-verifier', accept: '*/*', 'accept-encoding': 'identity' };

interface Kept {
  readonly etag: string;
  readonly bytes: Uint8Array;
}

/** Make a downloader of status data; TypeError if a network of the policy is none. */
export function listDownloader(policy: DownloadPolicy = {}): Downloader {
  const isAllowed = publicAddresses(policy.networks);
  const lookup = guardedLookup(isAllowed, policy.lookup ?? resolve);
  const kept = new Map<string, Kept>();
  const keep = (url: string, answer: Kept): void => {
    kept.delete(url);
    kept.set(url, answer);
    let held = [...kept.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (const [oldest, { bytes }] of kept) {
      if (held <= MAX_KEPT_BYTES) break;
      kept.delete(oldest);
      held -= bytes.length;
    }
  };
  return {
    forget: (url) => void kept.delete(url),
    fetch: async (url, signal) => {
      const refusal = refusalOf(url, policy, isAllowed);
      if (refusal !== undefined) return { fault: refusal };
      const before = kept.get(url);
      const answer = await ask(new URL(url), { policy, lookup, etag: before?.etag, signal });
      if ('unchanged' in answer) return before ?? { fault: 'NOT_SERVED' };
      if ('etag' in answer && answer.etag !== undefined)
        keep(url, { etag: answer.etag, bytes: answer.bytes });
      return 'fault' in answer ? { fault: answer.fault } : { bytes: answer.bytes };
    },
  };
}

/** What can be said of a URL before anybody is asked. */
function refusalOf(
  text: string,
  policy: DownloadPolicy,
  isAllowed: AddressPolicy,
): DownloadFault | undefined {
  const url = URL.parse(text);
  if (url === null) return 'URL_REFUSED';
  if (url.protocol !== 'https:' && !(policy.allowHttp === true && url.protocol === 'http:'))
    return 'NOT_HTTPS';
  // A password would be the same for all who read the registry.
  if (url.username !== '' || url.password !== '' || text.includes('?') || text.includes('#')) {
    return 'URL_REFUSED';
  }
  // Node looks up names only: an address that stands in the URL itself is asked as it is.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) !== 0 && !isAllowed(host) ? 'ADDRESS_REFUSED' : undefined;
}

/** A lookup whose answer is what will be connected to, so that a name that resolves to two things in turn gains nothing. */
function guardedLookup(isAllowed: AddressPolicy, lookup: typeof resolve): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const allowed = found.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (first === undefined) return callback(new AddressRefused(), '', 0);
      if (options.all === true) return callback(null, allowed);
      return callback(null, first.address, first.family);
    });
  };
}

class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

type Answer =
  | { readonly bytes: Uint8Array; readonly etag: string | undefined }
  | { readonly unchanged: true }
  | { readonly fault: DownloadFault };

interface Question {
  readonly policy: DownloadPolicy;
  readonly lookup: LookupFunction;
  readonly etag: string | undefined;
  readonly signal: AbortSignal | undefined;
}

async function ask(url: URL, { policy, lookup, etag, signal }: Question): Promise<Answer> {
  const timeout = AbortSignal.timeout(policy.timeoutMs ?? TIMEOUT_MS);
  const options: RequestOptions = {
    method: 'GET',
    lookup,
    headers: etag === undefined ? HEADERS : { ...HEADERS, 'if-none-match': etag },
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
  };
  // Agents of their own: no connection is reused, and no proxy is taken from the environment.
  const request =
    url.protocol === 'https:'
      ? askHttps(url, { ...options, agent: new HttpsAgent(authoritiesOf(policy)) })
      : askHttp(url, { ...options, agent: new HttpAgent() });
  try {
    const response = await new Promise<IncomingMessage>((answered, failed) => {
      request.on('response', answered).on('error', failed).end();
    });
    return await readAnswer(response, policy.maxBytes ?? MAX_BYTES);
  } catch (error) {
    return { fault: options.signal?.aborted === true ? 'TIMEOUT' : faultOf(error) };
  } finally {
    request.destroy();
  }
}

function authoritiesOf({ authorities }: DownloadPolicy): { ca?: string[] } {
  return authorities === undefined ? {} : { ca: [...getCACertificates('default'), ...authorities] };
}

async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<Answer> {
  const status = response.statusCode ?? 0;
  if (status === 304) return { unchanged: true };
  // Where it leads was not named in the registry.
  if (status >= 300 && status < 400) return { fault: 'REDIRECTED' };
  if (status !== 200) return { fault: 'NOT_SERVED' };
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) return { fault: 'TOO_LARGE' };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) return { fault: 'TOO_LARGE' };
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), etag: response.headers.etag };
}

function faultOf(error: unknown): DownloadFault {
  if (error instanceof AddressRefused) return 'ADDRESS_REFUSED';
  const { code = '' } = error as NodeJS.ErrnoException;
  return /CERT|ERR_TLS|SIGNATURE|ISSUER/.test(code) ? 'CERTIFICATE_REFUSED' : 'UNREACHABLE';
}
