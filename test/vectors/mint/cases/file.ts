import { deflate as zlibDeflate } from 'pako';
import { renderQrPng } from '../../../../credential/qr.ts';
import type { VectorInput } from '../../../support/vectors.ts';
import {
  enlarged,
  inverted,
  jpegOf,
  jpegSegment,
  modulesOf,
  pngWith,
  sideBySide,
} from '../../../support/pictures.ts';
import type { Picture } from '../../../support/pictures.ts';
import { card, pass, ridOf } from '../cards.ts';
import { digitsOf } from '../jws.ts';
import { NOW } from '../moments.ts';
import { KEYS } from '../trust.ts';
import { vc } from '../vc.ts';
import { folder } from '../vector.ts';

const key = KEYS.plain;
const MALFORMED = 'unreadable: MALFORMED';
const VALID = 'accepted: VALID';

const good = card(key);
const expired = card(key, { exp: NOW - 1 });
const revoked = card(KEYS.bits, {}, { rid: ridOf(9) });

function file(name: string, content: string | Uint8Array, paddedTo?: number): VectorInput {
  const base64 = Buffer.from(content).toString('base64');
  return { file: { name, base64, ...(paddedTo === undefined ? {} : { paddedTo }) } };
}

const cardFile = (verifiableCredential: unknown, members: object = {}): VectorInput =>
  file('card.smart-health-card', JSON.stringify({ verifiableCredential, ...members }));

export const CARD_FILE = folder('file/cards', 'SMART Health Cards, "via File Download"', {
  one: { why: 'A file of one card.', input: cardFile([good]), expect: VALID },
  several: {
    why: 'One answer for each card, in their order.',
    input: cardFile([good, expired, revoked, vc(key)]),
    expect: [VALID, 'rejected: EXPIRED', 'rejected: REVOKED', VALID],
  },
  'one-of-them-broken': {
    why: 'A card that cannot be read does not take the others with it.',
    input: cardFile([good, 'no card', expired]),
    expect: [VALID, MALFORMED, 'rejected: EXPIRED'],
  },
  'twice-the-same': {
    why: 'One answer for each, the same or not.',
    input: cardFile([good, good]),
    expect: [VALID, VALID],
  },
  'other-members-ignored': {
    why: 'Members that nobody knows are ignored.',
    input: cardFile([good], { name: 'My cards' }),
    expect: VALID,
  },
  'newline-at-the-end': {
    why: 'As editors leave it.',
    input: file('card.smart-health-card', `${JSON.stringify({ verifiableCredential: [good] }, null, 2)}\n`),
    expect: VALID,
  },
  none: { why: 'A file without a card.', input: cardFile([]), expect: MALFORMED },
  'text-for-list': { why: 'A list, even of one.', input: cardFile(good), expect: MALFORMED },
  'number-among-cards': { why: 'A card is a text.', input: cardFile([good, 1]), expect: MALFORMED },
  'empty-text-among-cards': {
    why: 'An empty text is no card.',
    input: cardFile([good, '']),
    expect: MALFORMED,
  },
  'qr-text-among-cards': {
    why: 'The text of a QR code is not what a file holds.',
    input: cardFile([`shc:/${digitsOf(good)}`]),
    expect: MALFORMED,
  },
  'member-missing': {
    why: 'JSON of another kind.',
    input: file('card.smart-health-card', '{"credentials":[]}'),
    expect: MALFORMED,
  },
  'duplicate-member': {
    why: 'Two readers take two cards from it.',
    section: 'RFC 8259 §4',
    input: file(
      'card.smart-health-card',
      `{"verifiableCredential":["${good}"],"verifiableCredential":["${expired}"]}`,
    ),
    expect: MALFORMED,
  },
  'byte-order-mark': {
    why: 'The mark before the brace: no card and no JSON.',
    section: 'RFC 8259 §8.1',
    input: file('cards.txt', Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from('eyJ')])),
    expect: MALFORMED,
  },
  'cut-short': {
    why: 'A download that broke off.',
    input: file('card.smart-health-card', `{"verifiableCredential":["${good}"`),
    expect: MALFORMED,
  },
});

export const TEXT_FILE = folder('file/text', 'Interfaces, INPUT', {
  jws: { why: 'A JWS with a line break behind it.', input: file('card.jws', `${good}\n`), expect: VALID },
  'several-lines': {
    why: 'Each line is a credential or the text of a code; empty lines say nothing.',
    input: file('cards.txt', `${good}\r\n\r\npratique:/${digitsOf(pass(key))}\r\n${vc(key)}\r\n${expired}`),
    expect: [VALID, VALID, VALID, 'rejected: EXPIRED'],
  },
  prose: {
    why: 'A text that is no card.',
    input: file('letter.txt', 'Dear Sir or Madam'),
    expect: MALFORMED,
  },
  empty: { why: 'An empty file.', input: file('empty.txt', ''), expect: MALFORMED },
  'white-space': { why: 'A file of nothing to see.', input: file('blank.txt', ' \n\t\n'), expect: MALFORMED },
  'not-utf8': {
    why: 'Bytes that are no text.',
    input: file('bytes.bin', Buffer.of(0xff, 0xfe, 0, 1)),
    expect: MALFORMED,
  },
  '5000000-bytes': {
    why: 'The largest file of text that is read: a card and white space.',
    section: 'Limits: 5,000,000 bytes a file',
    input: file('card.jws', good, 5_000_000),
    expect: VALID,
  },
  '5000001-bytes': {
    why: 'One byte more.',
    section: 'Limits: 5,000,000 bytes a file',
    input: file('card.jws', good, 5_000_001),
    expect: 'unreadable: TOO_LARGE',
  },
  'not-there': {
    why: 'A file that does not exist.',
    section: 'Decision codes, INPUT_NOT_FOUND',
    input: { file: { name: 'no-such-file.smart-health-card' } },
    expect: 'unreadable: INPUT_NOT_FOUND',
  },
});

// ------------------------------------------------------------------------------------------------------- pictures

/** The QR code of a card, four pixels a module: as small as it is read without trouble. */
async function pictureOf(jws: string, scheme: 'shc' | 'pratique'): Promise<Picture> {
  return enlarged(modulesOf(await renderQrPng(jws, scheme)), 4);
}

/** A greyscale PNG, compressed by pako: the same bytes on every machine. */
function png({ width, height, at }: Picture): Uint8Array {
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = at(x, y);
  return pngWith(width, height, zlibDeflate(rows, { level: 9 }));
}

const picture = await pictureOf(good, 'shc');
const passPicture = await pictureOf(pass(key), 'pratique');
const blank: Picture = { width: 200, height: 200, at: () => 255 };
const quarterTurn: Picture = { ...picture, at: (x, y) => picture.at(y, picture.width - 1 - x) };
const jpeg = jpegOf(modulesOf(await renderQrPng(good, 'shc')));

/** The JPEG with that many more scans, each of them empty. */
function withScans(count: number): Uint8Array {
  const scan = jpegSegment(0xda, [1, 1, 0, 0, 63, 0]);
  const scans = Array.from({ length: count }, () => scan).flat();
  return Buffer.concat([jpeg.subarray(0, -2), Buffer.from(scans), jpeg.subarray(-2)]);
}

export const PICTURE = folder('file/picture', 'Interfaces, INPUT: QR picture', {
  png: { why: 'A screenshot.', input: file('card.png', png(picture)), expect: VALID },
  jpeg: { why: 'A photograph.', input: file('card.jpg', jpeg), expect: VALID },
  'png-pass': { why: 'A Pass.', input: file('pass.png', png(passPicture)), expect: VALID },
  inverted: {
    why: 'Light on dark, as on some screens.',
    input: file('card.png', png(inverted(picture))),
    expect: VALID,
  },
  turned: { why: 'Held sideways.', input: file('card.png', png(quarterTurn)), expect: VALID },
  'two-codes': {
    why: 'Two cards side by side: two answers.',
    input: file('cards.png', png(sideBySide(picture, passPicture))),
    expect: [VALID, VALID],
  },
  'by-its-bytes': {
    why: 'What a file is, its first bytes say and not its name.',
    input: file('card.txt', png(picture)),
    expect: VALID,
  },
  'without-code': {
    why: 'A picture of nothing.',
    input: file('blank.png', png(blank)),
    expect: 'unreadable: UNSUPPORTED_FORMAT',
  },
  'cut-short': {
    why: 'A damaged picture.',
    input: file('cut.png', png(picture).subarray(0, 60)),
    expect: MALFORMED,
  },
  'over-40-megapixels': {
    why: 'A few bytes that declare a picture of 100 megapixels.',
    section: 'Limits: 40 megapixels a picture',
    input: file('large.png', pngWith(10_000, 10_000, zlibDeflate(new Uint8Array(100)))),
    expect: 'unreadable: TOO_LARGE',
  },
  '40-megapixels-cut-short': {
    why: 'The largest picture that is looked at, whose rows are not all there.',
    section: 'Limits: 40 megapixels a picture',
    input: file('large.png', pngWith(8_000, 5_000, zlibDeflate(new Uint8Array(100)))),
    expect: MALFORMED,
  },
  '40-megapixels-and-a-row': {
    why: 'One row more.',
    section: 'Limits: 40 megapixels a picture',
    input: file('large.png', pngWith(8_000, 5_001, zlibDeflate(new Uint8Array(100)))),
    expect: 'unreadable: TOO_LARGE',
  },
  'inflating-beyond-its-size': {
    why: 'A picture of 8 by 8 pixels whose data inflate to half a megabyte.',
    section: 'Limits: 40 megapixels a picture',
    input: file('bomb.png', pngWith(8, 8, zlibDeflate(new Uint8Array(524_288), { level: 9 }))),
    expect: 'unreadable: TOO_LARGE',
  },
  'jpeg-of-64-scans': {
    why: 'As many as are looked at, of which the empty ones leave no code to be seen.',
    section: 'Limits: 64 scans a picture',
    input: file('scans.jpg', withScans(63)),
    expect: 'unreadable: UNSUPPORTED_FORMAT',
  },
  'jpeg-of-65-scans': {
    why: 'Each scan costs a pass over the whole picture.',
    section: 'Limits: 64 scans a picture',
    input: file('scans.jpg', withScans(64)),
    expect: 'unreadable: TOO_LARGE',
  },
});
