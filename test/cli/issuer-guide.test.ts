import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Block, runIssuerGuide } from '../support/guide.ts';

/** What differs from run to run, or from day to day. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{3})?Z/g, '<time>'],
  [/0x[0-9a-f]{41,}|0x[0-9a-f]{8}…/g, '<hash>'],
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, '<kid>'],
  [/less than \d+ minutes? ago/g, '<age>'],
  [/(?<![\w-])[\d,]+(?![\w-])/g, '<n>'],
];

function settled(text: string): string {
  return CHANGING.reduce((all, [pattern, word]) => all.replaceAll(pattern, word), text);
}

describe('docs/issuer.md', () => {
  let folder: string;
  let blocks: readonly Block[];
  let printed: readonly string[];
  before(
    async () => {
      folder = await mkdtemp(join(tmpdir(), 'pratique-department-'));
      ({ blocks, printed } = await runIssuerGuide('issuer.md', folder));
    },
    // Twenty commands, each a process.
    { timeout: 180_000 },
  );
  after(() => rm(folder, { recursive: true }));

  test('every command prints what the guide says that it does', () => {
    assert.equal(printed.length, blocks.length);
    for (const [at, { commands, prints }] of blocks.entries()) {
      assert.equal(settled(printed[at] ?? ''), settled(prints), commands);
    }
  });

  test('at its end a venue accepts the first pass', () => {
    assert.match(printed.at(-1) ?? '', /ACCEPTED[^]*VALID[^]*Ana Rivera/);
  });
});
