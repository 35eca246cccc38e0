import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, type JWK } from 'jose';
import { isJsonArray, isJsonObject } from '../../credential/json.ts';
import { IssuerError } from '../issuer-error.ts';

/** Of SMART Backend Services ES384 and RS384, which it asks for, and the ES256 of our own clients. */
export const ASSERTION_ALGORITHMS = ['ES384', 'RS384', 'ES256'] as const;

const MAX_KEYS = 8;
const MIN_RSA_BITS = 2048;
/** RFC 7518 sections 6.2.2 and 6.3.2: none of these is for anybody's eyes. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const ALGORITHM_OF_CURVE: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384' };

/**
 * The public keys of a client from a JWK Set (RFC 7517), each with a kid of its own and the one algorithm that it is for.
 *
 * @throws IssuerError CLIENT_INVALID of keys that are private, weak, of another kind, or not told apart
 */
export function readClientKeys(json: unknown): JSONWebKeySet {
  const keys = isJsonObject(json) ? json['keys'] : undefined;
  if (!isJsonArray(keys) || keys.length === 0 || keys.length > MAX_KEYS) {
    throw invalid(`a JWK Set holds 1 to ${MAX_KEYS} keys`);
  }
  const read = keys.map(readKey);
  if (new Set(read.map(({ kid }) => kid)).size !== read.length) throw invalid('two keys have one kid');
  return { keys: read };
}

/** Whoever asks for a key of the set by the header of an assertion. */
export function keyChooser(keys: JSONWebKeySet): ReturnType<typeof createLocalJWKSet> {
  return createLocalJWKSet(keys);
}

function readKey(json: unknown): JWK {
  if (!isJsonObject(json)) throw invalid('a key is no JSON object');
  if (PRIVATE_MEMBERS.some((member) => member in json)) {
    throw invalid('a key is a private one: keep it to yourself, and give the public part');
  }
  const { kid, kty, crv, x, y, n, e } = json;
  if (typeof kid !== 'string' || kid === '' || kid.length > 128) throw invalid('a key has no kid');
  const members = kty === 'EC' ? { kty, crv, x, y } : { kty, n, e };
  const alg = kty === 'EC' ? ALGORITHM_OF_CURVE[String(crv)] : kty === 'RSA' ? 'RS384' : undefined;
  if (alg === undefined || bitsOf(members) < (kty === 'RSA' ? MIN_RSA_BITS : 0)) {
    throw invalid('a key is neither on P-256 or P-384 nor RSA of 2048 bits or more');
  }
  return { ...(members as JWK), kid, alg, use: 'sig' };
}

/** Bits of an RSA modulus, 0 of a key on a curve; -1 of what is no key. */
function bitsOf(members: object): number {
  try {
    const key = createPublicKey({ key: members, format: 'jwk' });
    return key.asymmetricKeyDetails?.modulusLength ?? 0;
  } catch {
    return -1;
  }
}

function invalid(why: string): IssuerError {
  return new IssuerError('CLIENT_INVALID', `The client cannot be taken: ${why}.`);
}
