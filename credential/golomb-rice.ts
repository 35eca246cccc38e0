import { FormatError } from './errors.ts';

/**
 * The parameter k at which the Rice code of `count` indices drawn from `length` is expected to be shortest.
 *
 * With p = count / length a gap takes k + 1 / (1 − (1 − p)^2^k) bits, so that k + 1 is no longer than k as long as
 * (1 − p)^2^k ≥ (√5 − 1) / 2, which is 2^k · −ln(1 − p) ≤ 0.4812. The logarithm is taken as p / (1 − p / 2): whole numbers
 * only, so that every machine finds the same.
 *
 * Throws RangeError unless 0 ≤ count ≤ length ≤ 2³².
 */
export function riceParameter(length: number, count: number): number {
  if (
    !Number.isInteger(length) ||
    !Number.isInteger(count) ||
    count < 0 ||
    count > length ||
    length > 2 ** 32
  ) {
    throw new RangeError('There are from 0 to 2^32 bits, and no more that are on.');
  }
  if (count === 0) return 0;
  let k = 0;
  // No number here reaches 2⁵³.
  while (2 ** (k + 1) * count * 10_000 <= 4812 * (2 * length - count)) k++;
  return k;
}

/**
 * The Rice code of the gaps between ascending indices, the most significant bit first, padded with zeros to a byte.
 *
 * A gap (index − previous − 1, of the first the index itself) is ⌊gap / 2^k⌋ ones and a zero, then gap mod 2^k in k bits.
 *
 * Throws RangeError if the indices do not ascend.
 */
export function encodeRice(indices: Iterable<number>, parameter: number): Uint8Array {
  const [bits, step] = [new BitWriter(), 2 ** parameter];
  let next = 0;
  for (const index of indices) {
    const gap = index - next;
    if (gap < 0) throw new RangeError('Indices are written in ascending order.');
    for (let quotient = Math.floor(gap / step); quotient > 0; quotient--) bits.write(1);
    bits.write(0);
    const remainder = gap % step;
    for (let place = parameter - 1; place >= 0; place--) bits.write((remainder >>> place) & 1);
    next = index + 1;
  }
  return bits.bytes();
}

/** No number of bits of a remainder. */
const QUOTIENT = -1;

/** What must be known of a Rice code to read it: `count` ascending indices below `length`. */
export interface RiceCode {
  readonly length: number;
  readonly count: number;
  readonly parameter: number;
}

/** Reads a Rice code from chunks of any size. */
export class RiceDecoder {
  readonly #length: number;
  readonly #parameter: number;
  readonly #found: (index: number) => void;
  /** How many indices are still to come. */
  #left: number;
  /** The least index that the bits read so far allow. */
  #next = 0;
  /** Bits of the remainder still to come, or QUOTIENT before the zero that ends the quotient. */
  #places = QUOTIENT;

  constructor({ length, count, parameter }: RiceCode, found: (index: number) => void) {
    this.#length = length;
    this.#parameter = parameter;
    this.#left = count;
    this.#found = found;
  }

  /** Whether every index is found. */
  get done(): boolean {
    return this.#left === 0;
  }

  /**
   * Reads on, and answers how many bytes of the chunk belong to the code.
   *
   * Nothing is read past the length: at the rule's parameter that ends within one and a half times as many bits.
   *
   * @throws {FormatError} MALFORMED if an index lies beyond the length or a bit of the padding is on.
   */
  push(chunk: Uint8Array): number {
    const [length, parameter, step] = [this.#length, this.#parameter, 2 ** this.#parameter];
    // Copies: a field is looked up at each use, and there are millions of codes.
    let [left, next, places, at] = [this.#left, this.#next, this.#places, 0];
    while (at < chunk.length && left > 0) {
      const byte = chunk[at++] ?? 0;
      /** How many of the byte's bits are not read yet: its lowest. */
      let unread = 8;
      while (unread > 0 && left > 0) {
        if (places === QUOTIENT) {
          // At the top of a word; behind them come zeros, which end the count.
          const ones = Math.clz32(~(byte << (32 - unread)));
          next += ones * step;
          unread -= ones;
          if (unread > 0) {
            unread--;
            places = parameter;
          }
        } else {
          const taken = Math.min(places, unread);
          unread -= taken;
          places -= taken;
          next += ((byte >> unread) & ((1 << taken) - 1)) << places;
        }
        if (next >= length) throw new FormatError('MALFORMED', 'An index lies beyond the status list.');
        if (places !== 0) continue;
        this.#found(next);
        next++;
        left--;
        places = QUOTIENT;
      }
      if ((byte & ((1 << unread) - 1)) !== 0) {
        throw new FormatError('MALFORMED', 'The bits behind the last index are not zero.');
      }
    }
    [this.#left, this.#next, this.#places] = [left, next, places];
    return at;
  }
}

/** Bits into bytes, the most significant first. */
class BitWriter {
  #bytes = new Uint8Array(1024);
  #at = 0;
  #mask = 0x80;

  write(bit: number): void {
    if (bit !== 0) this.#bytes[this.#at] = (this.#bytes[this.#at] ?? 0) | this.#mask;
    this.#mask >>= 1;
    if (this.#mask > 0) return;
    this.#mask = 0x80;
    this.#at += 1;
    if (this.#at < this.#bytes.length) return;
    const longer = new Uint8Array(2 * this.#at);
    longer.set(this.#bytes);
    this.#bytes = longer;
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#mask === 0x80 ? this.#at : this.#at + 1);
  }
}
