import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { decideInputs } from '../../../cli/verify/run.ts';
import { inflateRawNode } from '../../../credential/deflate-node.ts';
import { inflateRaw } from '../../../credential/deflate.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import type { Decision } from '../../../verifier/pipeline/decision.ts';
import { OUTCOME_OF_CODE } from '../../../verifier/pipeline/decision.ts';
import { verifyEvidence } from '../../../verifier/pipeline/presentation.ts';
import type { NoTrust } from '../../../verifier/pipeline/verify.ts';
import type { Trust } from '../../../verifier/pipeline/trust.ts';
import { readTrustJson, readVectors, writeInput } from '../../support/vector-files.ts';
import { comparable, termsOf, trustOf } from '../../support/vectors.ts';
import type { Vector } from '../../support/vectors.ts';

const vectors = await readVectors();
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-vectors-'));
});
after(() => rm(folder, { recursive: true }));

const documents = new Map<string, Promise<unknown>>();
/** Indexed anew for each vector, so that no answer depends on another. */
async function trustFor({ trust }: Vector): Promise<Trust | NoTrust> {
  if (trust === 'missing' || trust === 'invalid') return trust;
  const json = documents.get(trust) ?? readTrustJson(trust);
  documents.set(trust, json);
  return trustOf(await json, importEs256Key);
}

/** A text goes to the pipeline as it is; codes and files go through the command line's reading of inputs. */
async function decide(vector: Vector): Promise<readonly Decision[]> {
  const { input } = vector;
  const [trust, terms] = [await trustFor(vector), termsOf(vector)];
  if (!('text' in input)) {
    return decideInputs([await writeInput(join(folder, vector.name), input)], trust, terms);
  }
  const onNode = { inflate: inflateRawNode, importKey: importEs256Key };
  const decisions = await verifyEvidence(input, trust, terms, onNode);
  // The browser's inflating gives the same answer, to the last check.
  assert.deepEqual(await verifyEvidence(input, trust, terms, { ...onNode, inflate: inflateRaw }), decisions);
  return decisions;
}

describe('the pipeline answers each vector as it is written', () => {
  for (const vector of vectors) {
    test(vector.name, async () => {
      const answers = await decide(vector);
      assert.deepEqual(comparable(answers, vector.expect), comparable(vector.expect), vector.why);
    });
  }
});

test('there are at least 120 vectors', () => {
  assert.ok(vectors.length >= 120);
});

test('every code that the pipeline can answer is the expected one somewhere', () => {
  const seen = new Set(vectors.flatMap(({ expect }) => expect.flatMap(({ codes }) => codes)));
  assert.deepEqual(
    Object.keys(OUTCOME_OF_CODE).filter((code) => !seen.has(code)),
    [],
  );
});
