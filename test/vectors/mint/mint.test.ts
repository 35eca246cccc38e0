import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mintAll, mintedFiles } from './mint.ts';
import { signEs256 } from './p256.ts';

test('minting anew changes no file, adds none and removes none', async () => {
  const [minted, there] = [mintAll(), await mintedFiles()];
  const changed = [...minted].filter(([path, text]) => there.get(path) !== text).map(([path]) => path);
  const left = [...there.keys()].filter((path) => !minted.has(path));
  assert.deepEqual({ changed, left }, { changed: [], left: [] }, 'run `npm run vectors`');
});

test('signatures are those of RFC 6979 appendix A.2.5', () => {
  const d = 0xc9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721n;
  assert.equal(
    signEs256(d, Buffer.from('sample')).toString('hex'),
    'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
      'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
  );
  assert.equal(
    signEs256(d, Buffer.from('test')).toString('hex'),
    'f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367' +
      '019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083',
  );
});
