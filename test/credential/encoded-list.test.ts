import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { encodeBase64url } from '../../credential/base64url.ts';
import { decodeStatusList, encodeStatusList } from '../../credential/encoded-list.ts';
import { BLOCK_BITS, StatusList } from '../../credential/status-list.ts';
import { dataDir } from '../support/data.ts';

const BLOCK_BYTES = BLOCK_BITS / 8;
const multibase = (bytes: Uint8Array): string => `u${encodeBase64url(bytes)}`;
const gzipped = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);

interface Vector {
  readonly length: number;
  readonly set: readonly number[];
  readonly encodedList: string;
}

describe('an encodedList', () => {
  test(
    'made by an independent library reads to the same bits',
    {
      skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false,
    },
    () => {
      const path = `${dataDir}/ledger/bsl-digitalbazaar-vectors.json`;
      const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as { vectors: Vector[] };
      assert.ok(vectors.length >= 5);
      for (const vector of vectors) {
        const expected = new StatusList(vector.length / BLOCK_BITS);
        for (const index of vector.set) expected.set(index, true);
        const list = decodeStatusList(vector.encodedList, vector.length);
        assert.deepEqual(list.bytes(), expected.bytes());
        assert.equal(list.revoked, vector.set.length);
        assert.deepEqual(
          decodeStatusList(encodeStatusList(expected), vector.length).bytes(),
          expected.bytes(),
        );
      }
    },
  );

  test('comes back as the list it was made of', () => {
    const indices = fc.array(fc.nat({ max: 3 * BLOCK_BITS - 1 }), { maxLength: 300 });
    fc.assert(
      fc.property(indices, (set) => {
        const list = new StatusList(3);
        for (const index of set) list.set(index, true);
        assert.deepEqual(decodeStatusList(encodeStatusList(list), list.length).bytes(), list.bytes());
      }),
      { numRuns: 20 },
    );
  });

  test('comes back where the bits do not compress', () => {
    const noise = Uint8Array.from({ length: BLOCK_BYTES }, (_, i) => Math.imul(i, 2_654_435_761) >>> 13);
    for (const level of [0, 9]) {
      assert.deepEqual(decodeStatusList(multibase(gzipSync(noise, { level })), BLOCK_BITS).bytes(), noise);
    }
    assert.deepEqual(
      decodeStatusList(encodeStatusList(StatusList.fromBytes(noise)), BLOCK_BITS).bytes(),
      noise,
    );
  });

  test('is multibase base64url of gzip with the first index leftmost', () => {
    const list = new StatusList(1);
    list.set(0, true);
    const text = encodeStatusList(list);
    assert.equal(text[0], 'u');
    assert.equal(gunzipSync(Buffer.from(text.slice(1), 'base64url'))[0], 0x80);
  });

  test('is read at its cap and refused one bit below it', () => {
    const text = encodeStatusList(new StatusList(2));
    assert.equal(decodeStatusList(text, 2 * BLOCK_BITS).length, 2 * BLOCK_BITS);
    assert.throws(() => decodeStatusList(text, 2 * BLOCK_BITS - 1), { code: 'TOO_LARGE' });
  });

  test('that is a bomb is refused before it is inflated', () => {
    const bomb = multibase(gzipSync(new Uint8Array(256 * 1024 * 1024)));
    const before = process.memoryUsage().rss;
    const started = performance.now();
    assert.throws(() => decodeStatusList(bomb, BLOCK_BITS), { code: 'TOO_LARGE' });
    assert.ok(performance.now() - started < 500);
    assert.ok(process.memoryUsage().rss - before < 16 * 1024 * 1024);
  });

  test('that is longer than its list could ever be is refused unread', () => {
    assert.throws(() => decodeStatusList('u'.padEnd(200_000, 'A'), BLOCK_BITS), { code: 'TOO_LARGE' });
  });

  test('is refused when the gzip data is cut, corrupt, doubled or followed by anything', () => {
    const whole = gzipSync(new Uint8Array(BLOCK_BYTES).fill(0xa5));
    const badCrc = Buffer.from(whole);
    badCrc[whole.length - 8] = (badCrc[whole.length - 8] ?? 0) ^ 1;
    const empty = gzipSync(new Uint8Array());
    const broken: Uint8Array[] = [
      whole.subarray(0, -1),
      whole.subarray(0, -8),
      whole.subarray(0, 5),
      new Uint8Array(),
      badCrc,
      gzipped(whole, Uint8Array.of(0)),
      gzipped(whole, Uint8Array.of(1)),
      gzipped(whole, empty),
      gzipped(empty, whole),
      deflateSync(new Uint8Array(BLOCK_BYTES)),
      deflateRawSync(new Uint8Array(BLOCK_BYTES)),
      new Uint8Array(BLOCK_BYTES),
    ];
    for (const bytes of broken) {
      assert.throws(() => decodeStatusList(multibase(bytes), 4 * BLOCK_BITS), { code: 'MALFORMED' });
    }
  });

  test('is refused when any of its bytes is changed in a way that changes its bits', () => {
    const list = new StatusList(1);
    for (const index of [1, 5_000, 99_999]) list.set(index, true);
    const whole = Buffer.from(encodeStatusList(list).slice(1), 'base64url');
    for (let i = 0; i < whole.length; i++) {
      for (const mask of [0x01, 0x80]) {
        const changed = Buffer.from(whole);
        changed[i] = (changed[i] ?? 0) ^ mask;
        try {
          assert.deepEqual(decodeStatusList(multibase(changed), BLOCK_BITS).bytes(), list.bytes());
        } catch (error) {
          assert.match(String((error as { code?: unknown }).code), /^(MALFORMED|TOO_LARGE)$/);
        }
      }
    }
  });

  test('is refused when its length is not in whole blocks', () => {
    for (const length of [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES + 1]) {
      const text = multibase(gzipSync(new Uint8Array(length)));
      assert.throws(() => decodeStatusList(text, 4 * BLOCK_BITS), { code: 'MALFORMED' });
    }
  });

  test('is refused under another multibase, with padding, or in base64', () => {
    const text = encodeStatusList(new StatusList(1));
    for (const other of ['', text.slice(1), `m${text.slice(1)}`, `U${text.slice(1)}`, ` ${text}`]) {
      assert.throws(() => decodeStatusList(other, BLOCK_BITS), { code: 'UNSUPPORTED_FORMAT' });
    }
    for (const other of [
      `${text}=`,
      `${text}\n`,
      text.replace(/[-_]/, '+'),
      `${text.slice(0, 9)} ${text.slice(9)}`,
    ]) {
      assert.throws(() => decodeStatusList(other, BLOCK_BITS), { code: 'MALFORMED' });
    }
  });

  test('is inflated by what the caller gives, under the same cap', () => {
    let asked: number | undefined;
    const list = decodeStatusList(encodeStatusList(new StatusList(1)), BLOCK_BITS, (bytes, maxBytes) => {
      asked = maxBytes;
      return gunzipSync(bytes, { maxOutputLength: maxBytes });
    });
    assert.deepEqual([list.length, asked], [BLOCK_BITS, BLOCK_BYTES]);
  });
});
