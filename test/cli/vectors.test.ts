import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import type { TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import { verifyJson } from '../support/cli.ts';
import type { PrintedDecision } from '../support/cli.ts';
import { readTrustJson, readVectors, writeInput } from '../support/vector-files.ts';
import { comparable } from '../support/vectors.ts';
import type { Vector } from '../support/vectors.ts';

const all = await readVectors();
/** The command line reads the machine's clock and asks no holder anything: vectors that need either stay away. */
const needClock = all.filter(({ needsClock }) => needsClock === true);
const needChallenge = all.filter(({ challenge }) => challenge !== undefined);
const vectors = all.filter((one) => !needClock.includes(one) && !needChallenge.includes(one));
const exporter = oneTimeExporterKey();

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-vectors-'));
});
after(() => rm(folder, { recursive: true }));

/** Vectors that one call can answer: the same trust data, moment and options. */
function batchesOf(chosen: readonly Vector[]): readonly (readonly Vector[])[] {
  const batches = Map.groupBy(chosen, ({ trust, now, at = now, event, allowUnanchored, rules }) =>
    JSON.stringify([trust, at, event, allowUnanchored, rules]),
  );
  return [...batches.values()];
}

/** The trust data as a bundle that was taken just now; `invalid` is one that was changed afterwards. */
async function bundleFor(trust: string): Promise<string> {
  const path = join(folder, `${trust}.bundle`);
  if (trust === 'missing') return path;
  const json = (await readTrustJson(trust === 'invalid' ? 'federation' : trust)) as TrustDocument;
  const takenAt = Math.floor(Date.now() / 1000);
  const source =
    json.source.kind === 'chain'
      ? { ...json.source, block: { ...json.source.block, time: takenAt } }
      : json.source;
  const bundle = signBundle({ ...json, takenAt, source }, exporter);
  await writeFile(path, trust === 'invalid' ? bundle.replace(/.{9}$/, 'AAAAAAAAA') : bundle);
  return path;
}

/** The decisions of one batch, from one process, for each vector in its place. */
async function answer(batch: readonly Vector[]): Promise<readonly (readonly PrintedDecision[])[]> {
  const [first] = batch;
  assert.ok(first !== undefined);
  const args = ['--trust', await bundleFor(first.trust), '--exporter', exporter.kid];
  args.push('--at', String(first.at ?? first.now));
  if (first.rules !== undefined) args.push('--rules', first.rules);
  if (first.event !== undefined) args.push('--event', String(first.event));
  if (first.allowUnanchored === true) args.push('--allow-unanchored');
  const paths: string[] = [];
  for (const { name, input } of batch) paths.push(await writeInput(join(folder, name), input));
  // Chunks that follow each other make one card, over several inputs too: something else stands between the vectors.
  const between = join(folder, 'between');
  await writeFile(between, 'between');
  const { decisions } = await verifyJson([...args, ...paths.flatMap((path) => [path, between])]);
  const bySource = Map.groupBy(decisions, ({ source }) => source);
  assert.equal(bySource.get(between)?.length, batch.length);
  return paths.map((path) => bySource.get(path) ?? []);
}

describe('pratique verify answers each vector as it is written', () => {
  let answered = 0;
  for (const batch of batchesOf(vectors)) {
    const { trust, now, at = now, event, allowUnanchored = false, rules = 'none' } = batch[0] ?? {};
    const options = `trust ${trust}, --at ${at}, rules ${rules}${event === undefined ? '' : `, --event ${event}`}${allowUnanchored ? ', unanchored allowed' : ''}`;
    test(`${batch.length} with ${options}`, async () => {
      const decisions = await answer(batch);
      for (const [place, { name, expect }] of batch.entries()) {
        const answers = decisions[place] ?? [];
        assert.deepEqual([name, ...comparable(answers, expect)], [name, ...comparable(expect)]);
        answered += 1;
      }
    });
  }

  test('all but those that need another clock or a challenge, which are few', () => {
    assert.equal(answered, vectors.length);
    assert.ok(needClock.length < 20 && needClock.every(({ name }) => name.startsWith('freshness/')));
    assert.ok(needChallenge.every(({ name }) => /^vp(?:-1\.1)?\//.test(name)));
    assert.deepEqual([needChallenge.length, all.length - answered - needClock.length], [62, 62]);
  });
});
