import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { builtPage } from '../../cli/built-page.ts';

/** Bytes that a phone fetches of our JavaScript, at most. */
const BUDGET = 250_000;

for (const page of ['scanner', 'wallet'] as const) {
  test(`all JavaScript of the ${page} together stays within 250 kB, gzipped`, async (t) => {
    const folder = (await builtPage(page)) ?? '';
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'));
    assert.ok(names.length >= 3, names.join());
    let total = 0;
    for (const name of names.toSorted()) {
      const { length } = gzipSync(await readFile(join(folder, name)));
      t.diagnostic(`${name} ${(length / 1000).toFixed(1)} kB`);
      total += length;
    }
    t.diagnostic(`together ${(total / 1000).toFixed(1)} kB`);
    assert.ok(total <= BUDGET, `${total}`);
  });
}
