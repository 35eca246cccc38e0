import { cardPayload, HEALTH_CARD, RECORD, recordOf, PATIENT } from '../cards.ts';
import { cardOfText } from '../jws.ts';
import { KEYS } from '../trust.ts';
import { folder } from '../vector.ts';

const key = KEYS.plain;
const MALFORMED = 'unreadable: MALFORMED';
const VALID = 'accepted: VALID';

const json = JSON.stringify(cardPayload());
const signed = (text: string | Uint8Array): string => cardOfText(key, text);
/** The payload with this text as its first members. */
const begunWith = (members: string): string => signed(json.replace('{', `{${members},`));
const bytes = (...parts: readonly (string | number)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));

/** A member whose value nests arrays, so that the whole payload is that deep. */
const deep = (depth: number): string => `"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}`;

/** A card of a person of that family name, as JSON would write it. */
const named = (family: string): string => signed(json.replace('"Nobody"', family));

export const JSON_STRICT = folder('json', 'RFC 8259', {
  'duplicate-member': {
    why: 'Two readers take two issuers from it.',
    section: 'RFC 8259 §4',
    input: begunWith('"iss":"https://second.example"'),
    expect: MALFORMED,
    checks: { signature: 'passed', issuer: 'not-run' },
  },
  'duplicate-nested': {
    why: 'Twice in an object further down.',
    section: 'RFC 8259 §4',
    input: signed(json.replace('"vc":{', '"vc":{"rid":"a","rid":"b",')),
    expect: MALFORMED,
  },
  'duplicate-in-a-list': {
    why: 'Twice in an object in a list.',
    section: 'RFC 8259 §4',
    input: signed(json.replace('"family"', '"family":"Somebody","family"')),
    expect: MALFORMED,
  },
  'duplicate-escaped': {
    why: 'The same name twice, once in escapes.',
    section: 'RFC 8259 §8.3',
    input: begunWith(String.raw`"exp":1790000000,"\u0065xp":1`),
    expect: MALFORMED,
  },
  'duplicate-same-value': {
    why: 'Twice is refused even where both say the same.',
    section: 'RFC 8259 §4',
    input: begunWith('"iss":"https://issuer.example/pratique"'),
    expect: MALFORMED,
  },
  'proto-member-ignored': {
    why: 'A member of that name must not become what the payload inherits from.',
    input: begunWith('"__proto__":{"exp":1}'),
    expect: VALID,
  },
  'iss-inherited': {
    why: 'An issuer under __proto__ is no issuer.',
    input: signed(
      json.replace(
        '"iss":"https://issuer.example/pratique"',
        '"__proto__":{"iss":"https://issuer.example/pratique"}',
      ),
    ),
    expect: MALFORMED,
  },
  'byte-order-mark': {
    why: 'Some readers skip it, some do not.',
    section: 'RFC 8259 §8.1',
    input: signed(`\uFEFF${json}`),
    expect: MALFORMED,
  },
  utf16: {
    why: 'JSON is UTF-8.',
    section: 'RFC 8259 §8.1',
    input: signed(Buffer.from(json, 'utf16le')),
    expect: MALFORMED,
  },
  'utf8-lone-byte': {
    why: 'A byte that begins no character.',
    section: 'RFC 3629 §3',
    input: begunWithBytes(0xff),
    expect: MALFORMED,
  },
  'utf8-overlong': {
    why: 'An overlong quotation mark would end the text for some readers.',
    section: 'RFC 3629 §3',
    input: begunWithBytes(0xc0, 0xa2),
    expect: MALFORMED,
  },
  'utf8-surrogate': {
    why: 'Half a surrogate pair in bytes is no character.',
    section: 'RFC 3629 §3',
    input: begunWithBytes(0xed, 0xa0, 0x80),
    expect: MALFORMED,
  },
  'utf8-beyond-unicode': {
    why: 'There is no character after U+10FFFF.',
    section: 'RFC 3629 §3',
    input: begunWithBytes(0xf4, 0x90, 0x80, 0x80),
    expect: MALFORMED,
  },
  'lone-high-surrogate': {
    why: 'Half a pair in an escape: readers disagree what it is.',
    section: 'RFC 7493 §2.1',
    input: named(String.raw`"Nobody\ud83d"`),
    expect: MALFORMED,
  },
  'lone-low-surrogate': {
    why: 'The other half.',
    section: 'RFC 7493 §2.1',
    input: named(String.raw`"\uDE00Nobody"`),
    expect: MALFORMED,
  },
  'lone-surrogate-in-a-name': {
    why: 'Half a pair in a member’s name.',
    section: 'RFC 7493 §2.1',
    input: begunWith(String.raw`"\ud83d":1`),
    expect: MALFORMED,
  },
  'surrogate-pair': {
    why: 'A whole pair in escapes is a character like any other.',
    section: 'RFC 8259 §7',
    input: named(String.raw`"Nobody \ud83d\ude00"`),
    expect: VALID,
  },
  'structure-in-a-text': {
    why: 'Brackets, colons and escaped quotation marks inside a text are text.',
    section: 'RFC 8259 §7',
    input: named(String.raw`"\"}]:{[\\"`),
    expect: VALID,
  },
  'trailing-text': {
    why: 'A second object behind the first.',
    input: signed(`${json}{}`),
    expect: MALFORMED,
  },
  'trailing-nul': {
    why: 'What a C reader takes for the end.',
    input: signed(`${json}\0`),
    expect: MALFORMED,
  },
  'white-space-around': {
    why: 'White space before and after the value is allowed, and signed.',
    section: 'RFC 8259 §2',
    input: signed(` \r\n\t${json} \n`),
    expect: VALID,
  },
  'white-space-inside': {
    why: 'An issuer who did not minify is read all the same.',
    section: 'RFC 8259 §2',
    input: signed(JSON.stringify(cardPayload(), null, 2)),
    expect: VALID,
  },
  'no-break-space': {
    why: 'White space of another kind is none.',
    section: 'RFC 8259 §2',
    input: signed(`\u00A0${json}`),
    expect: MALFORMED,
  },
  'depth-32': {
    why: 'As deep as may be.',
    section: 'Limits: 32 levels',
    input: begunWith(deep(32)),
    expect: VALID,
  },
  'depth-33': {
    why: 'One level more.',
    section: 'Limits: 32 levels',
    input: begunWith(deep(33)),
    expect: MALFORMED,
  },
  'depth-100000': {
    why: 'Deep enough to overflow the stack of a reader that recurses.',
    section: 'Limits: 32 levels',
    input: begunWith(deep(100_000)),
    expect: MALFORMED,
  },
  comment: { why: 'JSON has no comments.', input: signed(`/* */${json}`), expect: MALFORMED },
  'trailing-comma': {
    why: 'A comma before the closing brace.',
    input: signed(json.replace(/\}$/, ',}')),
    expect: MALFORMED,
  },
  'single-quotes': { why: 'Texts stand in double quotes.', input: begunWith("'x':1"), expect: MALFORMED },
  'name-without-quotes': { why: 'Names stand in quotes.', input: begunWith('x:1'), expect: MALFORMED },
  nan: {
    why: 'NaN is no number of JSON.',
    section: 'RFC 8259 §6',
    input: begunWith('"x":NaN'),
    expect: MALFORMED,
  },
  'leading-zero': {
    why: '01 is 1 to some and an error to others.',
    section: 'RFC 8259 §6',
    input: begunWith('"x":01'),
    expect: MALFORMED,
  },
  hexadecimal: {
    why: 'Numbers are decimal.',
    section: 'RFC 8259 §6',
    input: begunWith('"x":0x1'),
    expect: MALFORMED,
  },
  'control-character': {
    why: 'A line break inside a text must be escaped.',
    section: 'RFC 8259 §7',
    input: begunWith('"x":"a\nb"'),
    expect: MALFORMED,
  },
  'unknown-escape': {
    why: 'There is no escape \\x.',
    section: 'RFC 8259 §7',
    input: begunWith(String.raw`"x":"\x41"`),
    expect: MALFORMED,
  },
  empty: { why: 'No value at all, well compressed.', input: signed(''), expect: MALFORMED },
  array: { why: 'A payload is an object.', input: signed(`[${json}]`), expect: MALFORMED },
  null: { why: 'A payload is an object.', input: signed('null'), expect: MALFORMED },
  text: { why: 'A payload is an object.', input: signed(JSON.stringify(json)), expect: MALFORMED },
  'number-with-exponent': {
    why: 'A time may be written with an exponent: it is the same number.',
    section: 'RFC 8259 §6',
    input: signed(json.replace(/"nbf":\d+/, '"nbf":1.7799136E9')),
    expect: VALID,
  },
  'number-beyond-range': {
    why: 'A number too large for a double must not become "no end".',
    section: 'RFC 8259 §6',
    input: begunWith('"exp":1e400'),
    expect: MALFORMED,
  },
  'number-beyond-range-elsewhere': {
    why: 'What JSON cannot say again is not taken, even where nobody looks at it.',
    section: 'RFC 7493 §2.2',
    input: signed(json.replace('"type":"collection"', '"type":"collection","total":-1E+400')),
    expect: MALFORMED,
  },
  'unknown-members-ignored': {
    why: 'Members that nobody knows, of the payload, the vc and its subject, are ignored in a health card.',
    section: 'SMART Health Cards, "Modeling W3C Verifiable Credentials in Health Cards"',
    input: signed(
      JSON.stringify(
        cardPayload(
          { jti: '1' },
          { type: [HEALTH_CARD], note: 1, credentialSubject: { ...RECORD, note: 1, ...recordOf(PATIENT) } },
        ),
      ),
    ),
    expect: VALID,
  },
});

/** A first member whose text ends in those bytes. */
function begunWithBytes(...ends: readonly number[]): string {
  return signed(bytes('{"x":"', ...ends, '",', json.slice(1)));
}
