import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { encodeBase64url } from '../../credential/base64url.ts';
import {
  decodeTokenStatusList,
  encodeTokenStatusList,
  statusListFromToken,
  statusListOfClaims,
  tokenFromStatusList,
  TokenStatusList,
} from '../../credential/token-status-list.ts';
import { BLOCK_BITS } from '../../credential/status-list.ts';
import { dataDir } from '../support/data.ts';
import { bitsOf, listOf } from '../support/lists.ts';

const limits = { maxBits: bitsOf(4) };
const lstOf = (bytes: Uint8Array): string => encodeBase64url(deflateSync(bytes));
const claim = (bytes: Uint8Array): unknown => ({ bits: 1, lst: encodeBase64url(bytes) });

interface Vector {
  readonly bits: number;
  readonly size: number;
  readonly lst: string;
  readonly statuses?: Readonly<Record<string, number>>;
  readonly byte_array_hex?: string;
}

describe('a Token Status List', () => {
  test(
    'of the draft’s test vectors has each of their statuses, and no other',
    { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false },
    () => {
      const path = `${dataDir}/ledger/tsl-vectors.json`;
      const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as { vectors: Vector[] };
      assert.ok(vectors.length >= 6);
      for (const { bits, size, lst, statuses, byte_array_hex: hex } of vectors) {
        const list = decodeTokenStatusList({ bits, lst }, { maxBits: size * bits });
        assert.deepEqual([list.bits, list.length], [bits, size]);
        if (hex !== undefined) assert.equal(Buffer.from(list.bytes()).toString('hex'), hex);
        if (statuses !== undefined) {
          for (let index = 0; index < size; index++) assert.equal(list.get(index), statuses[index] ?? 0);
        }
        const again = decodeTokenStatusList(encodeTokenStatusList(list), { maxBits: size * bits });
        assert.deepEqual([again.bits, again.bytes()], [list.bits, list.bytes()]);
        assert.throws(() => decodeTokenStatusList({ bits, lst }, { maxBits: size * bits - 1 }), {
          code: 'TOO_LARGE',
        });
      }
    },
  );

  test('has the statuses of the draft’s examples, the first in the least significant bits', () => {
    const one = new TokenStatusList(1, Uint8Array.of(0xb9, 0xa3));
    assert.deepEqual(
      Array.from({ length: 16 }, (_, index) => one.get(index)),
      [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1],
    );
    const two = new TokenStatusList(2, Uint8Array.of(0xc9, 0x44, 0xf9));
    assert.deepEqual(
      Array.from({ length: 12 }, (_, index) => two.get(index)),
      [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3],
    );
    const eight = new TokenStatusList(8, Uint8Array.of(255, 7));
    assert.deepEqual([eight.length, eight.get(0), eight.get(1)], [2, 255, 7]);
  });

  test('comes back as it was made, at any number of bits', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 4, 8), fc.uint8Array({ maxLength: 300 }), (bits, bytes) => {
        const read = decodeTokenStatusList(encodeTokenStatusList(new TokenStatusList(bits, bytes)), limits);
        assert.deepEqual([read.bits, read.bytes()], [bits, bytes]);
      }),
    );
  });

  test('of whole blocks of single bits is our list, and back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bitsOf(2) - 1 }), { maxLength: 100 }), (indices) => {
        const list = listOf(2, indices);
        const token = tokenFromStatusList(list);
        for (const index of [0, bitsOf(2) - 1, ...indices])
          assert.equal(token.get(index), list.get(index) ? 1 : 0);
        const back = statusListFromToken(decodeTokenStatusList(encodeTokenStatusList(token), limits));
        assert.deepEqual([back.bytes(), back.revoked], [list.bytes(), list.revoked]);
      }),
      { numRuns: 20 },
    );
  });

  test('of more bits or of no whole blocks is not ours', () => {
    for (const bits of [2, 4, 8] as const) {
      const token = new TokenStatusList(bits, new Uint8Array(BLOCK_BITS / 8));
      assert.throws(() => statusListFromToken(token), { code: 'UNSUPPORTED_FORMAT' });
    }
    for (const length of [0, 1, BLOCK_BITS / 8 - 1, BLOCK_BITS / 8 + 1]) {
      const token = new TokenStatusList(1, new Uint8Array(length));
      assert.throws(() => statusListFromToken(token), { code: 'MALFORMED' });
    }
  });

  test('stands in the claim status_list, with other members beside it', () => {
    const { bits, lst } = encodeTokenStatusList(new TokenStatusList(4, Uint8Array.of(0x21)));
    const claims = { sub: 'https://a/1', iat: 1, status_list: { bits, lst, aggregation_uri: 'https://a' } };
    const list = statusListOfClaims(claims, limits);
    assert.deepEqual([list.get(0), list.get(1)], [1, 2]);
    for (const other of [null, [], 'x', {}, { status_list: null }, { status_list: [bits, lst] }]) {
      assert.throws(() => statusListOfClaims(other, limits), { code: 'MALFORMED' });
    }
  });

  test('is refused in another form', () => {
    const lst = lstOf(Uint8Array.of(1));
    for (const json of [null, [], lst, { lst }, { bits: '1', lst }, { bits: 1 }, { bits: 1, lst: [lst] }]) {
      assert.throws(() => decodeTokenStatusList(json, limits), { code: 'MALFORMED' });
    }
    for (const bits of [0, 3, 5, 16, -1, 1.5]) {
      assert.throws(() => decodeTokenStatusList({ bits, lst }, limits), { code: 'UNSUPPORTED_FORMAT' });
    }
    for (const other of [`${lst}=`, `${lst}\n`, ` ${lst}`, '+', 'A']) {
      assert.throws(() => decodeTokenStatusList({ bits: 1, lst: other }, limits), { code: 'MALFORMED' });
    }
  });

  test('is refused when the zlib data is cut, corrupt, doubled, in another wrapper or followed by anything', () => {
    const whole = deflateSync(new Uint8Array(1000).fill(0xa5));
    const adler = Buffer.from(whole);
    adler[whole.length - 1] = (adler[whole.length - 1] ?? 0) ^ 1;
    const dictionary = deflateSync(new Uint8Array(1000).fill(0xa5), {
      dictionary: Buffer.from([0xa5, 0xa5, 0xa5]),
    });
    const broken: Uint8Array[] = [
      new Uint8Array(),
      whole.subarray(0, 1),
      whole.subarray(0, -1),
      whole.subarray(0, -4),
      whole.subarray(1),
      adler,
      dictionary,
      Buffer.concat([whole, Uint8Array.of(0)]),
      Buffer.concat([whole, Uint8Array.of(1)]),
      Buffer.concat([whole, whole]),
      gzipSync(new Uint8Array(1000)),
      deflateRawSync(new Uint8Array(1000)),
      new Uint8Array(1000),
    ];
    for (const bytes of broken) {
      assert.throws(() => decodeTokenStatusList(claim(bytes), limits), { code: 'MALFORMED' });
    }
  });

  test('that is a bomb is refused before it is inflated', () => {
    const bomb = claim(deflateSync(new Uint8Array(256 * 1024 * 1024)));
    const before = process.memoryUsage().rss;
    const started = performance.now();
    assert.throws(() => decodeTokenStatusList(bomb, { maxBits: BLOCK_BITS }), { code: 'TOO_LARGE' });
    assert.ok(performance.now() - started < 500);
    assert.ok(process.memoryUsage().rss - before < 16 * 1024 * 1024);
  });

  test('that is longer than its list could ever be is refused unread', () => {
    const long = { bits: 1, lst: '='.repeat(200_000) };
    assert.throws(() => decodeTokenStatusList(long, { maxBits: BLOCK_BITS }), { code: 'TOO_LARGE' });
  });

  test('does not answer for an index that it does not hold, nor take other bits', () => {
    const list = new TokenStatusList(2, Uint8Array.of(0));
    for (const index of [-1, 4, 0.5, Number.NaN, Infinity]) assert.throws(() => list.get(index), RangeError);
    assert.throws(() => new TokenStatusList(3 as 2, new Uint8Array(3)), RangeError);
  });

  test('shares neither the bytes it is made of nor those it gives', () => {
    const bytes = Uint8Array.of(0);
    const list = new TokenStatusList(1, bytes);
    bytes[0] = 1;
    list.bytes()[0] = 1;
    assert.equal(list.get(0), 0);
  });
});
