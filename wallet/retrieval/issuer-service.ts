import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { ShapeError } from '../../credential/strict-reader.ts';
import type { Read } from '../../credential/strict-reader.ts';
import type { Language } from '../../verifier/pipeline/words/language.ts';
import type { PassProduct } from './pass-product.ts';
import { RetrievalFault, SERVICE_CODES } from './retrieval-fault.ts';
import {
  readBegun,
  readFiled,
  readProblem,
  readProgress,
  readRetrieved,
  readStatus,
} from './service-answers.ts';
import type { Begun, CorrectionStatus, Progress, Retrieved } from './service-answers.ts';

/** Whom somebody asks for, as typed. */
export interface PersonTyped {
  readonly family: string;
  readonly given: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  readonly zip: string;
}

/** What is asked for with a code, or with the token of an earlier answer. */
export interface Wanted {
  readonly id: string;
  readonly by: { readonly code: string } | { readonly token: string };
  readonly product: PassProduct;
  readonly holder?: { readonly id: string; readonly proof: string } | undefined;
}

/** An issuer's service, as residents speak to it; each call throws RetrievalFault. */
export interface IssuerService {
  /** Under which it was asked: what proofs are made for. */
  readonly url: string;
  readonly begin: (person: PersonTyped) => Promise<Begun>;
  readonly progress: (id: string) => Promise<Progress>;
  readonly complete: (wanted: Wanted) => Promise<Retrieved>;
  /** Ask staff to put a record right; answers the tracking number. */
  readonly correct: (
    request: PersonTyped & { readonly words: string; readonly reach?: string; readonly retrieval?: string },
  ) => Promise<string>;
  readonly correctionStatus: (number: string) => Promise<CorrectionStatus>;
}

/** The page's, or a test's. */
export type Send = (address: string, init: RequestInit) => Promise<Response>;

/** Whoever waits at a screen gives up after this. */
const ANSWER_MILLISECONDS = 20_000;
/** The longest card, in three forms. */
const MAX_ANSWER_BYTES = 2_000_000;

/** Speak to the service at that address, and to nobody else: without cookies, and following nobody elsewhere. */
export function issuerService(
  url: string,
  { send, language }: { readonly send: Send; readonly language: Language },
): IssuerService {
  async function post<T>(path: string, body: object, read: Read<T>): Promise<T> {
    const response = await answered(send, `${url}${path}`, body);
    const json = await jsonOf(response);
    try {
      if (response.ok) return read(json);
      throw faultOf(response, json);
    } catch (error) {
      throw error instanceof ShapeError ? new RetrievalFault('ANSWER_MALFORMED') : error;
    }
  }
  const asked = ({ family, given, birthDate, zip }: PersonTyped): object => ({
    name: { family: family.trim(), given: given.trim() === '' ? [] : [given.trim()] },
    birthDate,
    zip: zip.trim(),
    language,
  });
  return {
    url,
    begin: async (person) => post('/retrieve', asked(person), readBegun),
    progress: async (id) => post('/retrieve/progress', { id }, readProgress),
    complete: async ({ id, by, product, holder }) =>
      post(
        '/retrieve/complete',
        { id, product, ...by, language, ...(holder === undefined ? {} : { holder }) },
        readRetrieved,
      ),
    correct: async ({ words, reach, retrieval, ...person }) => {
      const more = {
        ...(reach === undefined || reach.trim() === '' ? {} : { reach: reach.trim() }),
        ...(retrieval === undefined ? {} : { retrieval }),
      };
      return (await post('/corrections', { ...asked(person), words, ...more }, readFiled)).number;
    },
    correctionStatus: async (number) => post('/corrections/status', { number, language }, readStatus),
  };
}

async function answered(send: Send, address: string, body: object): Promise<Response> {
  try {
    return await send(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
  } catch (error) {
    throw lost(error);
  }
}

/** Browsers do not say why an address cannot be reached; that it took too long they do. */
function lost(error: unknown): RetrievalFault {
  const isLate = error instanceof DOMException && error.name === 'TimeoutError';
  return new RetrievalFault(isLate ? 'SERVICE_TIMEOUT' : 'SERVICE_UNREACHABLE');
}

async function jsonOf(response: Response): Promise<unknown> {
  const isJson = /^application\/(?:problem\+)?json\b/i.test(response.headers.get('content-type') ?? '');
  // A page of some other server, which may well say 200.
  if (!isJson) throw new RetrievalFault('SERVICE_MISSING');
  let bytes: Uint8Array;
  try {
    bytes = await bounded(response);
  } catch (error) {
    throw error instanceof RetrievalFault ? error : lost(error);
  }
  try {
    return parseJson(decodeUtf8(bytes));
  } catch (error) {
    if (error instanceof FormatError) throw new RetrievalFault('ANSWER_MALFORMED');
    throw error;
  }
}

async function bounded({ body }: Response): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) break;
    length += part.value.length;
    if (length > MAX_ANSWER_BYTES) {
      await reader?.cancel();
      throw new RetrievalFault('ANSWER_MALFORMED');
    }
    parts.push(part.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function faultOf(response: Response, json: unknown): RetrievalFault {
  const { code, reason, opened } = readProblem(json);
  const known = SERVICE_CODES.find((one) => one === code);
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  const about = { reason, opened, waitSeconds: after > 0 ? after : null };
  if (known !== undefined) return new RetrievalFault(known, about);
  const isElsewhere = response.status === 404 || response.status === 405;
  return new RetrievalFault(isElsewhere ? 'SERVICE_MISSING' : 'SERVICE_REFUSED', about);
}
