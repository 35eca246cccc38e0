import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inflateRawNode } from '../../../credential/deflate-node.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { readText } from '../../../verifier/pipeline/input.ts';
import { verifyPieces } from '../../../verifier/pipeline/verify-pieces.ts';
import type { Trust } from '../../../verifier/pipeline/trust.ts';
import type { NoTrust } from '../../../verifier/pipeline/verify.ts';
import { anchoredTrust, mintCard, newKey, NOW, trustDocument, trustedKey } from '../../support/cards.ts';

const key = newKey();
const trust = anchoredTrust(trustDocument({ keys: [trustedKey(key)] }));
/** Cards of different content, each telling itself apart by its answer. */
const cards = [mintCard(key), mintCard(key, { exp: NOW - 1 }), mintCard(key, { nbf: NOW + 3600 })];
const [good = '', expired = '', early = ''] = cards;
const ANSWERS = ['VALID', 'EXPIRED', 'NOT_YET_VALID'];

function chunksOf(jws: string, total: number): readonly string[] {
  const size = Math.ceil(jws.length / total);
  return Array.from({ length: total }, (_, n) =>
    encodeCardUri(jws.slice(n * size, (n + 1) * size), 'shc').replace('shc:/', `shc:/${n + 1}/${total}/`),
  );
}

/** Each answer as source and codes; the source of a line is its number. */
async function answers(lines: readonly string[], by: Trust | NoTrust = trust): Promise<readonly string[]> {
  const pieces = lines.flatMap((line, n) => readText(line).map((piece) => ({ source: String(n), piece })));
  const terms = { now: NOW, allowUnanchored: false, rules: 'none' };
  const ports = { inflate: inflateRawNode, importKey: importEs256Key };
  const decisions = await verifyPieces(pieces, by, terms, ports);
  return decisions.map(({ source, codes }) => `${source} ${codes.join()}`);
}

test('a card of chunks stands where its first chunk was', async () => {
  const [first = '', second = ''] = chunksOf(good, 2);
  assert.deepEqual(await answers([early, second, first, first, expired]), [
    '0 NOT_YET_VALID',
    '1 VALID',
    '4 EXPIRED',
  ]);
});

test('the chunks of several cards make these cards and no others, in whatever order they come', async () => {
  const all = fc.constantFrom(2, 3).chain((total) => {
    const chunks = cards.flatMap((card) => chunksOf(card, total));
    return fc.shuffledSubarray(chunks.concat(chunks), { minLength: 2 * chunks.length });
  });
  await fc.assert(
    fc.asyncProperty(all, async (chunks) => {
      const codes = (await answers(chunks)).map((answer) => answer.replace(/^\d+ /, ''));
      assert.deepEqual(codes.toSorted(), ANSWERS.toSorted());
    }),
    { numRuns: 50 },
  );
});

test('what is left of cards that are not whole is as many unreadable ones, and none of them forged', async () => {
  const [a1 = '', a2 = ''] = chunksOf(good, 2);
  const [b1 = '', b2 = ''] = chunksOf(expired, 2);
  const [c1 = ''] = chunksOf(early, 2);
  assert.deepEqual(await answers([a1, b1, b2]), ['0 INCOMPLETE_QR', '1 EXPIRED']);
  assert.deepEqual(await answers([a1, b1, c1]), ['0 INCOMPLETE_QR', '1 INCOMPLETE_QR', '2 INCOMPLETE_QR']);
  assert.deepEqual(await answers([a1, b1, c1, a2]), ['0 VALID', '1 INCOMPLETE_QR', '2 INCOMPLETE_QR']);
});

test('chunks on both sides of something else are not of one card', async () => {
  const [first = '', second = ''] = chunksOf(good, 2);
  assert.deepEqual(await answers([first, expired, second]), [
    '0 INCOMPLETE_QR',
    '1 EXPIRED',
    '2 INCOMPLETE_QR',
  ]);
});

test('two chunks that can only be one card are judged as it, forged or not', async () => {
  const signatureAt = good.lastIndexOf('.') + 1;
  const first = encodeCardUri(good.slice(0, signatureAt), 'shc').replace('shc:/', 'shc:/1/2/');
  const second = encodeCardUri(expired.slice(expired.lastIndexOf('.') + 1), 'shc');
  assert.deepEqual(await answers([first, second.replace('shc:/', 'shc:/2/2/')]), ['0 SIGNATURE_INVALID']);
});

test('without trust data no signature tells mixed chunks apart, while those in turn still are cards', async () => {
  const [a1 = '', a2 = ''] = chunksOf(good, 2);
  const [b1 = '', b2 = ''] = chunksOf(expired, 2);
  assert.deepEqual(await answers([a1, a2, b2, b1], 'missing'), ['0 TRUST_MISSING', '2 TRUST_MISSING']);
  assert.deepEqual(await answers([a1, b1, a2, b2], 'missing'), ['0 INCOMPLETE_QR', '1 INCOMPLETE_QR']);
});

test('cards in turn that are all forged are called so, and a good one among them is found', async () => {
  const [a1 = '', a2 = ''] = chunksOf(good, 2);
  const forged = [NOW - 1, NOW - 2]
    .map((nbf) => mintCard(newKey(), { nbf }))
    .map((card) => chunksOf(card.replace(/^[^.]*/, good.slice(0, good.indexOf('.'))), 2));
  const [[f1 = '', f2 = ''] = [], [g1 = '', g2 = ''] = []] = forged;
  assert.deepEqual(await answers([f1, f2, g1, g2]), ['0 SIGNATURE_INVALID', '2 SIGNATURE_INVALID']);
  assert.deepEqual(await answers([f2, f1, a1, a2]), ['0 SIGNATURE_INVALID', '2 VALID']);
});

test('a hundred chunks that could make any number of cards are not tried', async () => {
  const many = Array.from({ length: 99 }, (_, n) => [
    encodeCardUri(`a${n}`, 'shc').replace('shc:/', `shc:/${n + 1}/99/`),
    encodeCardUri(`b${n}`, 'shc').replace('shc:/', `shc:/${n + 1}/99/`),
  ]);
  assert.deepEqual(await answers(many.flat()), ['0 INCOMPLETE_QR', '1 INCOMPLETE_QR']);
});
