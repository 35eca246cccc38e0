import { gzip, deflate as zlibDeflate } from 'pako';
import { card, cardPayload } from '../cards.ts';
import { base64url, cardOfText, compactJws, deflate, deflateStored, partsOf } from '../jws.ts';
import { KEYS } from '../trust.ts';
import { folder } from '../vector.ts';

const key = KEYS.plain;
const MALFORMED = 'unreadable: MALFORMED';
const VALID = 'accepted: VALID';

const json = JSON.stringify(cardPayload());
const compressed = deflate(json);
const signed = (payload: Uint8Array): string => compactJws({ key, payload });

/** The payload with white space behind it, so that it has that many bytes. */
const paddedTo = (bytes: number): string => json.padEnd(bytes, ' ');

/** 512 KiB of zeros in some 500 bytes: no larger than the payload of an ordinary QR code. */
const BOMB = deflate(new Uint8Array(524_288));

function withBit(bytes: Uint8Array, index: number, bits: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ bits;
  return copy;
}

/** A block that is not the last, with the first half, and a last one with the rest. */
function inTwoBlocks(): Uint8Array {
  const half = Math.floor(json.length / 2);
  return Buffer.concat([deflateStored(json.slice(0, half), { last: false }), deflate(json.slice(half))]);
}

function unsigned(payload: Uint8Array): string {
  const [header, , signature] = partsOf(card(key));
  return `${header}.${base64url(payload)}.${signature}`;
}

export const DEFLATE = folder('deflate', 'RFC 1951', {
  dynamic: {
    why: 'A block with codes of its own, as most cards are compressed.',
    section: 'RFC 1951 §3.2.7',
    input: signed(compressed),
    expect: VALID,
  },
  fixed: {
    why: 'A block with the fixed codes.',
    section: 'RFC 1951 §3.2.6',
    input: signed(deflate(json, 'fixed')),
    expect: VALID,
  },
  stored: {
    why: 'A block without compression.',
    section: 'RFC 1951 §3.2.4',
    input: signed(deflateStored(json)),
    expect: VALID,
  },
  'two-blocks': {
    why: 'A stored block, then a compressed one.',
    section: 'RFC 1951 §3.2.3',
    input: signed(inTwoBlocks()),
    expect: VALID,
  },
  'empty-last-block': {
    why: 'What a flush leaves behind: the text, then an empty block that is the last.',
    section: 'RFC 1951 §3.2.3',
    input: signed(Buffer.concat([deflateStored(json, { last: false }), deflateStored('')])),
    expect: VALID,
  },
  'zlib-wrapper': {
    why: 'zlib’s header and checksum: another format.',
    section: 'RFC 1950',
    input: signed(zlibDeflate(Buffer.from(json))),
    expect: MALFORMED,
  },
  'gzip-wrapper': {
    why: 'gzip’s header and checksum: another format.',
    section: 'RFC 1952',
    input: signed(gzip(Buffer.from(json))),
    expect: MALFORMED,
  },
  'not-compressed': {
    why: 'The header says DEF; the payload is plain JSON.',
    input: signed(Buffer.from(json)),
    expect: MALFORMED,
  },
  'trailing-byte': {
    why: 'A byte behind the last block: signed, and read by nobody.',
    input: signed(Buffer.concat([compressed, Buffer.of(0)])),
    expect: MALFORMED,
  },
  'trailing-stream': {
    why: 'A second card behind the first.',
    input: signed(Buffer.concat([compressed, compressed])),
    expect: MALFORMED,
  },
  'cut-short': {
    why: 'The last bytes are missing.',
    input: signed(compressed.subarray(0, -4)),
    expect: MALFORMED,
  },
  'no-last-block': {
    why: 'All the text is there, but no block says that it is the last.',
    section: 'RFC 1951 §3.2.3',
    input: signed(deflateStored(json, { last: false })),
    expect: MALFORMED,
  },
  'reserved-block-type': {
    why: 'Block type 3 does not exist.',
    section: 'RFC 1951 §3.2.3',
    input: signed(Buffer.of(0b111)),
    expect: MALFORMED,
  },
  'stored-length-wrong': {
    why: 'A stored block’s length and its complement disagree.',
    section: 'RFC 1951 §3.2.4',
    input: signed(withBit(deflateStored(json), 3, 1)),
    expect: MALFORMED,
  },
  'stored-cut-short': {
    why: 'A stored block that promises more bytes than follow.',
    section: 'RFC 1951 §3.2.4',
    input: signed(deflateStored(json).subarray(0, -1)),
    expect: MALFORMED,
  },
  'distance-too-far': {
    why: 'A copy from before the beginning of the text: length 3, distance 1, and nothing there yet.',
    section: 'RFC 1951 §3.2.5',
    // Fixed codes, least significant bit first: last block, type 1, length code 257, distance code 0, end of block.
    input: signed(Buffer.of(0x03, 0x02, 0x00)),
    expect: MALFORMED,
  },
  'too-many-codes': {
    why: 'A block that announces 288 literal codes, where 286 exist.',
    section: 'RFC 1951 §3.2.7',
    input: signed(Buffer.concat([Buffer.of(0b11111101), Buffer.alloc(16)])),
    expect: MALFORMED,
  },
  'inflates-to-262144': {
    why: 'The most that a card may inflate to, 256 KiB.',
    section: 'Limits: 256 KiB a card',
    input: cardOfText(key, paddedTo(262_144)),
    expect: VALID,
  },
  'inflates-to-262145': {
    why: 'One byte more.',
    section: 'Limits: 256 KiB a card',
    input: cardOfText(key, paddedTo(262_145)),
    expect: 'unreadable: TOO_LARGE',
    checks: { signature: 'passed' },
  },
  'bomb-signed': {
    why: 'A trusted key signs a thousandfold expansion: inflating stops at the limit.',
    section: 'Limits: 256 KiB a card',
    input: signed(BOMB),
    expect: 'unreadable: TOO_LARGE',
  },
  'bomb-unsigned': {
    why: 'The same without a good signature is never inflated.',
    section: 'Verification order',
    input: unsigned(BOMB),
    expect: 'rejected: SIGNATURE_INVALID',
  },
  'bomb-of-a-stranger': {
    why: 'The same under a key that nobody trusts is not even verified.',
    section: 'Verification order',
    input: compactJws({ key: KEYS.stranger, payload: BOMB }),
    expect: 'rejected: ISSUER_UNKNOWN',
    checks: { signature: 'not-run' },
  },
});
