import { decodeBase64urlBytes, encodeBase64url } from './base64url.ts';
import { issFromDidWeb } from './did-web.ts';
import { FormatError } from './errors.ts';
import { ES256_SIGNATURE_BYTES, type Es256Verify } from './es256.ts';
import { decodeUtf8, isJsonObject, parseJson } from './json.ts';
import { isThumbprint } from './jwk.ts';

/** The members of a JOSE header that mean something here (RFC 7515 §4.1); others are ignored or refused. */
export interface JwsHeader {
  readonly alg: 'ES256';
  readonly kid: string;
  readonly zip?: 'DEF';
  readonly typ?: string;
  readonly cty?: string;
}

/** A JWS of the right shape, of which nothing is proved. */
export interface UnverifiedJws {
  readonly stage: 'unverified';
  readonly header: JwsHeader;
  /** The ASCII bytes of `header.payload`, which the signature covers. */
  readonly signingInput: Uint8Array;
  /** The signed bytes, still compressed if the header says `zip`. */
  readonly payload: Uint8Array;
  /** r ‖ s, 32 bytes each, big-endian. */
  readonly signature: Uint8Array;
}

const DOT = 0x2e;

const utf8 = new TextEncoder();
const verified = Symbol('verified');

/** A JWS whose signature a key has verified; only `verifyJws` makes one. */
export interface VerifiedJws {
  readonly [verified]: true;
  readonly stage: 'verified';
  readonly header: JwsHeader;
  /** The signed bytes, still compressed if the header says `zip`. */
  readonly payload: Uint8Array;
}

/** A payload at the cap of inflation (256 KiB), stored without compression, with room for header and signature. */
export const MAX_JWS_CHARS = 360_000;

/**
 * Header members that would let the token choose how it is verified: extensions that must be understood (`crit`, §4.1.11;
 * `b64`, RFC 7797) and keys that the card brings along (`jwk`, `jku`, `x5u`; §4.1.2, §4.1.3, §4.1.5).
 */
const REFUSED_MEMBERS = ['crit', 'b64', 'jwk', 'jku', 'x5u'] as const;

/**
 * Reads a compact JWS (RFC 7515 §7.1) strictly: the text is the only one for its bytes, the header one this product reads.
 *
 * Unknown header members are ignored. Which header a card or a VC must have is `assertCardHeader`'s and
 * `assertVcHeader`'s to say.
 * @throws FormatError TOO_LARGE over `maxChars`, by default the largest card's; UNSUPPORTED_FORMAT for a well-formed thing of another kind (a
 * JWE, another `alg` or `zip`, a critical extension, a key in the header); MALFORMED for everything broken
 */
export function parseCompactJws(text: string, maxChars: number = MAX_JWS_CHARS): UnverifiedJws {
  if (text.length > maxChars) throw new FormatError('TOO_LARGE', 'The token is longer than any card.');
  const bytes = utf8.encode(text);
  const headerEnd = bytes.indexOf(DOT);
  const payloadEnd = bytes.indexOf(DOT, headerEnd + 1);
  if (headerEnd < 0 || payloadEnd < 0)
    throw new FormatError('MALFORMED', 'The text is not three parts joined by dots.');
  if (bytes.includes(DOT, payloadEnd + 1)) throw tooManyParts(text);

  const header = parseHeader(decodeBase64urlBytes(bytes, 0, headerEnd));
  const payload = decodeBase64urlBytes(bytes, headerEnd + 1, payloadEnd);
  const signature = decodeBase64urlBytes(bytes, payloadEnd + 1, bytes.length);
  if (signature.length !== ES256_SIGNATURE_BYTES) {
    // DER signatures end here too: RFC 7518 §3.4 knows only r ‖ s.
    throw new FormatError('MALFORMED', 'The signature is not 64 bytes long.');
  }
  const signingInput = bytes.subarray(0, payloadEnd);
  return { stage: 'unverified', header, signingInput, payload, signature };
}

/** Verifies the signature over the signing input; undefined if it does not hold. */
export async function verifyJws(jws: UnverifiedJws, verify: Es256Verify): Promise<VerifiedJws | undefined> {
  // A verifier that is not asynchronous is not awaited: the wait costs more than the rest of this function.
  const answer = verify(jws.signingInput, jws.signature);
  const holds = typeof answer === 'boolean' ? answer : await answer;
  if (!holds) return undefined;
  return { [verified]: true, stage: 'verified', header: jws.header, payload: jws.payload };
}

/**
 * The header of a SMART Health Card ("Health Cards are encoded as compact serialization JWS"), and of a pass: `zip` DEF
 * and a `kid` of 43 characters.
 *
 * A `typ` is ignored unless it explicitly names another kind of token (RFC 8725 §3.11).
 * @throws FormatError MALFORMED, UNSUPPORTED_FORMAT
 */
export function assertCardHeader(header: JwsHeader): void {
  if (header.zip !== 'DEF')
    throw new FormatError('MALFORMED', 'The header of the card does not say that it is compressed.');
  if (!isThumbprint(header.kid))
    throw new FormatError('MALFORMED', 'The kid of the card is not a thumbprint.');
  if (header.typ !== undefined && /(?:\+jwt|\+jws|sd-jwt)$/.test(mediaType(header.typ))) {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The token says that it is not a card.');
  }
}

/** What the header of a VC says: its form, and the verification method `<did>#<thumbprint>` that signed it. */
export interface VcHeader {
  readonly form: 'vc+jwt' | 'vc-jwt';
  readonly did: string;
  readonly thumbprint: string;
}

/**
 * The header of a VC: `typ` vc+jwt (VC-JOSE-COSE §3.1.1), or JWT or none for VCDM 1.1 (§6.3.1); `kid` the
 * verification method in a did:web; no `zip`.
 * @throws FormatError MALFORMED, UNSUPPORTED_FORMAT for another `typ` or `cty`
 */
export function assertVcHeader(header: JwsHeader): VcHeader {
  const form = VC_FORMS.get(mediaType(header.typ ?? 'JWT'));
  if (form === undefined)
    throw new FormatError('UNSUPPORTED_FORMAT', 'The token says that it is not a credential.');
  if (header.cty !== undefined && !(form === 'vc+jwt' && mediaType(header.cty) === 'vc')) {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The token says that its content is not a credential.');
  }
  // RFC 7516 knows zip, RFC 7515 does not: outside a health card it means nothing.
  if (header.zip !== undefined) throw new FormatError('MALFORMED', 'A credential is never compressed.');
  const hash = header.kid.indexOf('#');
  const did = header.kid.slice(0, Math.max(hash, 0));
  const thumbprint = header.kid.slice(hash + 1);
  issFromDidWeb(did);
  if (!isThumbprint(thumbprint))
    throw new FormatError('MALFORMED', 'The kid of the credential is not a verification method.');
  return { form, did, thumbprint };
}

const VC_FORMS: ReadonlyMap<string, VcHeader['form']> = new Map([
  ['vc+jwt', 'vc+jwt'],
  ['jwt', 'vc-jwt'],
]);

/** Media types compare without case and without `application/` (RFC 7515 §4.1.9). */
export function mediaType(typ: string): string {
  const lower = typ.toLowerCase();
  return lower.startsWith('application/') ? lower.slice('application/'.length) : lower;
}

/**
 * The signing input `header.payload` of a JWS (RFC 7515 §5.1); header members stand in the order of the SMART Health
 * Cards examples.
 */
export function encodeSigningInput(header: JwsHeader, payload: Uint8Array): string {
  const { zip, alg, kid, typ, cty } = header;
  const json = JSON.stringify({ zip, alg, kid, typ, cty });
  return `${encodeBase64url(utf8.encode(json))}.${encodeBase64url(payload)}`;
}

/**
 * Joins a signing input and its signature, the 64 bytes r ‖ s, to a compact JWS (RFC 7515 §7.1).
 * @throws FormatError MALFORMED
 */
export function encodeCompactJws(signingInput: string, signature: Uint8Array): string {
  if (signature.length !== ES256_SIGNATURE_BYTES) {
    throw new FormatError('MALFORMED', 'The signature is not 64 bytes long.');
  }
  return `${signingInput}.${encodeBase64url(signature)}`;
}

function parseHeader(bytes: Uint8Array): JwsHeader {
  const json = parseJson(decodeUtf8(bytes));
  if (!isJsonObject(json)) throw new FormatError('MALFORMED', 'The header is not a JSON object.');
  for (const member of REFUSED_MEMBERS) {
    if (Object.hasOwn(json, member))
      throw new FormatError('UNSUPPORTED_FORMAT', `The header holds ${member}.`);
  }
  const { alg, kid, zip, typ, cty } = json;
  if (typeof alg !== 'string') throw new FormatError('MALFORMED', 'The header names no algorithm.');
  if (alg !== 'ES256') throw new FormatError('UNSUPPORTED_FORMAT', 'The algorithm is not ES256.');
  if (typeof kid !== 'string') throw new FormatError('MALFORMED', 'The header names no key.');
  if (zip !== undefined && typeof zip !== 'string')
    throw new FormatError('MALFORMED', 'The header member zip is not text.');
  if (zip !== undefined && zip !== 'DEF')
    throw new FormatError('UNSUPPORTED_FORMAT', 'The compression is not DEFLATE.');
  if (typ !== undefined && typeof typ !== 'string')
    throw new FormatError('MALFORMED', 'The header member typ is not text.');
  if (cty !== undefined && typeof cty !== 'string')
    throw new FormatError('MALFORMED', 'The header member cty is not text.');
  return {
    alg,
    kid,
    ...(zip === undefined ? {} : { zip }),
    ...(typ === undefined ? {} : { typ }),
    ...(cty === undefined ? {} : { cty }),
  };
}

/** Five parts are a JWE (RFC 7516 §7.1), `~` an SD-JWT: other things, not broken ones. */
function tooManyParts(text: string): FormatError {
  return text.split('.', 6).length === 5
    ? new FormatError('UNSUPPORTED_FORMAT', 'The token is encrypted.')
    : new FormatError('MALFORMED', 'The text is not three parts joined by dots.');
}
