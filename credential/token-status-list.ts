import { deflate } from 'pako';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { FormatError } from './errors.ts';
import { checkTextLength, inflateList } from './inflate.ts';
import { isJsonObject } from './json.ts';
import type { ListLimits } from './list-header.ts';
import { StatusList } from './status-list.ts';

/** How many bits a status has (IETF Token Status List, "Compressed Byte Array"). */
const BITS = [1, 2, 4, 8] as const;
export type StatusBits = (typeof BITS)[number];

/** A status list as JSON carries it: the bits of a status, and the statuses compressed, in base64url. */
export interface TokenStatusListJson {
  readonly bits: StatusBits;
  readonly lst: string;
}

/**
 * A status list of the IETF Token Status List draft: numbers of 1, 2, 4 or 8 bits, packed into bytes from the least
 * significant bit on.
 */
export class TokenStatusList {
  readonly bits: StatusBits;
  readonly #bytes: Uint8Array;

  /** The list whose statuses are packed in those bytes, which are copied; throws RangeError unless bits are 1, 2, 4 or 8. */
  constructor(bits: StatusBits, bytes: Uint8Array) {
    if (!BITS.includes(bits)) throw new RangeError('A status has 1, 2, 4 or 8 bits.');
    this.bits = bits;
    this.#bytes = bytes.slice();
  }

  /** The number of statuses: as many as fill the bytes. */
  get length(): number {
    return (this.#bytes.length * 8) / this.bits;
  }

  /** The status at an index; throws RangeError beyond the list. */
  get(index: number): number {
    const bit = index * this.bits;
    const byte = Number.isInteger(index) ? this.#bytes[Math.floor(bit / 8)] : undefined;
    if (byte === undefined) throw new RangeError('This index lies outside the status list.');
    return (byte >> (bit % 8)) % 2 ** this.bits;
  }

  /** A copy of the packed statuses. */
  bytes(): Uint8Array {
    return this.#bytes.slice();
  }
}

/** The list as JSON: base64url of the packed statuses in zlib (RFC 1950), at the highest level as the draft recommends. */
export function encodeTokenStatusList(list: TokenStatusList): TokenStatusListJson {
  return { bits: list.bits, lst: encodeBase64url(deflate(list.bytes(), { level: 9 })) };
}

/**
 * Reads the JSON of a status list, `{bits, lst}`, of at most `maxBits` bits in all; other members may stand beside.
 *
 * @throws {FormatError} MALFORMED if it has not that form, the base64url is not canonical, or the zlib data is corrupt, cut
 * short or followed by anything; UNSUPPORTED_FORMAT if a status has other bits than 1, 2, 4 or 8; TOO_LARGE beyond
 * `maxBits`, before more than that is inflated.
 */
export function decodeTokenStatusList(json: unknown, { maxBits }: ListLimits): TokenStatusList {
  if (!isJsonObject(json)) throw malformed();
  const { bits, lst } = json;
  if (typeof bits !== 'number' || typeof lst !== 'string') throw malformed();
  if (!isStatusBits(bits)) {
    throw new FormatError('UNSUPPORTED_FORMAT', 'A status has 1, 2, 4 or 8 bits.');
  }
  const maxBytes = Math.floor(maxBits / 8);
  checkTextLength(lst.length, maxBytes);
  return new TokenStatusList(bits, inflateList(decodeBase64url(lst), maxBytes, 'zlib'));
}

/**
 * Reads the list of a Status List Token's claims, their member `status_list`; other claims may stand beside.
 *
 * @throws {FormatError} MALFORMED if there is none; otherwise as {@link decodeTokenStatusList}.
 */
export function statusListOfClaims(claims: unknown, limits: ListLimits): TokenStatusList {
  if (!isJsonObject(claims)) throw malformed();
  return decodeTokenStatusList(claims['status_list'], limits);
}

/**
 * Our list with the same bits as one of one-bit statuses, in which 1 is INVALID.
 *
 * @throws {FormatError} UNSUPPORTED_FORMAT if a status has more bits; MALFORMED or TOO_LARGE unless they are whole blocks.
 */
export function statusListFromToken(token: TokenStatusList): StatusList {
  if (token.bits !== 1) {
    throw new FormatError('UNSUPPORTED_FORMAT', 'Only statuses of one bit say whether a card is revoked.');
  }
  return StatusList.fromBytes(reversed(token.bytes()));
}

/** The same bits as a list of one-bit statuses, 0 VALID and 1 INVALID. */
export function tokenFromStatusList(list: StatusList): TokenStatusList {
  return new TokenStatusList(1, reversed(list.bytes()));
}

/** Each byte with its bits in the other order: ours begins with the most significant, the draft with the least. */
function reversed(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => REVERSED[byte] ?? 0);
}

const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let other = 0;
  for (let place = 0; place < 8; place++) other |= ((byte >> place) & 1) << (7 - place);
  return other;
});

function isStatusBits(bits: number): bits is StatusBits {
  return (BITS as readonly number[]).includes(bits);
}

function malformed(): FormatError {
  return new FormatError('MALFORMED', 'The status list is not in the form of a Token Status List.');
}
