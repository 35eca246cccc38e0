import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ChunkFiles } from '../../../agent/bulk/chunk-files.ts';
import { assertWholeInput, type ChunkRecord, totalsOf } from '../../../agent/bulk/chunk-records.ts';
import type { IssuedChunk } from '../../../agent/bulk/issue-chunk.ts';

const BYTES = 100;

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'pratique-parts-'));
});
afterEach(async () => rm(out, { recursive: true }));

function issued(number: number): IssuedChunk {
  const cards = Buffer.from(`{"line":${number},"jws":"card ${number}"}\n`);
  const refused = Buffer.from(number % 2 === 0 ? `{"line":${number},"reason":"TOO_EARLY"}\n` : '');
  return {
    cards: Uint8Array.from(cards),
    refused: Uint8Array.from(refused),
    rows: [],
    reasons: {},
    withoutQr: 0,
  };
}

/** Writes a chunk that counts `cards` cards, and answers its record. */
async function written(
  files: ChunkFiles,
  number: number,
  { agent = 1, cards = 1 }: { readonly agent?: number; readonly cards?: number } = {},
): Promise<readonly [number, ChunkRecord]> {
  const parts = await files.write(number, agent, issued(number));
  const [start, end] = [(number - 1) * BYTES, number * BYTES];
  const reasons = number % 2 === 0 ? { TOO_EARLY: 1 } : {};
  return [number, { start, end, lines: 2, cards, withoutQr: 0, reasons, ...parts }];
}

const read = async (name: string): Promise<string> => readFile(join(out, name), 'utf8');
const cardsOf = (...numbers: number[]): string =>
  numbers.map((each) => Buffer.from(issued(each).cards).toString()).join('');
const refusedOf = (...numbers: number[]): string =>
  numbers.map((each) => Buffer.from(issued(each).refused).toString()).join('');

test('chunks of several agents become the files that one writes, in the order of the input, for nobody else to read', async () => {
  const files = new ChunkFiles(out, 'people');
  const records = new Map([
    await written(files, 3),
    await written(files, 1, { agent: 2, cards: 60_000 }),
    await written(files, 2, { cards: 60_000 }),
  ]);
  for (const [number, record] of records) await files.keep(number, record);
  const made = await files.assemble(records);
  assert.deepEqual(made, { shards: [join(out, 'people-0001.ndjson'), join(out, 'people-0002.ndjson')] });
  assert.equal(await read('people-0001.ndjson'), cardsOf(1, 2));
  assert.equal(await read('people-0002.ndjson'), cardsOf(3));
  assert.equal(await read('people-refused.ndjson'), refusedOf(2));
  assert.equal((await readdir(out)).length, 3);
  for (const name of await readdir(out)) assert.equal((await stat(join(out, name))).mode & 0o777, 0o600);
  assert.deepEqual(await files.assemble(records), made, 'again, and nothing happens');
});

test('a chunk that counts and has no name yet is found; one that another made as well is not called a chunk', async () => {
  const files = new ChunkFiles(out, 'people');
  const [number, record] = await written(files, 1);
  await written(files, 1, { agent: 2 });
  await files.assemble(new Map([[number, record]]));
  assert.equal(await read('people-0001.ndjson'), cardsOf(1));
  assert.deepEqual((await readdir(out)).toSorted(), ['people-0001.ndjson', 'people-refused.ndjson']);
});

test('of chunks in the folders of several agents nothing is made until they lie together', async () => {
  const other = await mkdtemp(join(tmpdir(), 'pratique-parts-'));
  const [here, there] = [new ChunkFiles(out, 'people'), new ChunkFiles(other, 'people')];
  const records = new Map([await written(here, 1), await written(there, 2, { agent: 2 })]);
  for (const [number, record] of records) for (const each of [here, there]) await each.keep(number, record);
  assert.deepEqual(await here.assemble(records), { elsewhere: 1 });
  assert.deepEqual(await there.assemble(records), { elsewhere: 1 });
  await cp(join(other, 'people.parts'), join(out, 'people.parts'), { recursive: true });
  await rm(other, { recursive: true });
  await here.assemble(records);
  assert.equal(await read('people-0001.ndjson'), cardsOf(1, 2));
});

test('where it was killed while making the files it goes on', async () => {
  const files = new ChunkFiles(out, 'people');
  const records = new Map([await written(files, 1, { cards: 100_000 }), await written(files, 2)]);
  for (const [number, record] of records) await files.keep(number, record);
  await writeFile(join(out, 'people-0001.ndjson'), cardsOf(1));
  await writeFile(join(out, 'people-0002.ndjson.part'), 'half');
  await files.assemble(records);
  assert.equal(await read('people-0002.ndjson'), cardsOf(2));
  assert.equal(await read('people-refused.ndjson'), refusedOf(2));
});

test('files of another bulk are not written over, and a part that was changed is not taken', async () => {
  const files = new ChunkFiles(out, 'people');
  const records = new Map([await written(files, 1)]);
  await files.keep(...(await written(files, 1)));
  await writeFile(join(out, 'people-0001.ndjson'), 'somebody else’s');
  await assert.rejects(files.assemble(records), { code: 'OUTPUT_UNWRITABLE' });
  assert.equal(await read('people-0001.ndjson'), 'somebody else’s');
  await rm(join(out, 'people-0001.ndjson'));
  const part = join(out, 'people.parts', '000001.ndjson');
  await writeFile(part, (await readFile(part, 'utf8')).replace('card 1', 'card 2'));
  await assert.rejects(files.assemble(records), { code: 'OUTPUT_UNWRITABLE' });
});

test('of an input without a line an empty file is made', async () => {
  await new ChunkFiles(out, 'people').assemble(new Map());
  assert.equal(await read('people-0001.ndjson'), '');
  assert.equal(await read('people-refused.ndjson'), '');
});

test('parts that leave something out, or have it twice, are no input', async () => {
  const files = new ChunkFiles(out, 'people');
  const records = new Map([await written(files, 1), await written(files, 2), await written(files, 3)]);
  assertWholeInput(records, 3 * BYTES);
  const damaged = { code: 'STORE_DAMAGED' };
  assert.throws(() => assertWholeInput(records, 4 * BYTES), damaged);
  const [, second] = await written(files, 2);
  const with3 = (record: ChunkRecord): Map<number, ChunkRecord> => new Map(records).set(3, record);
  assert.throws(() => assertWholeInput(with3(second), 3 * BYTES), damaged);
  assert.throws(() => assertWholeInput(with3({ ...second, end: 3 * BYTES }), 3 * BYTES), damaged);
  records.delete(2);
  assert.throws(() => assertWholeInput(records, 3 * BYTES), damaged);
});

test('what chunks came to is counted together', async () => {
  const files = new ChunkFiles(out, 'people');
  const records = new Map([await written(files, 1), await written(files, 2), await written(files, 4)]);
  const totals = { lines: 6, cards: 3, withoutQr: 0, reasons: { TOO_EARLY: 2 } };
  assert.deepEqual(totalsOf(records.values()), totals);
});
