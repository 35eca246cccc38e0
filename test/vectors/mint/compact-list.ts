/** The compact download of a list of those indices, from its description alone and not by the code under test. */
export function compactList(kid: string, counter: number, bits: number, indices: readonly number[]): Buffer {
  let k = 0;
  const count = indices.length;
  if (count > 0) while (2 ** (k + 1) * count * 10_000 <= 4812 * (2 * bits - count)) k++;
  let code = '';
  let next = 0;
  for (const index of indices.toSorted((a, b) => a - b)) {
    const gap = index - next;
    code += '1'.repeat(Math.floor(gap / 2 ** k));
    code += '0';
    if (k > 0) code += (gap % 2 ** k).toString(2).padStart(k, '0');
    next = index + 1;
  }
  code = code.padEnd(Math.ceil(code.length / 8) * 8, '0');
  const octets = code.match(/.{8}/g) ?? [];
  return Buffer.concat([
    Buffer.of(0xcc, 0x01),
    Buffer.from(kid, 'base64url'),
    leb128(counter),
    leb128(bits / 131_072),
    leb128(indices.length),
    Buffer.of(k),
    Buffer.from(octets.map((octet) => Number.parseInt(octet, 2))),
  ]);
}

function leb128(number: number): Buffer {
  const bytes: number[] = [];
  let rest = number;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest === 0 ? low : low | 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}
