import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isField, isItemField } from '../../verifier/pipeline/rules/payload-fields.ts';
import { type Block, blocksOf, runBlocks } from '../support/guide.ts';

describe('docs/rules.md', () => {
  let folder: string;
  let text: string;
  let blocks: readonly Block[];
  let printed: readonly string[];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-rules-guide-'));
    text = await readFile(new URL('../../docs/rules.md', import.meta.url), 'utf8');
    blocks = blocksOf(text);
    // No command asks a chain.
    printed = await runBlocks(blocks, { rpcUrl: 'http://127.0.0.1:9', cwd: folder });
  });
  after(() => rm(folder, { recursive: true }));

  test('every command prints what the guide says that it does', () => {
    assert.ok(blocks.length > 6);
    assert.equal(printed.length, blocks.length);
    for (const [at, { commands, prints }] of blocks.entries()) assert.equal(printed[at], prints, commands);
  });

  test('every field in its table is one that rules are given', () => {
    const names = { numbers: new Set(['NAME']), testKinds: new Set(['KIND']) };
    let fields = 0;
    for (const [, cell = ''] of text.matchAll(/^\| (`(?:payload|external)\..*?) *\|/gm)) {
      let stem = '';
      for (const [, path = ''] of cell.matchAll(/`([^`]+)`/g)) {
        if (path === 'reduce') continue;
        const full = path.startsWith('.') ? stem.replace(/\.[^.]+$/, '') + path : path;
        if (!path.startsWith('.')) stem = path;
        assert.ok(isField(full.replace('attested.NAME', 'attested.vaccine-policy'), names), full);
        fields++;
      }
    }
    assert.ok(fields > 25, String(fields));
    assert.ok(isItemField('current.kinds.KIND', 'payload.results', names));
  });
});
