import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BundleError } from '../../credential/errors.ts';
import { minimiseBundle } from '../../credential/fhir-bundle.ts';
import { countingPolicy } from '../../agent/issuance-policy.ts';
import { PRODUCTS } from '../../agent/products.ts';
import type { ProductName } from '../../agent/products.ts';
import { qualify } from '../../agent/qualification.ts';
import { sampleRecord } from '../../agent/sample-records.ts';
import { assertSignable } from '../../agent/signable.ts';
import { at, NEW_YORK } from './records.ts';

const TODAY = '2026-11-26';
const NOW = at('2026-11-26T12:00:00-05:00');
const policy = countingPolicy(NEW_YORK);

test('a record follows from its seed, place and day alone', () => {
  const [one, again] = [sampleRecord(7, 4711, TODAY), sampleRecord(7, 4711, TODAY)];
  assert.deepEqual(one, again);
  for (const other of [
    sampleRecord(8, 4711, TODAY),
    sampleRecord(7, 4712, TODAY),
    sampleRecord(7, 4711, '2026-11-25'),
  ]) {
    assert.notDeepEqual(other, one);
  }
});

test('people get every product, are refused for every reason, and some records may not be signed at all', () => {
  const seen = new Map<string, number>();
  const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
  for (let place = 0; place < 6000; place++) {
    const bundle = minimiseBundle(sampleRecord(1, place, TODAY));
    try {
      assertSignable(bundle, NOW);
    } catch (error) {
      assert.ok(error instanceof BundleError);
      count(error.code);
      continue;
    }
    for (const name of Object.keys(PRODUCTS) as ProductName[]) {
      const found = qualify(bundle, name, policy, NOW);
      count(found.kind === 'qualified' ? name : found.reason);
    }
  }
  for (const what of [
    ...Object.keys(PRODUCTS),
    'NO_ACCEPTED_DOSE',
    'SERIES_INCOMPLETE',
    'NO_NEGATIVE_RESULT',
    'TEST_TIME_MISSING',
    'POSITIVE_RESULT',
    'TOO_EARLY',
    'WINDOW_OVER',
    'DATE_IMPLAUSIBLE',
    'PATIENT_UNNAMED',
    'BIRTH_DATE_INVALID',
    'NOTHING_ATTESTED',
  ]) {
    assert.ok((seen.get(what) ?? 0) > 0, what);
  }
  assert.ok((seen.get('vaccination-plus') ?? 0) > 3000);
});
