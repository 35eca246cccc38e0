import { card, cardPayload, pass, passPayload } from '../cards.ts';
import { cardHeader, compactJws, deflate, digitsOf, partsOf } from '../jws.ts';
import { NOW } from '../moments.ts';
import { KEYS } from '../trust.ts';
import { folder } from '../vector.ts';

const key = KEYS.plain;
const MALFORMED = 'unreadable: MALFORMED';
const UNSUPPORTED = 'unreadable: UNSUPPORTED_FORMAT';
const INCOMPLETE = 'unreadable: INCOMPLETE_QR';
const VALID = 'accepted: VALID';

const good = card(key);
const digits = digitsOf(good);
const code = `shc:/${digits}`;
const scanned = (...codes: readonly string[]): { codes: readonly string[] } => ({ codes });

/** A JWS cut into that many chunks, as its QR codes say it. */
function chunksOf(jws: string, total: number): readonly string[] {
  const size = Math.ceil(jws.length / total);
  return Array.from({ length: total }, (_, n) => {
    return `shc:/${n + 1}/${total}/${digitsOf(jws.slice(n * size, (n + 1) * size))}`;
  });
}

const [first = '', second = ''] = chunksOf(good, 2);
const three = chunksOf(good, 3);
const [otherFirst = '', otherSecond = ''] = chunksOf(card(key, { exp: NOW - 1 }), 2);
const [, strangeSecond = ''] = chunksOf(card(KEYS.stranger), 2);

/** Header and payload of one card, signature of the other, each a chunk of its own card. */
function mixed(): readonly [string, string] {
  const [header, payload] = partsOf(good);
  const other = partsOf(card(key, { exp: 1_790_000_000 }));
  return [`shc:/1/2/${digitsOf(`${header}.${payload}.`)}`, `shc:/2/2/${digitsOf(other[2])}`];
}

/** A signed card or Pass whose JWS has that many characters, by white space behind it and a member of its header. */
function ofLength(length: number, payload: object): string {
  for (let spaces = 0; spaces < 99; spaces++) {
    const bytes = deflate(JSON.stringify(payload) + ' '.repeat(spaces));
    for (let filler = 0; filler < length; filler++) {
      const jws = compactJws({
        key,
        header: cardHeader(key, { filler: 'x'.repeat(filler) }),
        payload: bytes,
        signature: () => Buffer.alloc(64),
      });
      if (jws.length > length) break;
      if (jws.length === length) {
        return compactJws({ key, header: cardHeader(key, { filler: 'x'.repeat(filler) }), payload: bytes });
      }
    }
  }
  throw new Error(`There is no card of ${length} characters.`);
}

export const QR = folder('qr/code', 'SMART Health Cards, "Encoding Chunks as QR Codes"', {
  'health-card': { why: 'The text of an ordinary QR code.', input: scanned(code), expect: VALID },
  pass: {
    why: 'A Pass under its own scheme.',
    input: scanned(`pratique:/${digitsOf(pass(key))}`),
    expect: VALID,
  },
  'pass-under-shc': {
    why: 'A Pass that a health-card reader would take for a card.',
    input: scanned(`shc:/${digitsOf(pass(key))}`),
    expect: MALFORMED,
  },
  'health-card-under-pratique': {
    why: 'A health card that calls itself a Pass.',
    input: scanned(`pratique:/${digits}`),
    expect: MALFORMED,
  },
  'two-codes': {
    why: 'Each whole code is a card of its own.',
    input: scanned(code, `pratique:/${digitsOf(pass(key, { exp: 1 }))}`),
    expect: [VALID, 'rejected: EXPIRED'],
  },
  'scheme-upper-case': {
    why: 'Schemes are written in lower case; SHC:/ is what an alphanumeric QR segment would hold.',
    input: scanned(`SHC:/${digits}`),
    expect: UNSUPPORTED,
  },
  'scheme-other': {
    why: 'A QR code of another kind.',
    input: scanned(`hc1:/${digits}`),
    expect: UNSUPPORTED,
  },
  link: { why: 'A web address.', input: scanned('https://example.org/card'), expect: UNSUPPORTED },
  'odd-digits': { why: 'Half a character.', input: scanned(code.slice(0, -1)), expect: MALFORMED },
  'no-digits': { why: 'Nothing behind the scheme.', input: scanned('shc:/'), expect: MALFORMED },
  'pair-over-77': { why: 'No character has this number.', input: scanned(`${code}78`), expect: MALFORMED },
  'pair-of-no-jws-character': {
    why: 'A slash can be written in digits, and is in no JWS.',
    input: scanned(`${code}02`),
    expect: MALFORMED,
  },
  letters: { why: 'The JWS itself behind the scheme.', input: scanned(`shc:/${good}`), expect: MALFORMED },
  'space-inside': {
    why: 'A digit is missing where the scanner put a space.',
    input: scanned(`${code.slice(0, 11)} ${code.slice(12)}`),
    expect: MALFORMED,
  },
  'digits-of-another-script': {
    why: 'Full-width digits are no digits here.',
    input: scanned(`${code}１２`),
    expect: MALFORMED,
  },
  'two-slashes': { why: 'shc:// is another address.', input: scanned(`shc://${digits}`), expect: MALFORMED },
  'jws-of-1195-characters': {
    why: 'The longest JWS that one QR code of version 22 holds.',
    section: 'SMART Health Cards, "Health Cards are Small"',
    input: scanned(`shc:/${digitsOf(ofLength(1195, cardPayload()))}`),
    expect: VALID,
  },
  'jws-of-1196-characters': {
    why: 'A larger QR code than we write is read all the same.',
    section: 'SMART Health Cards, "Health Cards are Small"',
    input: scanned(`shc:/${digitsOf(ofLength(1196, cardPayload()))}`),
    expect: VALID,
  },
  'pass-of-1189-characters': {
    why: 'The longest Pass that one QR code of version 22 holds.',
    section: 'Profiles: Pass',
    input: scanned(`pratique:/${digitsOf(ofLength(1189, passPayload()))}`),
    expect: VALID,
  },
  'pass-of-1190-characters': {
    why: 'A larger QR code than we write is read all the same.',
    section: 'Profiles: Pass',
    input: scanned(`pratique:/${digitsOf(ofLength(1190, passPayload()))}`),
    expect: VALID,
  },
  forged: {
    why: 'A card of somebody’s own making.',
    input: scanned(`shc:/${digitsOf(card(KEYS.stranger))}`),
    expect: 'rejected: ISSUER_UNKNOWN',
  },
});

export const QR_CHUNKS = folder(
  'qr/chunks',
  'SMART Health Cards, "Encoding Chunks as QR Codes" (deprecated)',
  {
    two: { why: 'Two chunks in order.', input: scanned(first, second), expect: VALID },
    'two-reversed': { why: 'Two chunks in the other order.', input: scanned(second, first), expect: VALID },
    'three-shuffled': {
      why: 'Three chunks in any order.',
      input: scanned(three[2] ?? '', three[0] ?? '', three[1] ?? ''),
      expect: VALID,
    },
    'one-of-one': { why: 'A single chunk that is all.', input: scanned(`shc:/1/1/${digits}`), expect: VALID },
    'one-read-twice': {
      why: 'A camera sees the same chunk many times.',
      input: scanned(first, first, second),
      expect: VALID,
    },
    'one-missing': { why: 'The second chunk was not scanned.', input: scanned(first), expect: INCOMPLETE },
    'middle-missing': {
      why: 'The second of three was not scanned.',
      input: scanned(three[0] ?? '', three[2] ?? ''),
      expect: INCOMPLETE,
    },
    'of-two-cards': {
      why: 'One card’s content and the other’s signature: never a third card.',
      input: scanned(...mixed()),
      expect: 'rejected: SIGNATURE_INVALID',
    },
    'of-different-totals': {
      why: 'A chunk of two and a chunk of three are not of one card.',
      input: scanned(first, three[1] ?? ''),
      expect: [INCOMPLETE, INCOMPLETE],
    },
    'two-cards-in-turn': {
      why: 'The chunks of one card, then those of the other.',
      input: scanned(second, first, otherFirst, otherSecond),
      expect: [VALID, 'rejected: EXPIRED'],
    },
    'two-cards-mixed': {
      why: 'The chunks of two cards as a camera meets them: which belong together the signatures say.',
      input: scanned(first, otherFirst, second, otherSecond),
      expect: [VALID, 'rejected: EXPIRED'],
    },
    'two-cards-mixed-and-read-twice': {
      why: 'A camera that goes back and forth.',
      input: scanned(first, second, otherSecond, first, otherFirst, second),
      expect: [VALID, 'rejected: EXPIRED'],
    },
    'two-cards-mixed-one-missing': {
      why: 'A chunk is missing, and what is left of its card is not called forged.',
      input: scanned(otherFirst, first, second),
      expect: [INCOMPLETE, VALID],
    },
    'two-cards-mixed-one-forged': {
      why: 'No chunk of a stranger’s card completes another, and no card of a stranger’s is whole.',
      input: scanned(first, otherFirst, strangeSecond),
      expect: [INCOMPLETE, INCOMPLETE],
    },
    'of-two-and-of-three-mixed': {
      why: 'How many there are tells the cards apart.',
      input: scanned(otherFirst, three[1] ?? '', otherSecond, three[0] ?? '', three[2] ?? ''),
      expect: ['rejected: EXPIRED', VALID],
    },
    'between-whole-codes': {
      why: 'A whole card scanned in between does not become part of the other.',
      input: scanned(first, code),
      expect: [INCOMPLETE, VALID],
    },
    'index-zero': {
      why: 'Chunks are counted from 1.',
      input: scanned(first.replace('/1/2/', '/0/2/')),
      expect: MALFORMED,
    },
    'index-over-total': {
      why: 'The third of two.',
      input: scanned(first.replace('/1/2/', '/3/2/')),
      expect: MALFORMED,
    },
    'leading-zero': {
      why: 'One number, one text.',
      input: scanned(first.replace('/1/2/', '/01/2/')),
      expect: MALFORMED,
    },
    'total-99': {
      why: 'As many chunks as a card may have; 97 are missing.',
      input: scanned(first.replace('/1/2/', '/1/99/'), second.replace('/2/2/', '/99/99/')),
      expect: INCOMPLETE,
    },
    'total-100': {
      why: 'More chunks than any card has.',
      input: scanned(first.replace('/1/2/', '/1/100/')),
      expect: MALFORMED,
    },
    'total-alone': { why: 'A place without a total.', input: scanned(`shc:/1/${digits}`), expect: MALFORMED },
    'under-pratique': {
      why: 'A Pass fits one code: there are no chunks of it.',
      input: scanned(first.replace('shc', 'pratique')),
      expect: MALFORMED,
    },
  },
);
