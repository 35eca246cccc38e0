import { createHash } from 'node:crypto';
import { card, cardPayload, ridOf } from '../cards.ts';
import { base64url, cardHeader, cardOf, compactJws, deflateStored, partsOf } from '../jws.ts';
import { bytes32, derOf, hasHighS, ORDER, signEs256, twinOf } from '../p256.ts';
import { KEYS } from '../trust.ts';
import { folder } from '../vector.ts';

const key = KEYS.plain;
const MALFORMED = 'unreadable: MALFORMED';
const INVALID = 'rejected: SIGNATURE_INVALID';

const good = card(key);
const [header, payload, signature] = partsOf(good);
const signatureBytes = Buffer.from(signature, 'base64url');

/** The same last byte with its unused bits set: base64url that decodes to the same (RFC 4648 §3.5). */
function withLooseBits(part: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  if (part.length % 4 === 0) throw new Error('This part ends on a whole group of characters.');
  return part.slice(0, -1) + alphabet.charAt(alphabet.indexOf(part.slice(-1)) + 1);
}

/** A card whose header or payload part is so many characters over groups of four: 2 leave four bits unused, 3 two. */
function looseable(part: 'header' | 'payload', over: 2 | 3): readonly [string, string, string] {
  for (let length = 0; ; length++) {
    const filler = 'x'.repeat(length);
    const parts = partsOf(part === 'header' ? cardOf(key, cardPayload(), { filler }) : card(key, { filler }));
    if (parts[part === 'header' ? 0 : 1].length % 4 === over) return parts;
  }
}
const ofLooseHeader = looseable('header', 3);
const ofLoosePayload = looseable('payload', 2);
const ofLoosePayloadByTwo = looseable('payload', 3);

const withSignature = (bytes: Uint8Array): string => `${header}.${payload}.${base64url(bytes)}`;

export const JWS_SHAPE = folder('jws/shape', 'RFC 7515 §7.1', {
  'two-parts': { why: 'No signature at all.', input: `${header}.${payload}`, expect: MALFORMED },
  'four-parts': { why: 'One part too many.', input: `${good}.AA`, expect: MALFORMED },
  'five-parts': {
    why: 'Five parts are a JWE: encrypted, another thing.',
    section: 'RFC 7516 §7.1',
    input: 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA',
    expect: 'unreadable: UNSUPPORTED_FORMAT',
  },
  'leading-dot': { why: 'An empty part before the header.', input: `.${good}`, expect: MALFORMED },
  'trailing-dot': { why: 'An empty part after the signature.', input: `${good}.`, expect: MALFORMED },
  'empty-header': { why: 'No header.', input: `.${payload}.${signature}`, expect: MALFORMED },
  'empty-payload': {
    why: 'Signed, but nothing that could be inflated.',
    input: compactJws({ key, payload: new Uint8Array() }),
    expect: MALFORMED,
  },
  'empty-signature': { why: 'Three parts, unsigned.', input: `${header}.${payload}.`, expect: MALFORMED },
  'dots-alone': { why: 'Three empty parts.', input: '..', expect: MALFORMED },
  'json-serialization': {
    why: 'The same signature in the other serialization: one card must have one text.',
    section: 'RFC 7515 §7.2',
    input: JSON.stringify({ protected: header, payload, signature }),
    expect: MALFORMED,
  },
  'space-before': {
    why: 'jose reads over it: a second text of the card.',
    input: ` ${good}`,
    expect: MALFORMED,
  },
  'space-after': {
    why: 'jose reads over it: a second text of the card.',
    input: `${good} `,
    expect: MALFORMED,
  },
  'newline-after': {
    why: 'What copying from a file adds; a second text of the card.',
    input: `${good}\n`,
    expect: MALFORMED,
  },
  'space-inside': {
    why: 'Lenient base64 decoders skip it.',
    section: 'RFC 4648 §3.3',
    input: `${header}.${payload.slice(0, 8)} ${payload.slice(8)}.${signature}`,
    expect: MALFORMED,
  },
  'newline-inside': {
    why: 'Lenient base64 decoders skip it (MIME).',
    section: 'RFC 4648 §3.1',
    input: `${header}.${payload.slice(0, 76)}\r\n${payload.slice(76)}.${signature}`,
    expect: MALFORMED,
  },
  'padding-of-signature': {
    why: 'jose 6.2 takes a padded signature: a second text of the card.',
    section: 'RFC 7515 §2',
    input: `${good}==`,
    expect: MALFORMED,
  },
  'padding-of-payload': {
    why: 'The padded payload is another text of the same bytes.',
    section: 'RFC 7515 §2',
    input: `${header}.${payload}${'='.repeat(-payload.length & 3) || '===='}.${signature}`,
    expect: MALFORMED,
  },
  'plus-and-slash': {
    why: 'Base64 with the other alphabet is another text of the same bytes.',
    section: 'RFC 4648 §5',
    input: ordinaryBase64(),
    expect: MALFORMED,
  },
  'loose-bits-of-signature': {
    why: 'Unused bits that are set: sixteen texts of one signature, to evade lists of texts.',
    section: 'RFC 4648 §3.5',
    input: `${header}.${payload}.${withLooseBits(signature)}`,
    expect: MALFORMED,
  },
  'loose-bits-of-payload': {
    why: 'Four unused bits, where a part is two characters over.',
    section: 'RFC 4648 §3.5',
    input: [ofLoosePayload[0], withLooseBits(ofLoosePayload[1]), ofLoosePayload[2]].join('.'),
    expect: MALFORMED,
  },
  'loose-bits-of-payload-two': {
    why: 'Two unused bits, where a part is three characters over.',
    section: 'RFC 4648 §3.5',
    input: [ofLoosePayloadByTwo[0], withLooseBits(ofLoosePayloadByTwo[1]), ofLoosePayloadByTwo[2]].join('.'),
    expect: MALFORMED,
  },
  'loose-bits-of-header': {
    why: 'Unused bits that are set in the last character of the header.',
    section: 'RFC 4648 §3.5',
    input: [withLooseBits(ofLooseHeader[0]), ofLooseHeader[1], ofLooseHeader[2]].join('.'),
    expect: MALFORMED,
  },
  'one-character-over': {
    why: 'A single character beyond the groups of four stands for no byte.',
    section: 'RFC 4648 §4',
    input: `${header}.${payload}.${signature}AAA`,
    expect: MALFORMED,
  },
  'full-width-dot': {
    why: 'A dot of another script is no dot.',
    input: `${header}．${payload}．${signature}`,
    expect: MALFORMED,
  },
  'letters-of-another-script': {
    why: 'A Cyrillic А looks like the first letter of the alphabet.',
    input: `${header}.${payload}.${'А'.repeat(86)}`,
    expect: MALFORMED,
  },
  'percent-encoded': {
    why: 'A text that went through a URL is not decoded here.',
    input: `${header}%2E${payload}%2E${signature}`,
    expect: MALFORMED,
  },
  '360000-characters': {
    why: 'The longest text that is read.',
    section: 'Limits: 360,000 characters a JWS',
    input: ofLength(360_000),
    expect: 'rejected: ISSUER_UNKNOWN',
  },
  '360001-characters': {
    why: 'One character more is refused before anything is decoded.',
    section: 'Limits: 360,000 characters a JWS',
    input: ofLength(360_001),
    expect: 'unreadable: TOO_LARGE',
  },
});

/** A card of a key that nobody trusts, made as long as that by its payload. */
function ofLength(length: number): string {
  const start = `${base64url(JSON.stringify(cardHeader(KEYS.stranger)))}.`;
  const room = length - start.length - 1 - 86;
  return `${start}${'A'.repeat(room)}.${'A'.repeat(86)}`;
}

function ordinaryBase64(): string {
  for (let length = 0; ; length++) {
    const jws = card(key, { filler: 'x'.repeat(length) });
    const [head, body, tail] = partsOf(jws);
    if (!/[-_]/.test(body)) continue;
    return `${head}.${body.replaceAll('-', '+').replaceAll('_', '/')}.${tail}`;
  }
}

const highS = hasHighS(signatureBytes) ? good : withSignature(twinOf(signatureBytes));
const lowS = hasHighS(signatureBytes) ? withSignature(twinOf(signatureBytes)) : good;

function twinOfCard(jws: string): string {
  const [head, body, tail] = partsOf(jws);
  return `${head}.${body}.${base64url(twinOf(Buffer.from(tail, 'base64url')))}`;
}

const scalars = (r: bigint, s: bigint): string => withSignature(Buffer.concat([bytes32(r), bytes32(s)]));

export const JWS_SIGNATURE = folder('jws/signature', 'RFC 7518 §3.4', {
  'low-s': {
    why: 'The lower of the two signatures that are equally good.',
    input: lowS,
    expect: 'accepted: VALID',
  },
  'high-s': {
    why: 'The higher one: the same card, not a second and not a forgery.',
    input: highS,
    expect: 'accepted: VALID',
  },
  'high-s-of-revoked': {
    why: 'The twin of a revoked card is as revoked: a card is known by its rid, never by its text.',
    input: twinOfCard(card(KEYS.bits, {}, { rid: ridOf(9) })),
    expect: 'rejected: REVOKED',
  },
  der: {
    why: 'The ASN.1 form of a good signature is not the one that JWS has.',
    input: withSignature(derOf(signatureBytes)),
    expect: MALFORMED,
  },
  'der-of-zeros': {
    why: 'The "psychic" signature of CVE-2022-21449, MAYCAQACAQA.',
    input: `${header}.${payload}.MAYCAQACAQA`,
    expect: MALFORMED,
  },
  '63-bytes': {
    why: 'One byte short.',
    input: withSignature(signatureBytes.subarray(1)),
    expect: MALFORMED,
  },
  '65-bytes': {
    why: 'One byte more, a zero in front.',
    input: withSignature(Buffer.concat([Buffer.of(0), signatureBytes])),
    expect: MALFORMED,
  },
  zeros: { why: 'r = s = 0 (CVE-2022-21449).', input: scalars(0n, 0n), expect: INVALID },
  'r-zero': { why: 'r = 0.', input: scalars(0n, 1n), expect: INVALID },
  's-zero': { why: 's = 0.', input: scalars(1n, 0n), expect: INVALID },
  'r-order': { why: 'r = n.', input: scalars(ORDER, 1n), expect: INVALID },
  's-order': { why: 's = n.', input: scalars(1n, ORDER), expect: INVALID },
  'order-twice': { why: 'r = s = n.', input: scalars(ORDER, ORDER), expect: INVALID },
  'all-ones': {
    why: 'Both scalars over the order of the group.',
    input: withSignature(Buffer.alloc(64, 0xff)),
    expect: INVALID,
  },
  'halves-swapped': {
    why: 's ‖ r.',
    input: withSignature(Buffer.concat([signatureBytes.subarray(32), signatureBytes.subarray(0, 32)])),
    expect: INVALID,
  },
  'little-endian': {
    why: 'Both scalars with their bytes reversed.',
    input: withSignature(
      Buffer.concat([signatureBytes.subarray(0, 32).toReversed(), signatureBytes.subarray(32).toReversed()]),
    ),
    expect: INVALID,
  },
  'of-another-card': {
    why: 'A good signature, of other bytes.',
    input: `${header}.${payload}.${partsOf(card(key, { exp: 1_790_000_000 }))[2]}`,
    expect: INVALID,
  },
  'by-another-key': {
    why: 'A stranger signs under the kid of a trusted key.',
    input: card({ ...KEYS.stranger, kid: key.kid }),
    expect: INVALID,
    checks: { signature: 'failed', issuer: 'not-run', validity: 'not-run' },
  },
  'payload-changed': {
    why: 'One bit of the payload.',
    input: `${header}.${base64url(flipped(Buffer.from(payload, 'base64url')))}.${signature}`,
    expect: INVALID,
  },
  'over-inflated-payload': {
    why: 'What is signed are the compressed bytes, not what they inflate to.',
    section: 'SMART Health Cards, "Signing Health Cards"',
    input: withSignature(
      signEs256(key.d, Buffer.from(`${header}.${base64url(JSON.stringify(cardPayload()))}`)),
    ),
    expect: INVALID,
  },
  'over-payload-alone': {
    why: 'The header is signed too.',
    section: 'RFC 7515 §5.1',
    input: withSignature(signEs256(key.d, Buffer.from(payload))),
    expect: INVALID,
  },
  'hashed-twice': {
    why: 'A signature over the hash of the signing input.',
    input: withSignature(signEs256(key.d, createHash('sha256').update(`${header}.${payload}`).digest())),
    expect: INVALID,
  },
  'stored-for-compressed': {
    why: 'The same payload deflated in another way is not what was signed.',
    input: `${header}.${base64url(deflateStored(JSON.stringify(cardPayload())))}.${signature}`,
    expect: INVALID,
  },
});

function flipped(bytes: Buffer): Buffer {
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  return bytes;
}
