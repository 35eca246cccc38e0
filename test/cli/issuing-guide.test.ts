import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { FhirBundle } from '../../credential/fhir-bundle.ts';
import { type Block, runIssuerGuide } from '../support/guide.ts';

const LOT = 'EL1004';
const PEOPLE = 300;

/** What differs from run to run, or from day to day. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{3})?Z/g, '<time>'],
  [/0x[0-9a-f]{41,}|0x[0-9a-f]{8}…/g, '<hash>'],
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, '<kid>'],
  [/^Issuing: .*\n/gm, ''],
  // How many of each there are depends on the day.
  [/^ +\d+ refused: \w+\n/gm, ''],
  [/(?<![\w-])[\d,]+(?![\w-])/g, '<n>'],
];

interface CardLine {
  readonly line: number;
  readonly jws: string;
}

interface Said {
  readonly outcome: string;
  readonly codes: readonly string[];
  readonly subject: { readonly name: string; readonly birthDate: string } | null;
}

describe('docs/issuing.md', () => {
  let folder: string;
  let blocks: readonly Block[];
  let printed: readonly string[];
  before(
    async () => {
      folder = await mkdtemp(join(tmpdir(), 'pratique-issuing-'));
      ({ blocks, printed } = await runIssuerGuide('issuing.md', folder));
    },
    // Twenty commands, each a process.
    { timeout: 180_000 },
  );
  after(() => rm(folder, { recursive: true }));

  const lines = async <T>(name: string): Promise<readonly T[]> =>
    (await readFile(join(folder, name), 'utf8'))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as T);
  const said = async (name: string): Promise<readonly Said[]> =>
    JSON.parse(await readFile(join(folder, name), 'utf8')) as readonly Said[];

  test('every command prints what the guide says that it does', () => {
    assert.equal(printed.length, blocks.length);
    for (const [at, { commands, prints }] of blocks.entries()) {
      assert.equal(settled(printed[at] ?? ''), settled(prints), commands);
    }
  });

  test('each line of the file has a card or a reason', async () => {
    const cards = await lines<CardLine>('cards/people-0001.ndjson');
    const refused = await lines<{ line: number; reason: string }>('cards/people-refused.ndjson');
    const all = [...cards, ...refused].map(({ line }) => line).toSorted((a, b) => a - b);
    assert.deepEqual(
      all,
      Array.from({ length: PEOPLE }, (_, at) => at + 1),
    );
    assert.ok(cards.length > PEOPLE / 2 && refused.length > PEOPLE / 20);
  });

  test('before the recall every card is accepted, about the person of its line', async () => {
    const people = await lines<FhirBundle>('people.ndjson');
    const cards = await lines<CardLine>('cards/people-0001.ndjson');
    const answers = await said('before.json');
    assert.equal(answers.length, cards.length);
    for (const [at, { line }] of cards.entries()) {
      const answer = answers[at];
      assert.deepEqual([answer?.outcome, answer?.codes], ['accepted', ['VALID']]);
      const patient = people[line - 1]?.entry[0]?.resource;
      assert.equal(answer?.subject?.birthDate, patient?.['birthDate']);
    }
  });

  test('after it exactly the cards of records that name the lot are revoked, and the others stay good', async () => {
    const people = await lines<FhirBundle>('people.ndjson');
    const cards = await lines<CardLine>('cards/people-0001.ndjson');
    const expected = cards.map(({ line }) =>
      people[line - 1]?.entry.some(({ resource }) => resource['lotNumber'] === LOT) === true
        ? ['REVOKED']
        : ['VALID'],
    );
    const revoked = expected.filter(([code]) => code === 'REVOKED').length;
    assert.ok(revoked > 3 && revoked < cards.length / 4, String(revoked));
    assert.deepEqual(
      (await said('after.json')).map(({ codes }) => codes),
      expected,
    );
  });
});

/** A text without what changes. */
function settled(text: string): string {
  return CHANGING.reduce((changed, [pattern, name]) => changed.replaceAll(pattern, name), text);
}
