import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { merkleRoot } from '../../credential/merkle.ts';

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
