import { createHmac, createPublicKey } from 'node:crypto';
import { card, cardPayload } from '../cards.ts';
import { base64url, cardHeader, cardOf, compactJws, deflate, partsOf } from '../jws.ts';
import { KEYS } from '../trust.ts';
import { folder } from '../vector.ts';

const key = KEYS.plain;
const MALFORMED = 'unreadable: MALFORMED';
const UNSUPPORTED = 'unreadable: UNSUPPORTED_FORMAT';

/** A card whose header has other members, or lacks some (undefined); its signature holds. */
const withHeader = (members: object): string => cardOf(key, cardPayload(), members);
/** A card whose header is this very text or these bytes; its signature holds. */
const withHeaderText = (header: string | Uint8Array): string =>
  compactJws({ key, header, payload: deflate(JSON.stringify(cardPayload())) });

const headerText = JSON.stringify(cardHeader(key));
const publicJwk = { kty: 'EC', crv: 'P-256', x: key.x, y: key.y };

/** HMAC with the public key, as PEM, for the secret: what a verifier does that lets the token choose. */
function signedByPublicKey(): string {
  const pem = createPublicKey({ format: 'jwk', key: publicJwk }).export({ type: 'spki', format: 'pem' });
  return compactJws({
    key,
    header: cardHeader(key, { alg: 'HS256' }),
    payload: deflate(JSON.stringify(cardPayload())),
    // Of the right length, so that only the algorithm is wrong.
    signature: (input) => createHmac('sha512', pem).update(input).digest(),
  });
}

function unsigned(): string {
  const [, payload] = partsOf(card(key));
  return `${base64url(JSON.stringify(cardHeader(key, { alg: 'none' })))}.${payload}.`;
}

export const JWS_ALGORITHM = folder('jws/algorithm', 'RFC 8725 §3.1', {
  none: {
    why: 'A token that says it is unsigned must not pass for signed.',
    input: withHeader({ alg: 'none' }),
    expect: UNSUPPORTED,
  },
  'none-without-signature': {
    why: 'The unsecured JWS as RFC 7515 appendix A.5 writes it, its signature empty.',
    input: unsigned(),
    expect: UNSUPPORTED,
  },
  'none-in-capitals': {
    why: 'A filter for "none" is passed by nOnE; here one algorithm is allowed and no other is named.',
    input: withHeader({ alg: 'nOnE' }),
    expect: UNSUPPORTED,
  },
  empty: { why: 'No algorithm of that name.', input: withHeader({ alg: '' }), expect: UNSUPPORTED },
  'hs256-with-public-key': {
    why: 'The public key taken for the secret of an HMAC: whoever knows it could sign.',
    input: signedByPublicKey(),
    expect: UNSUPPORTED,
  },
  es384: {
    why: 'Another curve and hash, though the signature is ES256.',
    input: withHeader({ alg: 'ES384' }),
    expect: UNSUPPORTED,
  },
  es256k: {
    why: 'Another curve with signatures of the same length.',
    input: withHeader({ alg: 'ES256K' }),
    expect: UNSUPPORTED,
  },
  rs256: { why: 'RSA is not used by any card.', input: withHeader({ alg: 'RS256' }), expect: UNSUPPORTED },
  eddsa: {
    why: 'Another algorithm with signatures of the same length.',
    input: withHeader({ alg: 'EdDSA' }),
    expect: UNSUPPORTED,
  },
  'lower-case': {
    why: 'Names of algorithms are case-sensitive (RFC 7515 §4.1.1).',
    input: withHeader({ alg: 'es256' }),
    expect: UNSUPPORTED,
  },
  missing: { why: 'alg must be there.', input: withHeader({ alg: undefined }), expect: MALFORMED },
  number: { why: 'alg is a text.', input: withHeader({ alg: 256 }), expect: MALFORMED },
  list: {
    why: 'A list of one algorithm is not its name.',
    input: withHeader({ alg: ['ES256'] }),
    expect: MALFORMED,
  },
});

export const JWS_HEADER = folder('jws/header', 'RFC 7515 §4.1', {
  'zip-missing': {
    why: 'A card without zip would be read without inflating: two readers, two cards.',
    section: 'SMART Health Cards, "Health Cards are Small"',
    input: withHeader({ zip: undefined }),
    expect: MALFORMED,
  },
  'zip-other': { why: 'Only DEF.', input: withHeader({ zip: 'GZIP' }), expect: UNSUPPORTED },
  'zip-lower-case': {
    why: 'Values of zip are case-sensitive.',
    input: withHeader({ zip: 'def' }),
    expect: UNSUPPORTED,
  },
  'zip-number': { why: 'zip is a text.', input: withHeader({ zip: 1 }), expect: MALFORMED },
  'zip-null': { why: 'null is not "missing".', input: withHeader({ zip: null }), expect: MALFORMED },
  'kid-missing': {
    why: 'Without a kid every key would have to be tried.',
    section: 'RFC 7515 §4.1.4',
    input: withHeader({ kid: undefined }),
    expect: MALFORMED,
  },
  'kid-number': { why: 'kid is a text.', input: withHeader({ kid: 7 }), expect: MALFORMED },
  'kid-42-characters': {
    why: 'One character short of a thumbprint.',
    section: 'RFC 7638 §3',
    input: withHeader({ kid: key.kid.slice(1) }),
    expect: MALFORMED,
  },
  'kid-44-characters': {
    why: 'One character more than a thumbprint.',
    section: 'RFC 7638 §3',
    input: withHeader({ kid: `${key.kid}A` }),
    expect: MALFORMED,
  },
  'kid-padded': {
    why: 'A thumbprint is base64url without padding.',
    input: withHeader({ kid: `${key.kid}=` }),
    expect: MALFORMED,
  },
  'kid-of-43-other-characters': {
    why: '43 characters that are not of the alphabet.',
    input: withHeader({ kid: '+'.repeat(43) }),
    expect: MALFORMED,
  },
  'kid-path': {
    why: 'A verifier that opens a file named by the kid reads what the forger chose.',
    input: withHeader({ kid: '../../../../../../dev/null' }),
    expect: MALFORMED,
  },
  'kid-proto': {
    why: 'A kid looked up in a plain object finds what every object has.',
    input: withHeader({ kid: '__proto__' }),
    expect: MALFORMED,
  },
  'kid-nul': {
    why: 'What compares up to a NUL takes this for the trusted key.',
    input: withHeader({ kid: `${key.kid}\0` }),
    expect: MALFORMED,
  },
  crit: {
    why: 'Extensions that must be understood are not.',
    section: 'RFC 7515 §4.1.11',
    input: withHeader({ crit: ['exp'], exp: 1 }),
    expect: UNSUPPORTED,
  },
  'crit-empty': {
    why: 'The standard forbids an empty list; it is refused like any other crit.',
    section: 'RFC 7515 §4.1.11',
    input: withHeader({ crit: [] }),
    expect: UNSUPPORTED,
  },
  'crit-escaped': {
    why: 'The same name in escapes: who looks for the text "crit" does not find it.',
    section: 'RFC 7515 §4.1.11',
    input: withHeaderText(headerText.replace('{', String.raw`{"\u0063rit":["b64"],`)),
    expect: UNSUPPORTED,
  },
  'b64-false': {
    why: 'An unencoded payload changes what is signed.',
    section: 'RFC 7797 §3',
    input: withHeader({ b64: false }),
    expect: UNSUPPORTED,
  },
  'b64-true': {
    why: 'Even with the value that changes nothing: it has no place in a card.',
    section: 'RFC 7797 §3',
    input: withHeader({ b64: true }),
    expect: UNSUPPORTED,
  },
  jwk: {
    why: 'The card brings the key that it is to be verified with.',
    section: 'RFC 7515 §4.1.3',
    input: withHeader({ jwk: publicJwk }),
    expect: UNSUPPORTED,
  },
  'jwk-null': {
    why: 'A member that is refused is refused with any value.',
    section: 'RFC 7515 §4.1.3',
    input: withHeader({ jwk: null }),
    expect: UNSUPPORTED,
  },
  jku: {
    why: 'The card says where its key may be fetched.',
    section: 'RFC 7515 §4.1.2',
    input: withHeader({ jku: 'https://evil.example/jwks.json' }),
    expect: UNSUPPORTED,
  },
  x5u: {
    why: 'The card says where its certificates may be fetched.',
    section: 'RFC 7515 §4.1.5',
    input: withHeader({ x5u: 'https://evil.example/chain.pem' }),
    expect: UNSUPPORTED,
  },
  'x5c-ignored': {
    why: 'Certificates are looked at by nobody: trust is by (iss, kid) alone.',
    section: 'RFC 7515 §4.1.6',
    input: withHeader({ x5c: ['MIIB'] }),
    expect: 'accepted: VALID',
  },
  'unknown-member-ignored': {
    why: 'Members that nobody knows are ignored (RFC 7515 §4).',
    section: 'RFC 7515 §4',
    input: withHeader({ 'example.org/serial': 1 }),
    expect: 'accepted: VALID',
  },
  'proto-member-ignored': {
    why: 'A member of that name must not become what the header inherits from.',
    input: withHeaderText(headerText.replace('{', '{"__proto__":{"crit":["b64"]},')),
    expect: 'accepted: VALID',
  },
  'typ-jose': {
    why: 'A typ that names no other kind of token does no harm.',
    section: 'RFC 7515 §4.1.9',
    input: withHeader({ typ: 'JOSE' }),
    expect: 'accepted: VALID',
  },
  'typ-vc-jwt': {
    why: 'The token says that it is a vc+jwt; it must not be read as a card.',
    section: 'RFC 8725 §3.11',
    input: withHeader({ typ: 'vc+jwt' }),
    expect: UNSUPPORTED,
  },
  'typ-media-type': {
    why: 'The same kind of token, written as a whole media type and in other case.',
    section: 'RFC 8725 §3.11',
    input: withHeader({ typ: 'application/AT+jwt' }),
    expect: UNSUPPORTED,
  },
  'typ-number': { why: 'typ is a text.', input: withHeader({ typ: 1 }), expect: MALFORMED },
  'other-order': {
    why: 'The order of members says nothing.',
    input: compactJws({
      key,
      header: { kid: key.kid, alg: 'ES256', zip: 'DEF' },
      payload: deflate(JSON.stringify(cardPayload())),
    }),
    expect: 'accepted: VALID',
  },
  'white-space-signed': {
    why: 'White space in the header is the issuer’s to write, and signed.',
    input: withHeaderText(JSON.stringify(cardHeader(key), null, 1)),
    expect: 'accepted: VALID',
  },
  'white-space-added': {
    why: 'The same header in other bytes is not what was signed.',
    input: respelledHeader(),
    expect: 'rejected: SIGNATURE_INVALID',
  },
  'duplicate-alg': {
    why: 'One reader takes the first, another the last.',
    section: 'RFC 7515 §4',
    input: withHeaderText(headerText.replace('{', '{"alg":"none",')),
    expect: MALFORMED,
  },
  'duplicate-alg-escaped': {
    why: 'The same name twice, once in escapes.',
    section: 'RFC 7515 §4',
    input: withHeaderText(headerText.replace('{', String.raw`{"\u0061lg":"none",`)),
    expect: MALFORMED,
  },
  'duplicate-same-value': {
    why: 'Twice is refused even where both say the same.',
    section: 'RFC 7515 §4',
    input: withHeaderText(headerText.replace('{', '{"alg":"ES256",')),
    expect: MALFORMED,
  },
  array: { why: 'A header is an object.', input: withHeaderText(`[${headerText}]`), expect: MALFORMED },
  null: { why: 'A header is an object.', input: withHeaderText('null'), expect: MALFORMED },
  'not-json': { why: 'A header is JSON.', input: withHeaderText('alg=ES256'), expect: MALFORMED },
  'trailing-text': {
    why: 'Whoever reads to the closing brace only sees half of it.',
    input: withHeaderText(`${headerText}{}`),
    expect: MALFORMED,
  },
  'byte-order-mark': {
    why: 'Some readers skip it, some do not.',
    section: 'RFC 8259 §8.1',
    input: withHeaderText(`\uFEFF${headerText}`),
    expect: MALFORMED,
  },
  'not-utf8': {
    why: 'A byte that begins no character.',
    section: 'RFC 7515 §5.2',
    input: withHeaderText(Buffer.concat([Buffer.from('{"x":"'), Buffer.of(0xff), Buffer.from('"}')])),
    expect: MALFORMED,
  },
  'nested-33-deep': {
    why: 'Deep nesting is an attack on whoever walks it, in the header too.',
    section: 'Verification order, strict JSON',
    input: withHeaderText(headerText.replace('{', `{"x":${'['.repeat(32)}${']'.repeat(32)},`)),
    expect: MALFORMED,
  },
});

function respelledHeader(): string {
  const [, payload, signature] = partsOf(card(key));
  return `${base64url(JSON.stringify(cardHeader(key), null, 1))}.${payload}.${signature}`;
}
