import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { connectRegistry } from '../../contracts/registry-client.ts';
import { now, startFederation, type Federation } from '../support/federation.ts';
import { blocksOf, runBlocks, type Block } from '../support/guide.ts';
import { makeTokens, withoutToken, type Tokens } from '../support/softhsm.ts';

const GUIDE = new URL('../../docs/key-ceremony.md', import.meta.url);
const SAMPLE = new URL('../../cli/samples/immunization.json', import.meta.url);
const ISS = 'https://cove.example/health';

/** What differs from run to run. */
function steady(text: string): string {
  return text
    .replaceAll(/\b(key +)[\w-]{43}/gi, '$1KID')
    .replace(/block \d+, [\d,]+ gas/, 'block N, N gas')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/^Card \S{6} /m, 'Card RID ');
}

describe('docs/key-ceremony.md', { skip: withoutToken }, () => {
  let federation: Federation;
  let tokens: Tokens;
  let blocks: readonly Block[];
  let printed: readonly string[];
  before(async () => {
    tokens = await makeTokens();
    federation = await startFederation();
    const { folder, rpcUrl, registry } = federation;
    const controller = await (await connectRegistry({ rpcUrl, address: registry, account: 5 })).sender();
    await federation.accreditor.registerIssuer({
      iss: ISS,
      name: 'Cove Clinic',
      statusBase: ISS,
      jurisdiction: 'US-NY',
      controller,
      accreditedFrom: now() - 60,
      accreditedUntil: 0,
      attestations: 0,
      status: 'active',
    });
    for (const [name, text] of [
      ['passphrase', 'twelve words by dice'],
      ['pin', '4711-clinic'],
      ['so-pin', '0000-officer'],
    ] as const) {
      await writeFile(join(folder, name), text);
    }
    await copyFile(SAMPLE, join(folder, 'record.json'));
    const { module } = tokens.place('clinic');
    const guide = (await readFile(GUIDE, 'utf8')).replace(/^MODULE=.*$/m, `MODULE=${module}`);
    blocks = blocksOf(guide);
    const registryLine = { commands: `REGISTRY=${registry}\n`, prints: '' };
    printed = await runBlocks([registryLine, ...blocks], { rpcUrl, cwd: folder });
  });
  after(async () => {
    await federation.stop();
    await tokens.stop();
  });

  test('every command prints what the guide says that it does', () => {
    assert.ok(blocks.length > 5);
    assert.equal(printed.length, blocks.length + 1);
    for (const [at, { commands, prints }] of blocks.entries()) {
      assert.equal(steady(printed[at + 1] ?? ''), prints, commands);
    }
  });
});
