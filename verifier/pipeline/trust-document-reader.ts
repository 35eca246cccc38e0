import { coordinateBytes } from '../../credential/jwk.ts';
import { assertIss, didWebFromIss } from '../../credential/did-web.ts';
import { FormatError } from '../../credential/errors.ts';
import {
  flag,
  list,
  objectOf,
  oneOf,
  oneOfKind,
  orNull,
  record,
  ShapeError,
  text,
  whole,
} from '../../credential/strict-reader.ts';
import type { Read } from '../../credential/strict-reader.ts';
import { MAX_RULE_FILE_BYTES, TRUST_DOCUMENT_VERSION } from './trust-document.ts';
import type {
  ChainSource,
  PublishedRules,
  SeenPosition,
  StatusData,
  Successor,
  TrustDocument,
  TrustedAnchor,
  TrustedIssuer,
  TrustedJurisdiction,
  TrustedKey,
  TrustedVenue,
  UnanchoredSource,
} from './trust-document.ts';
import { TrustError } from './trust-error.ts';

/**
 * Read a trust document that came from a file, hostile until its exporter is pinned: every member of the right type
 * and range, none missing, none unknown.
 *
 * An unknown member is refused, because ignoring what a later version says (a new way of being suspended) would fail
 * open; such a version carries another `version`. An earlier one is refused too: it does not say what a decision rests
 * on now. Whether the parts add up is `indexTrust`'s question.
 *
 * @throws TrustError DOCUMENT_OF_ANOTHER_VERSION, DOCUMENT_MALFORMED
 */
export function readTrustDocument(json: unknown): TrustDocument {
  try {
    const { version } = objectOf(json);
    if (typeof version === 'number' && version !== TRUST_DOCUMENT_VERSION) {
      throw new TrustError(
        'DOCUMENT_OF_ANOTHER_VERSION',
        `The trust data has version ${version}, and this program reads version ${TRUST_DOCUMENT_VERSION}: export it anew.`,
      );
    }
    return trustDocument(json);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new TrustError('DOCUMENT_MALFORMED', `The trust document holds ${error.message}.`);
  }
}

/** A text that another module's rule has to accept. */
function textBy(rule: (value: string) => unknown, maxLength: number): Read<string> {
  const short = text(/^/, maxLength);
  return (value) => {
    const checked = short(value);
    try {
      rule(checked);
    } catch (error) {
      if (error instanceof FormatError) throw new ShapeError('a text of the wrong form');
      throw error;
    }
    return checked;
  };
}

/** 32 bits, each a statement. */
const bitSet: Read<number> = (value) => {
  const bits = whole(value);
  if (bits >= 2 ** 32) throw new ShapeError('more than 32 bits where a set of them belongs');
  return bits;
};

/** The registry's own bounds: names of 1 to 200 bytes, codes of up to 32 characters, URLs that did:web can say. */
const name = text(/^[^]+$/, 200);
const code = text(/^[A-Z0-9-]+$/, 32);
const url = textBy(assertIss, 256);
const urlOrNone: Read<string> = (value) => (value === '' ? value : url(value));
const hash = text(/^0x[0-9a-f]{64}$/, 66);
const address = text(/^0x[0-9a-f]{40}$/, 42);
const kid = text(/^[A-Za-z0-9_-]{43}$/, 43);
const coordinate = textBy(coordinateBytes, 43);

const source = oneOfKind<ChainSource | UnanchoredSource>({
  chain: record<ChainSource>({
    kind: oneOf('chain'),
    chainId: whole,
    registry: address,
    head: hash,
    size: whole,
    block: record<ChainSource['block']>({ number: whole, hash, time: whole }),
  }),
  unanchored: record<UnanchoredSource>({ kind: oneOf('unanchored'), origin: text(/^/, 200) }),
});

const block = record<ChainSource['block']>({ number: whole, hash, time: whole });

const seen = record<SeenPosition>({ head: hash, size: whole, block });

/** A uint256 in decimal, which is longer than any chain id. */
const successor = record<Successor>({ chainId: text(/^(?:0|[1-9][0-9]*)$/, 78), registry: address });

const jurisdiction = record<TrustedJurisdiction>({ code, name, suspended: flag });

const issuerMembers = record<TrustedIssuer>({
  id: whole,
  did: text(/^did:web:[\x21-\x7e]+$/, 768),
  iss: url,
  name,
  jurisdiction: code,
  status: oneOf('pending', 'active', 'suspended', 'retired', 'withdrawn'),
  held: flag,
  accreditedFrom: whole,
  accreditedUntil: whole,
  attestations: bitSet,
  statusBase: urlOrNone,
  formerStatusBases: list(url),
});

const issuer: Read<TrustedIssuer> = (value) => {
  const read = issuerMembers(value);
  // It would let one issuer answer for another's VCs.
  if (read.did !== didWebFromIss(read.iss))
    throw new ShapeError('an issuer whose DID is not that of its iss');
  // It would go on issuing.
  if (read.status === 'retired' && read.accreditedUntil === 0)
    throw new ShapeError('a retired issuer without end');
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

const venue = record<TrustedVenue>({
  id: whole,
  did: text(/^did:[A-Za-z0-9._:%-]{4,}$/, 512),
  name,
  jurisdiction: code,
  status: oneOf('active', 'suspended', 'withdrawn'),
});

const rules = record<PublishedRules>({
  jurisdiction: code,
  id: code,
  version: whole,
  validFrom: whole,
  // Zero ends the rule set on chain; here null says so.
  digest: orNull(text(/^0x(?!0{64})[0-9a-f]{64}$/, 66)),
  uri: urlOrNone,
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
    compact: text(/^[A-Za-z0-9_-]+$/, 2 ** 26),
  }),
  rids: record<Extract<StatusData, { kind: 'rids' }>>({
    kind: oneOf('rids'),
    issuer: whole,
    kid,
    rids: list(text(/^[\x21-\x7e]+$/, 64)),
  }),
});

const trustDocument = record<TrustDocument>({
  version: oneOf(TRUST_DOCUMENT_VERSION),
  source,
  seen: orNull(seen),
  takenAt: whole,
  successor: orNull(successor),
  jurisdictions: list(jurisdiction),
  issuers: list(issuer),
  keys: list(key),
  venues: list(venue),
  rules: list(rules),
  anchors: list(anchor),
  lists: list(statusData),
  ruleFiles: list(text(/^/, MAX_RULE_FILE_BYTES)),
});
