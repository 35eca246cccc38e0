import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { decodeCompactList, encodeCompactList } from '../../credential/compact-list.ts';
import { blockWithProof, openBlock } from '../../credential/list-block.ts';
import { applyListDeltas, decodeListDelta, encodeListDelta } from '../../credential/list-delta.ts';
import { BLOCK_BITS } from '../../credential/status-list.ts';
import { anchorOf, bitsOf, entropyBits, KID, listOf, scatteredList } from '../support/lists.ts';

const paper = readFileSync(new URL('../../docs/formats/compact-status-list.md', import.meta.url), 'utf8');

/** The bytes of an example: the first word of each of its lines. */
function example(name: string): Buffer {
  const [, lines] = new RegExp(`\`\`\`text ${name}\n(.*?)\`\`\``, 's').exec(paper) ?? [];
  assert.ok(lines !== undefined, `the paper has an example of a ${name}`);
  return Buffer.from([...lines.matchAll(/^[0-9a-f]+/gm)].join(''), 'hex');
}

describe('the paper on the binary forms', () => {
  const kid = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
  const first = { kid, counter: 300, list: listOf(1, [3, 5000, 131_071]) };
  const second = { kid, counter: 301, list: listOf(2, [3, 77, 131_071]) };
  const limits = { maxBits: 2 * BLOCK_BITS };
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

  test('shows the list that is written and read', () => {
    assert.equal(hex(encodeCompactList(first)), hex(example('list')));
    const { kid: named, counter, list, root } = decodeCompactList(example('list'), limits);
    assert.deepEqual([named, counter, [...list.indices()]], [kid, 300, [3, 5000, 131_071]]);
    assert.ok(paper.includes(`\`${hex(root)}\``));
  });

  test('shows the change that is written and leads on', () => {
    assert.equal(hex(encodeListDelta(kid, first, second)), hex(example('change')));
    const delta = decodeListDelta(example('change'), limits);
    const { list } = applyListDeltas(first, [delta], anchorOf(second));
    assert.deepEqual([...list.indices()], [3, 77, 131_071]);
    assert.ok(paper.includes(`\`${hex(list.root())}\``));
  });

  test('shows the block that is written and opened', () => {
    assert.equal(hex(blockWithProof(second, 0)), hex(example('block')));
    const block = openBlock(example('block'), { kid, ...anchorOf(second) });
    assert.deepEqual([block.number, block.get(77), block.get(78)], [0, true, false]);
  });

  test('has the sizes that lists have', () => {
    const rows = [...paper.matchAll(/^\| ([0-9,]+) +\| +([0-9,]+) \| +([0-9.]+) \|$/gm)];
    assert.equal(rows.length, 3);
    for (const [, on = '', bytes, ratio] of rows) {
      const list = scatteredList(43, Number(on.replaceAll(',', '')));
      const { length } = encodeCompactList({ kid: KID, counter: 1000, list });
      const least = entropyBits(bitsOf(43), list.revoked) / 8;
      assert.deepEqual([length.toLocaleString('en'), (length / least).toFixed(3)], [bytes, ratio]);
    }
  });
});
