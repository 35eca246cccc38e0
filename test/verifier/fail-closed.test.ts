import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { inflateRawNode } from '../../credential/deflate-node.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { OUTCOME_OF_CODE } from '../../verifier/pipeline/decision.ts';
import type { Code, Decision } from '../../verifier/pipeline/decision.ts';
import { readText } from '../../verifier/pipeline/input.ts';
import { verifyPieces } from '../../verifier/pipeline/verify-pieces.ts';
import { startLivingRegistry } from '../support/living-registry.ts';
import type { LivingRegistry } from '../support/living-registry.ts';
import { decidePair, DOUBTS, REJECTIONS } from './fail-closed-pairs.ts';
import { CARD_NAMES, cardsOf, REVOKED_INDEX, SITUATIONS } from './fail-closed-situations.ts';
import type { Situation } from './fail-closed-situations.ts';

/*
 * docs/fail-closed.md is the specification: each cell of its tables is made to happen here, and what happens here has a
 * cell there.
 */

const TEXT = readFileSync(new URL('../../docs/fail-closed.md', import.meta.url), 'utf8');

/** The rows of the table under a heading, by their first cells. */
function tableUnder(heading: string): {
  columns: readonly string[];
  rows: ReadonlyMap<string, readonly string[]>;
} {
  const [, section = ''] = TEXT.split(`\n## ${heading}\n`);
  const [body = ''] = section.split('\n## ');
  const lines = body.split('\n').filter((line) => line.startsWith('|'));
  const cells = lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  const [head = [], , ...rows] = cells;
  assert.equal(new Set(rows.map(([name]) => name)).size, rows.length, 'a row twice');
  return { columns: head.slice(1), rows: new Map(rows.map(([name = '', ...rest]) => [name, rest])) };
}

const inWords = ({ outcome, codes }: Decision): string =>
  [outcome, ...codes.toSorted().map((code) => `\`${code}\``)].join(' ');

async function decideAtEdge(text: string, { trust, terms }: Situation): Promise<readonly Decision[]> {
  const pieces = readText(text).map((piece) => ({ source: '-', piece }));
  const ports = { inflate: inflateRawNode, importKey: importEs256Key };
  return verifyPieces(pieces, trust, terms, ports);
}

describe('what each card reads in each failure', () => {
  const { columns, rows } = tableUnder('What each card reads');
  let living: LivingRegistry;
  before(async () => {
    living = await startLivingRegistry();
    living.list.set(REVOKED_INDEX, true);
    await living.anchor();
  });
  after(() => living.stop());

  test('the document has the rows and columns that are tested, and no others', () => {
    assert.deepEqual(columns, CARD_NAMES);
    assert.deepEqual([...rows.keys()], Object.keys(SITUATIONS));
  });

  for (const [name, make] of Object.entries(SITUATIONS)) {
    test(name, async (t) => {
      const situation = await make(t, living);
      const cards = situation.cards ?? cardsOf(living);
      const decided = await Promise.all(CARD_NAMES.map(async (card) => decideAtEdge(cards[card], situation)));
      const read = decided.map((decisions) => decisions.map(inWords).join());
      assert.deepEqual(read, rows.get(name));
      const [[good] = []] = decided;
      assert.equal(good?.rules?.fault ?? undefined, situation.fault, 'rules fail for the reason of the row');
      assert.ok(!read.slice(1).join().includes('accepted'), 'only a good card ever passes');
    });
  }
});

describe('which stands when a rejection meets a doubt', () => {
  const { columns, rows } = tableUnder('Which stands');
  const codesOf = (outcome: string): readonly string[] =>
    (Object.keys(OUTCOME_OF_CODE) as Code[]).filter((code) => OUTCOME_OF_CODE[code] === outcome);
  const bare = (cell: string): string => cell.replaceAll('`', '');

  test('the document has a row for each rejection and a column for each doubt, as the table of codes has them', () => {
    assert.deepEqual(columns.map(bare), codesOf('undetermined'));
    assert.deepEqual([...rows.keys()].map(bare), codesOf('rejected'));
    assert.deepEqual(Object.keys(DOUBTS).toSorted(), codesOf('undetermined').toSorted());
    assert.deepEqual(Object.keys(REJECTIONS).toSorted(), codesOf('rejected').toSorted());
  });

  for (const [rejection, cells] of rows) {
    test(bare(rejection), async () => {
      for (const [place, cell] of cells.entries()) {
        const [one, doubt] = [bare(rejection), bare(columns[place] ?? '')] as [
          keyof typeof REJECTIONS,
          keyof typeof DOUBTS,
        ];
        const { outcome, codes } = await decidePair(REJECTIONS[one] ?? {}, DOUBTS[doubt] ?? {});
        const meet = codes.includes(one) && codes.includes(doubt);
        assert.equal(meet ? outcome : '–', cell, `${one} with ${doubt}: ${codes.join()}`);
        assert.notEqual(outcome, 'accepted');
      }
    });
  }
});
