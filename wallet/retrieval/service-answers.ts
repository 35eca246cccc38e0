import { isJsonObject } from '../../credential/json.ts';
import { list, objectOf, oneOf, text, whole } from '../../credential/strict-reader.ts';
import type { Read } from '../../credential/strict-reader.ts';
import { MAX_JWS_CHARS } from '../../credential/jws.ts';
import type { OpenRetrieval } from './retrieval-fault.ts';

/** A retrieval that began; the same answer whether or not anybody is on record. */
export interface Begun {
  readonly id: string;
  /** Unix seconds at which the code ends. */
  readonly until: number;
  readonly codeDigits: number;
}

/** How far a retrieval is. */
export interface Progress {
  readonly state: 'looking' | 'looked' | 'opened' | 'ended';
  readonly triesLeft: number;
  /** Sources that are down for everybody. */
  readonly down: readonly string[];
}

/** A card, and the way to the next. */
export interface Retrieved {
  readonly jws: string;
  readonly opened: OpenRetrieval;
}

/** Where a correction request is. */
export interface CorrectionStatus {
  readonly state: 'open' | 'in-work' | 'done' | 'refused';
  /** One of the issuer's six sentences, in the language asked for. */
  readonly sentence: string;
  /** Unix seconds. */
  readonly changedAt: number;
}

const MAX_NAME_CHARS = 2000;
const MAX_SOURCES = 50;

const name = text(/^[\w-]{1,100}$/, 100);
const line = text(/^[^]*$/, MAX_NAME_CHARS);
const digits: Read<number> = (value) => Math.min(whole(value), 20);

/** Members that are needed are read strictly; a service may say more, which is passed over. */
function members<T extends object>(fields: { readonly [K in keyof T]-?: Read<T[K]> }): Read<T> {
  return (value) => {
    const given = objectOf(value);
    const read = Object.entries<Read<unknown>>(fields).map(([member, of]) => [member, of(given[member])]);
    return Object.fromEntries(read) as T;
  };
}

/** Throws ShapeError, as the others do. */
export const readBegun = members<Begun>({ id: name, until: whole, codeDigits: digits });

export const readProgress = members<Progress>({
  state: oneOf('looking', 'looked', 'opened', 'ended'),
  triesLeft: whole,
  down: (value) => list(line)(value).slice(0, MAX_SOURCES),
});

const readOpened = members<OpenRetrieval>({ token: name, until: whole });
const readCard = members<{ jws: string }>({ jws: text(/^[\w-]+\.[\w-]+\.[\w-]+$/, MAX_JWS_CHARS) });
const readCompleted = members<{ card: { jws: string }; retrieval: OpenRetrieval }>({
  card: readCard,
  retrieval: readOpened,
});

export const readRetrieved: Read<Retrieved> = (value) => {
  const { card, retrieval } = readCompleted(value);
  return { jws: card.jws, opened: retrieval };
};

/** XXXX-XXXX-XXXX-XXXX-XXXX-C, in Crockford's base 32. */
const NUMBER = /^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]$/;
const MAX_NUMBER_CHARS = 26;

export const readTrackingNumber = text(NUMBER, MAX_NUMBER_CHARS);

export const readFiled = members<{ number: string }>({ number: readTrackingNumber });

export const readStatus = members<CorrectionStatus>({
  state: oneOf('open', 'in-work', 'done', 'refused'),
  sentence: line,
  changedAt: whole,
});

/** What a problem says (RFC 9457), as far as it is one of ours. */
export interface ServiceProblem {
  readonly code: string;
  readonly reason: string | null;
  readonly opened: OpenRetrieval | null;
}

export const readProblem: Read<ServiceProblem> = (value) => {
  const given = objectOf(value);
  return {
    code: line(given['code']),
    reason: typeof given['reason'] === 'string' ? line(given['reason']) : null,
    opened: isJsonObject(given['retrieval']) ? readOpened(given['retrieval']) : null,
  };
};
