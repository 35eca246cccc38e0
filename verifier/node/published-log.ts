import { isJsonArray, isJsonObject, decodeUtf8, parseJson } from '../../credential/json.ts';
import { FormatError } from '../../credential/errors.ts';
import type { RawLog } from '../pipeline/registry-log.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { fetchFile } from './fetch-file.ts';
import type { LogSource } from './log-search.ts';

/** A thousand issuers and their keys are under two megabytes; a bound on what a hostile server makes us read. */
const MAX_LOG_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/**
 * The raw log of a registry as a verifier publishes it, and as files hold it: `{"logs":[{"topics":[…],"data":"0x…"}…]}`.
 *
 * @throws TrustError LOG_MALFORMED
 */
export function readPublishedLog(json: unknown): readonly RawLog[] {
  if (!isJsonObject(json) || !isJsonArray(json['logs'])) throw malformed();
  return json['logs'].map(rawLog);
}

/** The log that another verifier serves at a URL (`GET /trust/log`); the head decides whether it is the one. */
export function servedLog(url: string): LogSource {
  return {
    // What follows the host may be a password.
    name: URL.parse(url)?.host ?? 'a log without a URL',
    read: async () => {
      try {
        return readPublishedLog(parseJson(decodeUtf8(await download(url))));
      } catch (error) {
        if (error instanceof TrustError) throw error;
        if (error instanceof FormatError) throw malformed();
        throw new TrustError('FILE_UNREADABLE', 'The other verifier does not give its log.');
      }
    },
  };
}

async function download(url: string): Promise<Uint8Array> {
  const fetched = await fetchFile(url, { maxBytes: MAX_LOG_BYTES, timeoutMs: TIMEOUT_MS });
  if (fetched === 'too-large') throw malformed();
  if (typeof fetched === 'string') {
    throw new TrustError('FILE_UNREADABLE', 'The other verifier refuses to give its log.');
  }
  return fetched.bytes;
}

function rawLog(value: unknown): RawLog {
  if (!isJsonObject(value) || !isJsonArray(value['topics'])) throw malformed();
  const { topics, data } = value;
  if (typeof data !== 'string') throw malformed();
  return { topics: topics.map(text), data };
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw malformed();
  return value;
}

function malformed(): TrustError {
  return new TrustError('LOG_MALFORMED', 'What was given as the log of a registry is none.');
}
