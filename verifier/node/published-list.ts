import { importEs256Key } from '../../credential/es256-node.ts';
import { decodeCompactList } from '../../credential/compact-list.ts';
import { parseCrl, statusListFromCrl } from '../../credential/crl.ts';
import type { Crl } from '../../credential/crl.ts';
import { decodeStatusList } from '../../credential/encoded-list.ts';
import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, isJsonObject, parseJson } from '../../credential/json.ts';
import { isThumbprint } from '../../credential/jwk.ts';
import { mediaType, parseCompactJws } from '../../credential/jws.ts';
import type { UnverifiedJws } from '../../credential/jws.ts';
import { decodeListDelta } from '../../credential/list-delta.ts';
import type { ListDelta } from '../../credential/list-delta.ts';
import { readStatusListCredential } from '../../credential/status-list-credential.ts';
import type { StatusList } from '../../credential/status-list.ts';
import { statusListFromToken, statusListOfClaims } from '../../credential/token-status-list.ts';
import type { TrustedKey } from '../pipeline/trust-document.ts';

/** Revocation data as its issuer publishes it, of which nothing is unpacked yet: of a key, whoever it stands under. */
export type PublishedList =
  | {
      readonly form: 'list';
      readonly kid: string;
      /** The bits, at most so many; FormatError. */
      readonly bits: (key: TrustedKey, maxBits: number) => StatusList;
    }
  | { readonly form: 'crl'; readonly kid: string; readonly read: () => Crl }
  | { readonly form: 'delta'; readonly kidStart: Uint8Array; readonly read: (maxBits: number) => ListDelta };

/** The first byte of our binary forms, which is never that of UTF-8 text: compact-list.ts, list-delta.ts. */
const COMPACT = 0xcc;
const DELTA = 0xc4;

/** The status list of the 134 million cards that a list may have, if a fifth of them is revoked, as a token. */
const MAX_TOKEN_CHARS = 32 * 1024 * 1024;

/**
 * Find out which form of revocation data a file holds, and of which key: the compact download and its deltas, a SMART
 * Health Cards revocation list, a BitstringStatusListCredential as vc+jwt, a Status List Token, or our own JSON around
 * an `encodedList`.
 *
 * @throws FormatError MALFORMED, UNSUPPORTED_FORMAT, TOO_LARGE
 */
export function readPublishedList(bytes: Uint8Array): PublishedList {
  if (bytes[0] === COMPACT) return compact(bytes);
  if (bytes[0] === DELTA) {
    // Its own bytes say of which key it may be; the root says of which it is.
    return {
      form: 'delta',
      kidStart: bytes.slice(2, 6),
      read: (maxBits) => decodeListDelta(bytes, { maxBits }),
    };
  }
  const text = decodeUtf8(bytes).trim();
  return text.startsWith('{') ? inJson(parseJson(text)) : inToken(parseCompactJws(text, MAX_TOKEN_CHARS));
}

function compact(bytes: Uint8Array): PublishedList {
  const kid = Buffer.from(bytes.slice(2, 34)).toString('base64url');
  if (!isThumbprint(kid)) throw new FormatError('MALFORMED', 'The compact list is cut short.');
  return { form: 'list', kid, bits: (_key, maxBits) => decodeCompactList(bytes, { maxBits }).list };
}

function inJson(json: unknown): PublishedList {
  if (!isJsonObject(json)) throw unknown();
  const { kid, encodedList } = json;
  if (typeof kid !== 'string' || !isThumbprint(kid)) throw unknown();
  if (typeof encodedList !== 'string') return { form: 'crl', kid, read: () => parseCrl(json) };
  return { form: 'list', kid, bits: (_key, maxBits) => decodeStatusList(encodedList, maxBits) };
}

function inToken(jws: UnverifiedJws): PublishedList {
  const kid = jws.header.kid.slice(jws.header.kid.indexOf('#') + 1);
  if (!isThumbprint(kid)) throw unknown();
  const unpack = TOKENS[mediaType(jws.header.typ ?? '')];
  if (unpack === undefined) throw unknown();
  return {
    form: 'list',
    kid,
    bits: (key, maxBits) => {
      // The root decides; but nothing that is not signed is inflated.
      if (!importEs256Key(key)(jws.signingInput, jws.signature)) {
        throw new FormatError('MALFORMED', 'The signature of the status list does not hold.');
      }
      return unpack(parseJson(decodeUtf8(jws.payload)), maxBits);
    },
  };
}

/** By `typ`: VC-JOSE-COSE §3.1.1, and the Token Status List draft, "Status List Token in JWT Format". */
const TOKENS: Readonly<Record<string, (json: unknown, maxBits: number) => StatusList>> = {
  'vc+jwt': (json, maxBits) => decodeStatusList(readStatusListCredential(json).encodedList, maxBits),
  'statuslist+jwt': (json, maxBits) => statusListFromToken(statusListOfClaims(json, { maxBits })),
};

/** The bits of what was published, for a key that revokes by them; undefined if it is of another kind. */
export function bitsOf(published: PublishedList, key: TrustedKey, length: number): StatusList | undefined {
  if (published.form === 'list') return published.bits(key, length);
  return published.form === 'crl' ? statusListFromCrl(published.read(), length) : undefined;
}

function unknown(): FormatError {
  return new FormatError('UNSUPPORTED_FORMAT', 'The file is no revocation data.');
}
