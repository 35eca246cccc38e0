import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  crlFromRids,
  crlFromStatusList,
  crlRevokes,
  crlRoot,
  encodeCrl,
  parseCrl,
  statusListFromCrl,
} from '../../credential/crl.ts';
import { BLOCK_BITS, ridFromIndex } from '../../credential/status-list.ts';
import { dataDir } from '../support/data.ts';
import { bitsOf, KID, listOf as bitList } from '../support/lists.ts';

const needsData = { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false };
const listOf = (rids: unknown, more: object = {}): unknown => ({
  kid: 'key',
  method: 'rid',
  ctr: 1,
  rids,
  ...more,
});
const sha256 = (...parts: (Uint8Array | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

describe('a card revocation list', () => {
  test('of the official issuer reads, and revokes example 03 but not example 00', needsData, () => {
    const folder = `${dataDir}/shc-examples/issuer/.well-known/crl`;
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    assert.equal(files.length, 1);
    for (const file of files) {
      const crl = parseCrl(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')));
      assert.equal(`${crl.kid}.json`, file);
      assert.equal(crlRevokes(crl, 'vwAjHdarZuc', 1687450764.657), true);
      assert.equal(crlRevokes(crl, 'MKyCxh7p6uQ', 1687450764.657), false);
    }
  });

  test('of every real issuer reads, whether its counter is a number or a text', needsData, () => {
    const snapshot = JSON.parse(readFileSync(`${dataDir}/vci-directory/vci_snapshot.json`, 'utf8')) as {
      issuerInfo: { crls?: { kid: string; ctr: number | string; rids: string[] }[] }[];
    };
    const lists = snapshot.issuerInfo.flatMap((issuer) => issuer.crls ?? []);
    const read = lists.map((list) => parseCrl(list));
    assert.deepEqual(
      read.map((crl) => [crl.counter, crl.rids.length, crl.entries.size]),
      lists.map((list) => [Number(list.ctr), list.rids.length, list.rids.length]),
    );
    assert.deepEqual(
      read.map((crl) => crl.counter).toSorted((a, b) => a - b),
      [1, 1, 1, 4, 69, 556],
    );
  });

  test('revokes a timed rid only for cards issued strictly before, and an untimed one always', () => {
    const crl = crlFromRids('key', 1, ['timed.1639490301', 'always']);
    assert.equal(crlRevokes(crl, 'timed', 1639490300.999), true);
    assert.equal(crlRevokes(crl, 'timed', 1639490301), false);
    assert.equal(crlRevokes(crl, 'timed', 1639490301.073), false);
    assert.equal(crlRevokes(crl, 'timed', Number.NaN), true);
    assert.equal(crlRevokes(crl, 'always', 9e10), true);
    assert.equal(crlRevokes(crl, 'other', 0), false);
    assert.equal(crlRevokes(crl, 'timed.1639490301', 0), false);
  });

  test('holds the strictest of several entries of one rid, in any order', () => {
    for (const rids of [
      ['a', 'a.5'],
      ['a.5', 'a'],
      ['a.5', 'a', 'a.7'],
    ]) {
      assert.equal(crlRevokes(crlFromRids('key', 1, rids), 'a', 100), true);
    }
    for (const rids of [
      ['a.5', 'a.7'],
      ['a.7', 'a.5'],
      ['a.7', 'a.7'],
    ]) {
      const crl = crlFromRids('key', 1, rids);
      assert.deepEqual([crlRevokes(crl, 'a', 6.9), crlRevokes(crl, 'a', 7)], [true, false]);
    }
    assert.deepEqual([...crlFromRids('key', 1, ['a.5', 'a']).entries], [['a', undefined]]);
    assert.equal(crlRevokes(crlFromRids('key', 1, ['a', 'a']), 'a', 1), true);
    assert.deepEqual(crlFromRids('key', 1, ['a', 'a', 'b']).rids, ['a', 'a', 'b']);
  });

  test('takes a counter as a number or as digits', () => {
    assert.equal(parseCrl(listOf([], { ctr: 0 })).counter, 0);
    assert.equal(parseCrl(listOf([], { ctr: '69' })).counter, 69);
    for (const ctr of [
      undefined,
      null,
      -1,
      1.5,
      Number.NaN,
      2 ** 53,
      '',
      '1.5',
      '-1',
      ' 1',
      '0x1',
      '1e3',
      '1'.repeat(16),
      true,
    ]) {
      assert.throws(() => parseCrl(listOf([], { ctr })), { code: 'MALFORMED' });
    }
  });

  test('is refused whole when one entry cannot be read, since nobody knows whom it revokes', () => {
    const entries = [
      '',
      '.5',
      'a.',
      'a.x',
      'a.1.2',
      'a.-1',
      'a.1.5',
      'a.05',
      'a b',
      'a=',
      'a+b',
      'ä',
      'a\n',
      `a.${'9'.repeat(16)}`,
    ];
    for (const entry of [...entries, 'a'.repeat(25), 5, null, ['a'], { rid: 'a' }]) {
      assert.throws(() => parseCrl(listOf(['good', entry])), { code: 'MALFORMED' }, JSON.stringify(entry));
    }
    assert.equal(parseCrl(listOf(['a'.repeat(24), 'a.0'])).entries.size, 2);
  });

  test('is refused in another form or method', () => {
    for (const json of [
      null,
      [],
      'x',
      5,
      listOf(undefined),
      listOf('abc'),
      listOf({}),
      listOf([], { kid: '' }),
      listOf([], { kid: 5 }),
    ]) {
      assert.throws(() => parseCrl(json), { name: 'FormatError' });
    }
    for (const method of ['hash-fhir', undefined, 'RID']) {
      assert.throws(() => parseCrl(listOf([], { method })), { code: 'UNSUPPORTED_FORMAT' });
    }
  });

  test('finds every rid it was given and no other', () => {
    const rid = fc.stringMatching(/^[A-Za-z0-9_-]{1,24}$/);
    const entry = fc.tuple(rid, fc.option(fc.nat({ max: 2 ** 31 })));
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 50 }),
        rid,
        fc.double({ min: 0, max: 2 ** 31, noNaN: true }),
        (list, asked, nbf) => {
          const texts = list.map(([id, time]) => (time === null ? id : `${id}.${time}`));
          const crl = crlFromRids('key', 1, texts);
          for (const id of [asked, ...list.map(([given]) => given)]) {
            const revoked = list.some(([other, time]) => other === id && (time === null || nbf < time));
            assert.equal(crlRevokes(crl, id, nbf), revoked);
          }
        },
      ),
    );
  });
});

describe('the root of a card revocation list', () => {
  test('of no entries is SHA-256 of nothing', () => {
    assert.deepEqual(Buffer.from(crlRoot([])), sha256());
  });

  test('is the RFC 9162 root over the entries as published, sorted by their bytes', () => {
    const leaf = (entry: string): Buffer => sha256(Uint8Array.of(0), entry);
    const node = (a: Buffer, b: Buffer): Buffer => sha256(Uint8Array.of(1), a, b);
    // By bytes '-' < '.' < digits < capitals < '_' < small letters.
    const sorted = ['-', 'B', 'a', 'a-', 'a.5'];
    const [first, second, third, fourth, fifth] = sorted.map(leaf) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ];
    const root = node(node(node(first, second), node(third, fourth)), fifth);
    assert.deepEqual(Buffer.from(crlRoot(['a.5', 'a', '-', 'a-', 'B'])), root);
  });

  test('is the same for any order and for repeated entries, and another for other entries', () => {
    const rids = ['x', 'y.5', 'z', 'x.7'];
    const root = crlRoot(rids);
    assert.deepEqual(crlRoot(rids.toReversed()), root);
    assert.deepEqual(crlRoot([...rids, 'z', 'x']), root);
    assert.notDeepEqual(crlRoot(['x', 'y.6', 'z', 'x.7']), root);
    assert.notDeepEqual(crlRoot(rids.slice(1)), root);
  });

  test('does not reorder the caller’s list', () => {
    const rids = ['b', 'a'];
    crlRoot(rids);
    assert.deepEqual(rids, ['b', 'a']);
  });
});

describe('a status list as a card revocation list', () => {
  const index = fc.nat({ max: bitsOf(2) - 1 });

  test('has the rids of the bits that are on, in their order, and comes back', () => {
    fc.assert(
      fc.property(fc.uniqueArray(index, { maxLength: 100 }), (indices) => {
        const list = bitList(2, indices);
        const crl = crlFromStatusList(KID, 7, list);
        assert.deepEqual(
          [crl.kid, crl.counter, crl.rids],
          [KID, 7, indices.toSorted((a, b) => a - b).map(ridFromIndex)],
        );
        for (const at of indices) assert.equal(crlRevokes(crl, ridFromIndex(at), 9e10), true);
        const published = parseCrl(JSON.parse(JSON.stringify(encodeCrl(crl))));
        assert.deepEqual(statusListFromCrl(published, list.length).bytes(), list.bytes());
      }),
      { numRuns: 30 },
    );
  });

  test('is read from entries in any order', () => {
    const rids = [9, 200_000, 0].map(ridFromIndex);
    assert.deepEqual([...statusListFromCrl({ rids }, bitsOf(2)).indices()], [0, 9, 200_000]);
    assert.equal(statusListFromCrl({ rids: [] }, bitsOf(2)).revoked, 0);
  });

  test('is refused if an entry is no rid of an index, is timed, stands twice or lies beyond the list', () => {
    const last = ridFromIndex(BLOCK_BITS - 1);
    assert.equal(statusListFromCrl({ rids: [last] }, BLOCK_BITS).get(BLOCK_BITS - 1), true);
    for (const rids of [
      ['MKyCxh7p6uQ'],
      ['AAAAAB'],
      ['AAAAA'],
      ['AAAAAA.5'],
      ['AAAAAA', 'AAAAAQ', 'AAAAAA'],
      [ridFromIndex(BLOCK_BITS)],
      ['_____w'],
    ]) {
      assert.throws(() => statusListFromCrl({ rids }, BLOCK_BITS), { code: 'MALFORMED' });
    }
  });

  test('has the length of whole blocks', () => {
    for (const length of [0, -1, BLOCK_BITS - 1, BLOCK_BITS + 1, 2 ** 33, Number.NaN]) {
      assert.throws(() => statusListFromCrl({ rids: [] }, length), RangeError);
    }
  });
});

describe('a card revocation list of a million entries', () => {
  const rids = Array.from({ length: 1_000_000 }, (_, n) =>
    createHash('md5').update(String(n)).digest('base64url').slice(0, 11),
  );

  test('is read and asked in seconds, and an empty one at once', () => {
    const begun = performance.now();
    const crl = parseCrl(listOf(rids));
    for (const rid of rids) assert.equal(crlRevokes(crl, rid, 0), true);
    assert.equal(crlRevokes(crl, 'MKyCxh7p6uQ', 0), false);
    assert.ok(performance.now() - begun < 10_000);
    assert.equal(crlRevokes(parseCrl(listOf([])), 'a', 0), false);
  });
});
