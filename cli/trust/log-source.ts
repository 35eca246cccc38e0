import type { LogSource } from '../../verifier/node/log-search.ts';
import { readPublishedLog, servedLog } from '../../verifier/node/published-log.ts';
import { readJsonFile } from './json-file.ts';

/** The raw log of a registry from a file, or from another verifier if the place is an http or https URL. */
export function logAt(place: string): LogSource {
  if (/^https?:\/\//i.test(place)) return servedLog(place);
  return { name: place, read: async () => readPublishedLog((await readJsonFile(place)).json) };
}
