/** No number here has more bytes: 2⁵³ − 1 fits into eight of seven bits. */
export const MAX_LEB128_BYTES = 8;

/** An unsigned LEB128 (DWARF 5 §7.6) in its shortest form; throws RangeError unless 0 ≤ value ≤ 2⁵³ − 1. */
export function encodeLeb128(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError('Only whole numbers from 0 to 2^53 - 1 are written.');
  }
  const bytes: number[] = [];
  // By division, since JavaScript's shifts stop at 32 bits.
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
