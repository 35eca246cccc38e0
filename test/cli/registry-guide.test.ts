import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openKeystore } from '../../contracts/registry-account.ts';
import { startAnvil } from '../support/anvil.ts';
import { type Block, blocksOf, runBlocks } from '../support/guide.ts';

/** Gas depends a little on how many bytes of a random key are zero. */
const GAS_TOLERANCE = 0.02;

/** What differs from run to run; the rest has to be as it stands in the guide. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{3})?Z/g, '<time>'],
  [/0x[0-9a-f]{41,}|0x[0-9a-f]{8}…/g, '<hash>'],
  [/[\d,]+ gas/g, '<gas>'],
  [/(?<![\w-])[\w-]{86}(?![\w-])/g, '<signature>'],
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, '<kid>'],
  [/anchor-[\w-]{43}-1/g, 'anchor-<kid>-1'],
  [/\b1[789]\d{8}\b/g, '<seconds>'],
];

describe('docs/registry.md', () => {
  let folder: string;
  let blocks: readonly Block[];
  let printed: readonly string[];
  before(
    async () => {
      folder = await mkdtemp(join(tmpdir(), 'pratique-guide-'));
      blocks = blocksOf(await readFile(new URL('../../docs/registry.md', import.meta.url), 'utf8'));
      const chain = await startAnvil();
      try {
        printed = await runBlocks(blocks, { rpcUrl: chain.rpcUrl, cwd: folder });
      } finally {
        await chain.stop();
      }
    },
    // Sixty commands, each a process.
    { timeout: 300_000 },
  );
  after(() => rm(folder, { recursive: true }));

  test('every command prints what the guide says that it does', () => {
    assert.ok(blocks.length > 20);
    assert.equal(printed.length, blocks.length);
    // The account that is made on the way is another in each run.
    const made = blocks.findIndex(({ commands }) => commands.includes('account new'));
    assert.ok(made >= 0);
    const [said, own] = [blocks[made]?.prints.trim() ?? '', printed[made]?.trim() ?? ''];
    for (const [at, { commands, prints }] of blocks.entries()) {
      const actual = printed[at] ?? '';
      const [expected, found] = [prints.replaceAll(said, '<made>'), actual.replaceAll(own, '<made>')];
      assert.equal(settled(found), settled(expected), commands);
      for (const [index, gas] of gasOf(actual).entries()) {
        const promised = gasOf(prints)[index] ?? 0;
        assert.ok(Math.abs(gas - promised) <= GAS_TOLERANCE * gas, `${gas} gas, not ${promised}`);
      }
    }
  });

  test('the key of the account that is made stands nowhere but in its keystore, sealed', async () => {
    const path = join(folder, 'issuer.json');
    const { privateKey } = await openKeystore(path, 'correct horse battery staple');
    const key = privateKey.slice(2);
    for (const text of [...printed, await readFile(path, 'utf8')]) assert.ok(!text.includes(key));
  });
});

/** A text without what changes. */
function settled(text: string): string {
  return CHANGING.reduce((changed, [pattern, name]) => changed.replaceAll(pattern, name), text);
}

function gasOf(text: string): number[] {
  return Array.from(text.matchAll(/([\d,]+) gas/g), ([, gas = '']) => Number(gas.replaceAll(',', '')));
}
