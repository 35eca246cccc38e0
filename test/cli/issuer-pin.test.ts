import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { pinAsker } from '../../cli/issuer/pin.ts';

let folder: string;
let path: (name: string) => string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-pins-'));
  path = (name) => join(folder, name);
  await writeFile(path('one'), 'first PIN\n');
  await writeFile(path('two'), 'second PIN\r\n');
  await writeFile(path('empty'), '\n');
});
after(() => rm(folder, { recursive: true }));

test('a PIN file is for every token, or for the one whose label it carries', async () => {
  const both = pinAsker([path('one'), `backup=${path('two')}`]);
  assert.deepEqual([await both('clinic'), await both('backup')], ['first PIN', 'second PIN']);
  const named = pinAsker([`clinic=${path('one')}`]);
  assert.equal(await named('clinic'), 'first PIN');
  await assert.rejects(named('backup'), { code: 'PIN_MISSING' });
});

test('a PIN is read once for a run, and one that is not there is said to be missing', async () => {
  const changing = pinAsker([path('changed')]);
  await writeFile(path('changed'), 'before');
  assert.equal(await changing('clinic'), 'before');
  await writeFile(path('changed'), 'after');
  assert.equal(await changing('clinic'), 'before');
  await assert.rejects(pinAsker([path('empty')])('clinic'), { code: 'PIN_MISSING' });
  await assert.rejects(pinAsker([path('nowhere')])('clinic'), { code: 'INPUT_UNREADABLE' });
  await assert.rejects(pinAsker()('clinic'), { code: 'PIN_MISSING' });
});
