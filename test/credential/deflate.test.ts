import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { deflateRaw, inflateRaw, MAX_CARD_BYTES, type Inflate } from '../../credential/deflate.ts';
import { deflateRawNode, inflateRawNode } from '../../credential/deflate-node.ts';

const inflaters: [string, Inflate][] = [
  ['pako', inflateRaw],
  ['zlib', inflateRawNode],
];
const refusal = (code: string) => ({ name: 'FormatError', code });

const card = new TextEncoder().encode(JSON.stringify({ vc: 'health card '.repeat(300), n: [1, 2, 3] }));
const compressed = deflateRaw(card);

/** What an inflater makes of a stream: its bytes, or its refusal. */
function outcome(inflate: Inflate, raw: Uint8Array, maxBytes: number): Uint8Array | string {
  try {
    return inflate(raw, maxBytes);
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
}

for (const [name, inflate] of inflaters) {
  test(`${name} inflates what we compress, of any length`, () => {
    for (const length of [0, 1, 4095, 4096, 4097, 8192, 100_000]) {
      const bytes = new Uint8Array(length).map((_, i) => (i * i) % 251);
      assert.deepEqual(inflate(deflateRaw(bytes), MAX_CARD_BYTES), bytes);
    }
  });

  test(`${name} takes a stream of exactly the cap and refuses one byte more`, () => {
    for (const cap of [1, 4095, 4096, 4097, MAX_CARD_BYTES]) {
      assert.equal(inflate(deflateRaw(new Uint8Array(cap)), cap).length, cap);
      assert.throws(() => inflate(deflateRaw(new Uint8Array(cap + 1)), cap), refusal('TOO_LARGE'));
    }
  });

  test(`${name} refuses a stream cut short anywhere`, () => {
    for (let end = 0; end < compressed.length; end++) {
      assert.throws(() => inflate(compressed.subarray(0, end), MAX_CARD_BYTES), refusal('MALFORMED'));
    }
  });

  test(`${name} refuses bytes behind the stream`, () => {
    for (const tail of [[0], [3, 0], [...compressed]]) {
      const followed = new Uint8Array([...compressed, ...tail]);
      assert.throws(() => inflate(followed, MAX_CARD_BYTES), refusal('MALFORMED'));
    }
    const full = deflateRaw(new Uint8Array(4096));
    assert.throws(() => inflate(new Uint8Array([...full, 0]), MAX_CARD_BYTES), refusal('MALFORMED'));
  });

  test(`${name} refuses zlib and gzip streams`, () => {
    assert.throws(() => inflate(deflateSync(card), MAX_CARD_BYTES), refusal('MALFORMED'));
    assert.throws(() => inflate(gzipSync(card), MAX_CARD_BYTES), refusal('MALFORMED'));
  });

  test(`${name} refuses a reserved block type and a distance before the beginning`, () => {
    assert.throws(() => inflate(new Uint8Array([0x07]), 100), refusal('MALFORMED'));
    // Fixed Huffman codes: length 3, distance 1, as the first symbol.
    assert.throws(() => inflate(new Uint8Array([0x03, 0x02, 0x00]), 100), refusal('MALFORMED'));
  });

  test(`${name} stops inflating a bomb at the cap`, () => {
    const bomb = deflateRawSync(new Uint8Array(64 * 1024 * 1024), { level: 9 });
    assert.ok(bomb.length < 90_000);
    const refuse = () => assert.throws(() => inflate(bomb, MAX_CARD_BYTES), refusal('TOO_LARGE'));
    refuse();
    const times = [1, 2, 3, 4, 5].map(() => {
      const start = process.cpuUsage();
      refuse();
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    });
    // All of it takes a hundred times as long.
    assert.ok(Math.min(...times) < 20, `${Math.min(...times)} ms`);
  });

  test(`${name} leaves its input as it was and gives bytes that are nobody else's`, () => {
    const before = compressed.slice();
    const first = inflate(compressed, MAX_CARD_BYTES);
    first.fill(0);
    assert.deepEqual(compressed, before);
    assert.deepEqual(inflate(compressed, MAX_CARD_BYTES), card);
  });
}

const strategies = [
  constants.Z_DEFAULT_STRATEGY,
  constants.Z_FILTERED,
  constants.Z_HUFFMAN_ONLY,
  constants.Z_RLE,
  constants.Z_FIXED,
];
const streams = fc
  .record({
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 2000, size: 'max' }),
      fc
        .array(fc.constantFrom(65, 66, 67), { maxLength: 9000, size: 'max' })
        .map((codes) => new Uint8Array(codes)),
      fc.nat(20_000).map((length) => new Uint8Array(length)),
    ),
    level: fc.integer({ min: 0, max: 9 }),
    strategy: fc.constantFrom(...strategies),
  })
  .map(({ bytes, level, strategy }) => new Uint8Array(deflateRawSync(bytes, { level, strategy })));

const mutated = fc
  .tuple(
    streams,
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
    fc.uint8Array({ maxLength: 3 }),
    fc.nat(40),
  )
  .map(([stream, changes, tail, cut]) => {
    const bytes = new Uint8Array([
      ...stream.subarray(0, cut > 30 ? stream.length - (cut - 30) : stream.length),
      ...tail,
    ]);
    for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
    return bytes;
  });

for (const [kind, source, numRuns] of [
  ['whole streams', streams, 300],
  ['mutated streams', mutated, 2000],
  ['random bytes', fc.uint8Array({ maxLength: 64 }), 3000],
] as const) {
  test(`pako and zlib make the same of ${kind}`, () => {
    const caps = fc.constantFrom(1, 100, 4096, 5000, 8192, MAX_CARD_BYTES);
    fc.assert(
      fc.property(source, caps, (raw, cap) => {
        assert.deepEqual(outcome(inflateRaw, raw, cap), outcome(inflateRawNode, raw, cap));
      }),
      { numRuns },
    );
  });
}

test('zlib compresses to the same bytes as pako, whatever window holds them', () => {
  const text = JSON.stringify(
    Array.from({ length: 2000 }, (_, i) => ({ code: String((i * 7919) % 213), date: `2026-03-${i % 29}` })),
  );
  const bytes = new TextEncoder().encode(text);
  // On both sides of each window that a card may get, and beyond the largest.
  const edges = [9, 10, 11, 12, 13, 14, 15].map((bits) => 2 ** bits - 262);
  for (const length of [0, 1, 63, ...edges.flatMap((edge) => [edge - 1, edge, edge + 1]), bytes.length]) {
    const some = bytes.subarray(0, length);
    assert.deepEqual(new Uint8Array(deflateRawNode(some)), deflateRaw(some), `${length} bytes`);
  }
});

test('zlib compresses what cannot be compressed', () => {
  for (const length of [1, 250, 4096, 70_000]) {
    const bytes = Uint8Array.from(randomBytes(length));
    assert.deepEqual(inflateRaw(deflateRawNode(bytes), length), bytes);
  }
});
