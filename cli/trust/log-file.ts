import { isJsonArray, isJsonObject } from '../../credential/json.ts';
import type { LogSource } from '../../verifier/node/log-search.ts';
import type { RawLog } from '../../verifier/pipeline/registry-log.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import { readJsonFile } from './json-file.ts';

/** A file with the raw log of a registry, `{"logs":[{"topics":[…],"data":"0x…"}…]}`: what `registry log --json` writes. */
export function logFile(path: string): LogSource {
  return {
    name: path,
    read: async () => {
      const { json } = await readJsonFile(path);
      if (!isJsonObject(json) || !isJsonArray(json['logs'])) throw malformed();
      return json['logs'].map(rawLog);
    },
  };
}

function rawLog(value: unknown): RawLog {
  if (!isJsonObject(value) || !isJsonArray(value['topics'])) throw malformed();
  const { topics, data } = value;
  if (typeof data !== 'string') throw malformed();
  return {
    topics: topics.map((topic) => (typeof topic === 'string' ? topic : malformedTopic())),
    data,
  };
}

function malformedTopic(): never {
  throw malformed();
}

function malformed(): TrustError {
  return new TrustError('LOG_MALFORMED', 'The file does not hold the log of a registry.');
}
