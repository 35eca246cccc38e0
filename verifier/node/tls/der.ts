/** An element of DER (ITU-T X.690): its tag and what it holds. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** One element, its length in the shortest form. */
export function encodeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const octets =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Uint8Array.from([tag, ...octets, ...parts.flatMap((part) => [...part])]);
}

/** The elements that stand one after the other; stops where the bytes are no DER. */
export function* decodeDer(bytes: Uint8Array): Generator<DerElement> {
  for (let at = 0; at + 2 <= bytes.length;) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0;
    const octets = first < 0x80 ? 0 : first & 0x7f;
    const length =
      octets === 0 ? first : bytes.subarray(at + 2, at + 2 + octets).reduce((sum, one) => sum * 256 + one, 0);
    const begin = at + 2 + octets;
    if (octets > 2 || begin + length > bytes.length) return;
    yield { tag, content: bytes.subarray(begin, begin + length) };
    at = begin + length;
  }
}
