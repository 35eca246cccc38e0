import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { BulkOrder, BulkReport } from '../../agent/bulk/run-bulk.ts';
import type { Issuer } from '../../agent/issuer.ts';
import { sampleRecord } from '../../agent/sample-records.ts';
import { makeIssuer, temporaryFolder, type IssuerChoice, type IssuerFixture } from './issuer-fixture.ts';
import { NEW_YORK } from './records.ts';

/** The day of the fixture's NOW. */
export const TODAY = '2026-11-23';

/** A line of a file of cards. */
export interface CardLine {
  readonly line: number;
  readonly id: string;
  readonly jws: string;
}

/** A line of the file of refused records. */
export interface RefusedLine {
  readonly line: number;
  readonly reason: string;
}

export interface BulkFixture extends IssuerFixture {
  readonly folder: string;
  readonly input: string;
  readonly out: string;
  /** A bulk of Passes from `input` into `out`, by two threads. */
  readonly bulk: (more?: Partial<BulkOrder>) => Promise<BulkReport>;
}

/** Lines of so many made-up people. */
export function peopleLines(people: number, seed = 1): string {
  return Array.from(
    { length: people },
    (_, place) => `${JSON.stringify(sampleRecord(seed, place, TODAY))}\n`,
  ).join('');
}

/** An issuer that has a policy, and an input. */
export async function bulkFixture(
  t: TestContext,
  input: string,
  choice: IssuerChoice = {},
): Promise<BulkFixture> {
  const fixture = await makeIssuer(t, choice);
  await fixture.issuer.policy.say(NEW_YORK);
  const folder = await temporaryFolder(t);
  const [path, out] = [join(folder, 'people.ndjson'), join(folder, 'cards')];
  await writeFile(path, input);
  await mkdir(out);
  return {
    ...fixture,
    folder,
    input: path,
    out,
    bulk: async (more = {}) => bulkOf(fixture.issuer, { input: path, out, ...more }),
  };
}

/** A bulk of Passes by two threads. */
export async function bulkOf(
  issuer: Issuer,
  order: Partial<BulkOrder> & Pick<BulkOrder, 'input' | 'out'>,
): Promise<BulkReport> {
  return issuer.issueBulk({ product: 'vaccination-pass', threads: 2, linesPerChunk: 64, ...order });
}

/** All lines of the files of cards, and of the file of refused lines, of a folder with one bulk in it. */
export async function outcomesIn(
  out: string,
): Promise<{ readonly cards: readonly CardLine[]; readonly refused: readonly RefusedLine[] }> {
  const [cards, refused]: [CardLine[], RefusedLine[]] = [[], []];
  for (const name of (await readdir(out)).toSorted()) {
    const text = await readFile(join(out, name), 'utf8');
    assert.ok(text === '' || text.endsWith('\n'), name);
    const lines = text.split('\n').slice(0, -1);
    if (name.endsWith('-refused.ndjson'))
      refused.push(...lines.map((line) => JSON.parse(line) as RefusedLine));
    else cards.push(...lines.map((line) => JSON.parse(line) as CardLine));
  }
  return { cards, refused };
}

/** Asserts that each line of the input has exactly one outcome, and no two cards share an id. */
export function assertWhole({ cards, refused }: Awaited<ReturnType<typeof outcomesIn>>, lines: number): void {
  const numbers = [...cards, ...refused].map(({ line }) => line).toSorted((a, b) => a - b);
  assert.deepEqual(
    numbers,
    Array.from({ length: lines }, (_, at) => at + 1),
  );
  assert.equal(new Set(cards.map(({ id }) => id)).size, cards.length);
}
