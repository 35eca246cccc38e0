import { coordinateBytes } from '../../credential/jwk.ts';
import { assertIss, didWebFromIss } from '../../credential/did-web.ts';
import { FormatError } from '../../credential/errors.ts';
import type {
  ChainSource,
  StatusData,
  TrustDocument,
  TrustedAnchor,
  TrustedIssuer,
  TrustedJurisdiction,
  TrustedKey,
  UnanchoredSource,
} from './trust-document.ts';
import { TrustError } from './trust-error.ts';

/** Turns a value of unknown shape into one of a known shape, or throws. */
type Read<T> = (value: unknown) => T;
type Fields<T> = { readonly [K in keyof T]-?: Read<T[K]> };

/**
 * Read a trust document that came from a file, hostile until its exporter is pinned: every member of the right type
 * and range, none missing, none unknown.
 *
 * An unknown member is refused, because ignoring what a later version says (a new way of being suspended) would fail
 * open; such a version carries another `version`. Whether the parts add up is `indexTrust`'s question.
 *
 * @throws TrustError DOCUMENT_MALFORMED
 */
export function readTrustDocument(json: unknown): TrustDocument {
  return trustDocument(json);
}

function malformed(what: string): TrustError {
  return new TrustError('DOCUMENT_MALFORMED', `The trust document holds ${what}.`);
}

function record<T extends object>(fields: Fields<T>): Read<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value) => {
    const members = objectOf(value);
    if (Object.keys(members).length !== names.length)
      throw malformed('an object with other members than it needs');
    const result: Partial<T> = {};
    // As many members, and each of these there: no reader takes undefined.
    for (const name of names) result[name] = fields[name](members[name]);
    return result as T;
  };
}

/** A record whose member `kind` says which one it is. */
function oneOfKind<T extends { readonly kind: string }>(kinds: {
  readonly [K in T['kind']]: Read<Extract<T, { kind: K }>>;
}): Read<T> {
  const readers = new Map<unknown, Read<T>>(Object.entries(kinds));
  return (value) => {
    const read = readers.get(objectOf(value)['kind']);
    if (read === undefined) throw malformed('an object of a kind that does not exist');
    return read(value);
  };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('something else where an object belongs');
  }
  return value as Record<string, unknown>;
}

function list<T>(item: Read<T>): Read<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw malformed('something else where a list belongs');
    return value.map((entry: unknown) => item(entry));
  };
}

function oneOf<const T extends string | number>(...allowed: readonly T[]): Read<T> {
  return (value) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw malformed('a word that its table does not have');
    return found;
  };
}

function text(pattern: RegExp, maxLength: number): Read<string> {
  return (value) => {
    if (typeof value !== 'string' || value.length > maxLength || !pattern.test(value)) {
      throw malformed('a text of the wrong form or length');
    }
    return value;
  };
}

/** A text that another module's rule has to accept. */
function textBy(rule: (value: string) => unknown, maxLength: number): Read<string> {
  const short = text(/^/, maxLength);
  return (value) => {
    const checked = short(value);
    try {
      rule(checked);
    } catch (error) {
      if (error instanceof FormatError) throw malformed('a text of the wrong form');
      throw error;
    }
    return checked;
  };
}

const flag: Read<boolean> = (value) => {
  if (typeof value !== 'boolean') throw malformed('something else where yes or no belongs');
  return value;
};

/** Counts, ids, Unix seconds. */
const whole: Read<number> = (value) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw malformed('something else where a whole number belongs');
  }
  return value;
};

/** The registry's own bounds: names of 1 to 200 bytes, codes of up to 32 characters, URLs that did:web can say. */
const name = text(/^[^]+$/, 200);
const jurisdictionCode = text(/^[A-Z0-9-]+$/, 32);
const url = textBy(assertIss, 2048);
const hash = text(/^0x[0-9a-f]{64}$/, 66);
const kid = text(/^[A-Za-z0-9_-]{43}$/, 43);
const coordinate = textBy(coordinateBytes, 43);

const source = oneOfKind<ChainSource | UnanchoredSource>({
  chain: record<ChainSource>({
    kind: oneOf('chain'),
    chainId: whole,
    registry: text(/^0x[0-9a-f]{40}$/, 42),
    head: hash,
    size: whole,
    block: record<ChainSource['block']>({ number: whole, hash, time: whole }),
  }),
  unanchored: record<UnanchoredSource>({ kind: oneOf('unanchored'), origin: text(/^/, 200) }),
});

const jurisdiction = record<TrustedJurisdiction>({ code: jurisdictionCode, name, suspended: flag });

const issuerMembers = record<TrustedIssuer>({
  id: whole,
  did: text(/^did:web:[\x21-\x7e]+$/, 2048),
  iss: url,
  name,
  jurisdiction: jurisdictionCode,
  status: oneOf('pending', 'active', 'suspended', 'retired', 'withdrawn'),
  accreditedFrom: whole,
  accreditedUntil: whole,
  retiredAt: whole,
  statusBase: (value) => (value === '' ? value : url(value)),
});

/** A DID that is not the did:web of its `iss` would let one issuer answer for another's VCs. */
const issuer: Read<TrustedIssuer> = (value) => {
  const read = issuerMembers(value);
  if (read.did !== didWebFromIss(read.iss)) throw malformed('an issuer whose DID is not that of its iss');
  return read;
};

const key = record<TrustedKey>({
  issuer: whole,
  kid,
  x: coordinate,
  y: coordinate,
  validFrom: whole,
  validUntil: whole,
  state: oneOf('active', 'retired', 'compromised'),
  revocation: oneOf('none', 'bits', 'rids'),
  proven: flag,
});

const anchor = record<TrustedAnchor>({
  issuer: whole,
  list: text(/^(?:[A-Za-z0-9_-]{43}|0x[0-9a-f]{64})$/, 66),
  root: hash,
  counter: whole,
  length: whole,
  revoked: whole,
  time: whole,
  final: flag,
});

const statusData = oneOfKind<StatusData>({
  bits: record<Extract<StatusData, { kind: 'bits' }>>({
    kind: oneOf('bits'),
    issuer: whole,
    kid,
    encodedList: text(/^u[A-Za-z0-9_-]*$/, 2 ** 26),
  }),
  rids: record<Extract<StatusData, { kind: 'rids' }>>({
    kind: oneOf('rids'),
    issuer: whole,
    kid,
    rids: list(text(/^[\x21-\x7e]+$/, 64)),
  }),
});

const trustDocument = record<TrustDocument>({
  version: oneOf(1),
  source,
  takenAt: whole,
  jurisdictions: list(jurisdiction),
  issuers: list(issuer),
  keys: list(key),
  anchors: list(anchor),
  lists: list(statusData),
});
