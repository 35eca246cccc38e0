import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBundle } from '../../../verifier/node/bundle.ts';
import type { KeptTrust } from '../../../verifier/node/kept-trust.ts';
import { ownBundle } from '../../../verifier/node/own-bundle.ts';
import { trustDocument } from '../../support/cards.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a key that could not be read once is read again when the bundle is asked for again', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'exporter-key.pem');
  await writeFile(path, 'not a key');
  const document = trustDocument();
  const kept = { folder, document: () => document, imported: () => undefined } as unknown as KeptTrust;
  const own = await ownBundle(kept);
  const both = [own.text(), own.text()];
  for (const one of both) await assert.rejects(one, { code: 'FILE_UNREADABLE' });
  await assert.rejects(own.text(), { code: 'FILE_UNREADABLE' });
  await rm(path);
  const text = await own.text();
  assert.deepEqual((await openBundle(text ?? '', {})).document, document);
  assert.equal(await own.text(), text, 'signed once');
});
