import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { countingPolicy, type IssuancePolicy } from '../agent/issuance-policy.ts';
import { qualify } from '../agent/qualification.ts';
import { sampleRecord } from '../agent/sample-records.ts';
import { assertSignable } from '../agent/signable.ts';
import { BundleError } from '../credential/errors.ts';
import { minimiseBundle, type FhirBundle } from '../credential/fhir-bundle.ts';

/** Whom a file of records is about: people who qualify, as on a department's own list, or whoever came along. */
export type People = 'qualifying' | 'mixed';

/** The product of the benchmark. */
export const PRODUCT = 'vaccination-pass';

/** New York's. */
export const POLICY: IssuancePolicy = {
  timeZone: 'America/New_York',
  valueSet: readFileSync(new URL('../verifier/rules/US-NY/COVID-19.json', import.meta.url), 'utf8'),
};

const SEED = 1;

/** Writes records of different people as `pratique issuer sample` makes them up, one a line, as of today. */
export async function writePeople(path: string, people: People, count: number): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const today = new Date(now * 1000).toISOString().slice(0, 10);
  const policy = countingPolicy(POLICY);
  const isWanted = (record: FhirBundle): boolean =>
    people === 'mixed' ||
    (isSignable(record, now) && qualify(record, PRODUCT, policy, now).kind === 'qualified');
  const stream = createWriteStream(path);
  for (let place = 0, written = 0; written < count; place++) {
    const record = sampleRecord(SEED, place, today);
    if (!isWanted(record)) continue;
    written++;
    if (!stream.write(`${JSON.stringify(record)}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
}

function isSignable(record: FhirBundle, now: number): boolean {
  try {
    assertSignable(minimiseBundle(record), now);
    return true;
  } catch (error) {
    if (error instanceof BundleError) return false;
    throw error;
  }
}
