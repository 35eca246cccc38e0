import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  leafHash,
  merkleProof,
  merkleProofLength,
  merkleRoot,
  MerkleTree,
  verifyMerkleProof,
} from '../../credential/merkle.ts';

const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** RFC 9162 §2.1.1 as it is written there: split at the largest power of two smaller than n. */
function asWritten(leaves: readonly Uint8Array[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return sha256();
  if (leaves.length === 1) return sha256(Uint8Array.of(0), first);
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  return sha256(Uint8Array.of(1), asWritten(leaves.slice(0, k)), asWritten(leaves.slice(k)));
}

// The eight leaves and roots of Certificate Transparency's reference tests.
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((text) => Uint8Array.from(Buffer.from(text, 'hex')));
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

for (const [n, root] of roots.entries()) {
  test(`the root of the first ${n} reference leaves is Certificate Transparency’s`, () => {
    assert.equal(hex(merkleRoot(leaves.slice(0, n))), root);
    assert.equal(hex(asWritten(leaves.slice(0, n))), root);
  });
}

test('the root of any list is the one that RFC 9162 writes recursively', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 }), (list) => {
      assert.equal(hex(merkleRoot(list)), hex(asWritten(list)));
    }),
  );
});

test('two hashes joined as a leaf do not have the root of their node', () => {
  const [a, b] = [Uint8Array.of(1), Uint8Array.of(2)];
  const joined = Uint8Array.from(Buffer.concat([merkleRoot([a]), merkleRoot([b])]));
  assert.notEqual(hex(merkleRoot([joined])), hex(merkleRoot([a, b])));
});

describe('a Merkle tree that grows', () => {
  test('has after each leaf the root of the leaves so far', () => {
    const tree = new MerkleTree();
    const far: Uint8Array[] = [];
    assert.equal(hex(tree.root()), roots[0]);
    for (let n = 1; n <= 300; n++) {
      const leaf = Uint8Array.of(n >> 8, n & 0xff);
      far.push(leaf);
      tree.append(leafHash(leaf));
      assert.equal(hex(tree.root()), hex(asWritten(far)));
    }
  });

  test('does not change with a root that it gave', () => {
    const tree = new MerkleTree();
    tree.append(leafHash(Uint8Array.of(1)));
    const before = hex(tree.root());
    tree.root().fill(0);
    assert.equal(hex(tree.root()), before);
  });
});

/** RFC 9162 §2.1.3.1 as it is written there. */
function pathAsWritten(index: number, list: readonly Uint8Array[]): Buffer[] {
  if (list.length === 1) return [];
  let k = 1;
  while (2 * k < list.length) k *= 2;
  return index < k
    ? [...pathAsWritten(index, list.slice(0, k)), asWritten(list.slice(k))]
    : [...pathAsWritten(index - k, list.slice(k)), asWritten(list.slice(0, k))];
}

/** RFC 9162 §2.1.3.2 as it is written there, step by step. */
function verifiesAsWritten(
  { hash, index, size }: { hash: Uint8Array; index: number; size: number },
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (index >= size) return false;
  let [fn, sn] = [index, size - 1];
  let r: Buffer = Buffer.from(hash);
  for (const p of path) {
    if (sn === 0) return false;
    if ((fn & 1) === 1 || fn === sn) {
      r = sha256(Uint8Array.of(1), p, r);
      while ((fn & 1) === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else r = sha256(Uint8Array.of(1), r, p);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  return sn === 0 && r.equals(root);
}

describe('an inclusion proof', () => {
  const all = Array.from({ length: 40 }, (_, n) => Uint8Array.of(n, 7 * n));
  const hashes = all.map(leafHash);
  const known = (index: number, size: number) => ({ hash: hashes[index] ?? new Uint8Array(), index, size });

  for (let size = 1; size <= all.length; size++) {
    test(`of each of ${size} leaves is the one that RFC 9162 writes, and verifies where it says`, () => {
      const [list, root] = [all.slice(0, size), merkleRoot(all.slice(0, size))];
      for (let index = 0; index < size; index++) {
        const path = merkleProof(hashes.slice(0, size), index);
        assert.deepEqual(path.map(hex), pathAsWritten(index, list).map(hex));
        assert.equal(merkleProofLength(index, size), path.length);
        for (let otherSize = 0; otherSize <= all.length + 1; otherSize++) {
          for (const other of [index, index - 1, index + 1, size - 1 - index]) {
            const leaf = { ...known(index, otherSize), index: other };
            const verified = verifyMerkleProof(leaf, path, root);
            if (other >= 0) assert.equal(verified, verifiesAsWritten(leaf, path, root));
            else assert.equal(verified, false);
          }
        }
        assert.equal(verifyMerkleProof(known(index, size), path, root), true);
      }
    });
  }

  test('with any bit of it, of its leaf or of its root flipped is refused', () => {
    for (const [index, size] of [
      [0, 1],
      [6, 7],
      [5, 12],
      [39, 40],
    ] as const) {
      const parts = [
        ...merkleProof(hashes.slice(0, size), index),
        known(index, size).hash,
        merkleRoot(all.slice(0, size)),
      ];
      for (const [n, part] of parts.entries()) {
        for (let bit = 0; bit < 256; bit++) {
          const flipped = part.slice();
          flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          const changed = parts.with(n, flipped);
          const [hash, root] = changed.slice(-2) as [Uint8Array, Uint8Array];
          assert.equal(verifyMerkleProof({ hash, index, size }, changed.slice(0, -2), root), false);
        }
      }
    }
  });

  test('that is longer, shorter or of other hashes than of 32 bytes is refused', () => {
    for (const size of [1, 5, 8, 40]) {
      const root = merkleRoot(all.slice(0, size));
      for (let index = 0; index < size; index++) {
        const path = merkleProof(hashes.slice(0, size), index);
        const [first, ...rest] = path;
        const others = [
          [...path, root],
          [root, ...path],
          [...path, new Uint8Array()],
        ];
        if (first !== undefined) {
          others.push(path.slice(0, -1), rest, [first.subarray(1), ...rest]);
          others.push([Uint8Array.of(...first, 0), ...rest], path.toReversed().slice(1));
        }
        for (const other of others) assert.equal(verifyMerkleProof(known(index, size), other, root), false);
      }
    }
  });

  test('is refused if a byte has gone from a hash beside to the leaf’s, though they join to the same', () => {
    const root = merkleRoot(all.slice(0, 2));
    const [[beside = root], own] = [merkleProof(hashes.slice(0, 2), 0), known(0, 2)];
    const longer = Uint8Array.of(...own.hash, beside[0] ?? 0);
    assert.equal(verifyMerkleProof({ ...own, hash: longer }, [beside.subarray(1)], root), false);
  });

  test('is not taken for a root that only begins as its own', () => {
    const root = merkleRoot(all.slice(0, 1));
    for (const other of [root.subarray(0, 31), Uint8Array.of(...root, 0), new Uint8Array()]) {
      assert.equal(verifyMerkleProof(known(0, 1), [], other), false);
    }
  });

  test('is neither made nor taken for a place that is not there', () => {
    for (const index of [-1, 0.5, 3, Number.NaN, Infinity]) {
      assert.throws(() => merkleProof(hashes.slice(0, 3), index), RangeError);
      assert.throws(() => merkleProofLength(index, 3), RangeError);
      assert.equal(verifyMerkleProof({ ...known(0, 3), index }, [], merkleRoot([])), false);
    }
    assert.throws(() => merkleProof([], 0), RangeError);
    assert.equal(
      verifyMerkleProof({ ...known(0, 1), size: Number.NaN }, [], leafHash(all[0] ?? new Uint8Array())),
      false,
    );
  });

  test('is as long as its place asks for beyond 2³² leaves too', () => {
    assert.equal(merkleProofLength(0, 2 ** 40), 40);
    assert.equal(merkleProofLength(2 ** 40, 2 ** 40 + 1), 1);
  });
});
