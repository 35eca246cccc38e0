import type { FhirResource } from '../../credential/fhir-bundle.ts';
import { isJsonArray, isJsonObject } from '../../credential/json.ts';
import { IssuerError } from '../issuer-error.ts';
import { fetchJson, type JsonAnswer } from './bounded-fetch.ts';
import type { ServerAuthorization } from './server-authorization.ts';

/** A FHIR R4 server as an operator configures it. */
export interface SearchServer {
  /** Its base address, with a slash at the end. */
  readonly base: URL;
  readonly authorization?: ServerAuthorization;
  readonly limits: SearchLimits;
}

/** How much one search may cost. */
export interface SearchLimits {
  readonly pages: number;
  readonly pageBytes: number;
  readonly searchBytes: number;
}

const FHIR = 'application/fhir+json';

/**
 * All resources of a type that a search finds, page by page, or none: half an answer would make a missing dose look like
 * one that was never given.
 *
 * The search is a POST (FHIR R4 §3.1.1.1.1), so that names and birth dates do not stand in the access logs of every proxy.
 * Errors as `RecordSource.find`.
 */
export async function fhirSearch(
  server: SearchServer,
  type: string,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly FhirResource[]> {
  const found: FhirResource[] = [];
  const form = new URLSearchParams(parameters).toString();
  const seen = new Set<string>();
  let bytes = 0;
  let next: URL | undefined = new URL(`${type}/_search`, server.base);
  let total: number | undefined;
  for (let page = 0; next !== undefined; page++) {
    if (page === server.limits.pages) throw tooLarge();
    const answer = await ask(server, next, page === 0 ? form : undefined, signal);
    bytes += answer.bytes;
    if (bytes > server.limits.searchBytes) throw tooLarge();
    const read = readPage(answer.json, type);
    found.push(...read.resources);
    total = read.total ?? total;
    next = read.next === undefined ? undefined : linkWithin(server.base, read.next);
    if (next !== undefined && seen.size === seen.add(next.href).size) {
      throw invalid('A source of records gives the same page again.');
    }
  }
  if (total !== undefined && found.length < total)
    throw invalid('A source of records gave less than it counts.');
  return found;
}

async function ask(
  server: SearchServer,
  url: URL,
  form: string | undefined,
  signal: AbortSignal,
): Promise<JsonAnswer> {
  const attempt = async (): Promise<JsonAnswer> => {
    const authorization = await server.authorization?.header(signal);
    return fetchJson(url, {
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        accept: FHIR,
        ...(authorization === undefined ? {} : { authorization }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form === undefined ? {} : { body: form }),
      maxBytes: server.limits.pageBytes,
      signal,
    });
  };
  const first = await attempt();
  // A token may be withdrawn before its time; a new one is tried once.
  const answer = first.status === 401 && server.authorization?.refused() === true ? await attempt() : first;
  if (answer.status === 401 || answer.status === 403) {
    throw new IssuerError('SOURCE_REFUSED', 'A source of records refused this client.');
  }
  if (answer.status !== 200) throw failed();
  return answer;
}

interface Page {
  readonly resources: readonly FhirResource[];
  readonly next: string | undefined;
  readonly total: number | undefined;
}

function readPage(json: unknown, type: string): Page {
  if (!isJsonObject(json)) throw invalid('A source of records answered with no resource.');
  if (json['resourceType'] === 'OperationOutcome') throw failed();
  const { resourceType, type: kind, entry = [], link = [], total } = json;
  if (resourceType !== 'Bundle' || kind !== 'searchset' || !isJsonArray(entry) || !isJsonArray(link)) {
    throw invalid('A source of records answered with no searchset.');
  }
  const nexts = link.flatMap((one) => (isJsonObject(one) && one['relation'] === 'next' ? [one['url']] : []));
  const [next] = nexts;
  if (nexts.length > 1 || (nexts.length === 1 && typeof next !== 'string')) {
    throw invalid('A source of records answered with an unreadable link.');
  }
  return {
    resources: entry.flatMap((one) => resourceOf(one, type)),
    next: typeof next === 'string' ? next : undefined,
    total: typeof total === 'number' ? total : undefined,
  };
}

function resourceOf(entry: unknown, type: string): readonly FhirResource[] {
  const { resource, search } = isJsonObject(entry) ? entry : {};
  if (!isJsonObject(resource) || typeof resource['resourceType'] !== 'string') {
    throw invalid('A source of records answered with an entry without a resource.');
  }
  const mode = isJsonObject(search) ? search['mode'] : undefined;
  if (resource['resourceType'] === 'OperationOutcome') {
    // Said of the search itself: with an error among its issues, what is there is not all.
    if (saysError(resource)) throw failed();
    return [];
  }
  if (mode === 'include') return [];
  if (resource['resourceType'] !== type) throw invalid('A source of records answered with another resource.');
  return [resource as FhirResource];
}

function saysError({ issue }: Record<string, unknown>): boolean {
  return (
    !isJsonArray(issue) ||
    issue.some((one) => !isJsonObject(one) || one['severity'] === 'error' || one['severity'] === 'fatal')
  );
}

/** A link is the server's to choose, but not the server that is asked: it would be sent our token. */
function linkWithin(base: URL, link: string): URL {
  const url = URL.canParse(link, base) ? new URL(link, base) : undefined;
  const root = base.pathname.slice(0, -1);
  const within = url !== undefined && (url.pathname === root || url.pathname.startsWith(base.pathname));
  if (url?.origin !== base.origin || !within || url.username !== '' || url.password !== '') {
    throw new IssuerError('SOURCE_LINK_REFUSED', 'A source of records names a page in another place.');
  }
  return url;
}

function tooLarge(): IssuerError {
  return new IssuerError('SOURCE_ANSWER_TOO_LARGE', 'A source of records answered more than is read.');
}

function invalid(message: string): IssuerError {
  return new IssuerError('SOURCE_ANSWER_INVALID', message);
}

function failed(): IssuerError {
  return new IssuerError('SOURCE_FAILED', 'A source of records reports a fault of its own.');
}
