import { attestedOf } from '../credential/fhir-attestation.ts';
import type { FhirBundle, FhirEntry } from '../credential/fhir-bundle.ts';
import { minimiseBundle } from '../credential/fhir-bundle.ts';
import { referenceIndex } from '../credential/fhir-reference.ts';
import { readHealthRecord } from '../credential/health-record.ts';
import type { HealthRecord, TestResult } from '../credential/health-record.ts';
import type { PassSubject } from '../credential/health-card.ts';
import { isJsonArray, isJsonObject } from '../credential/json.ts';
import { composeName, isWord, namedSubject } from '../credential/subject.ts';
import { testFacts } from '../credential/test-facts.ts';
import { countedDoses, vaccinationFacts } from '../credential/vaccination-facts.ts';
import type { CountingPolicy } from './issuance-policy.ts';
import { PRODUCTS, windowOf } from './products.ts';
import type { Evidence, Product, ProductName, ProductWindow } from './products.ts';

/** Why a record does not qualify for a product; a closed list. */
export type Disqualification =
  /** No dose of an accepted vaccine that was given by now. */
  | 'NO_ACCEPTED_DOSE'
  /** The primary series is not complete. */
  | 'SERIES_INCOMPLETE'
  /** No negative result of that test. */
  | 'NO_NEGATIVE_RESULT'
  /** There is one, and its time of collection was not written with its zone. */
  | 'TEST_TIME_MISSING'
  /** A positive result stands beside it or after it, or one that cannot be read. */
  | 'POSITIVE_RESULT'
  /** It may be issued from a later day on. */
  | 'TOO_EARLY'
  /** It would have ended by now. */
  | 'WINDOW_OVER';

/** A refusal, with what a clerk tells the person: their own dates, and nothing of it for a log. */
export interface Refusal {
  readonly kind: 'refused';
  readonly reason: Disqualification;
  /** Doses that count and doses needed, the day that the evidence is of, the day from which there is hope; null unknown. */
  readonly doses: number | null;
  readonly needed: number | null;
  readonly evidenceDay: string | null;
  readonly from: string | null;
}

/** A record that qualifies: from when to when, and how to make the part of it that a Plus carries. */
export interface Qualified {
  readonly kind: 'qualified';
  readonly window: ProductWindow;
  readonly part: () => FhirBundle;
}

/**
 * Whether a record qualifies for a product now, by the same facts that a verifier's rules ask about.
 *
 * @param now seconds since 1970
 */
export function qualify(
  bundle: FhirBundle,
  name: ProductName,
  policy: CountingPolicy,
  now: number,
): Qualified | Refusal {
  const product: Product = PRODUCTS[name];
  const record = readHealthRecord(bundle, policy.zone.dateOf);
  const found = evidenceOf(product.evidence, record, { bundle, policy, now });
  if (found.kind === 'refused') return found;
  const window = windowOf(product, found, policy.numbers, policy.zone);
  const evidenceDay = found.date;
  if (now < window.from) return refused('TOO_EARLY', { evidenceDay, from: window.fromDay });
  if (window.until !== undefined && now > window.until) return refused('WINDOW_OVER', { evidenceDay });
  return { kind: 'qualified', window, part: found.part };
}

interface Found {
  readonly kind: 'found';
  readonly date: string;
  readonly at: number | null;
  /** The part of the record that attests it, as a bundle of its own. */
  readonly part: () => FhirBundle;
}

interface Asked {
  readonly bundle: FhirBundle;
  readonly policy: CountingPolicy;
  readonly now: number;
}

function evidenceOf(evidence: Evidence, record: HealthRecord, asked: Asked): Found | Refusal {
  return evidence.kind === 'series' ? seriesOf(record, asked) : negativeOf(evidence, record, asked);
}

function seriesOf({ doses }: HealthRecord, { bundle, policy, now }: Asked): Found | Refusal {
  const { codebook, zone } = policy;
  const today = zone.dateOf(now);
  const counted = countedDoses(doses, codebook, namedSubject(bundle)?.birthDate ?? null, today);
  const facts = vaccinationFacts(counted, today);
  if (facts.doses === 0) return refused('NO_ACCEPTED_DOSE', {});
  const { completed, needed, next: from } = facts;
  if (completed === null) {
    return refused('SERIES_INCOMPLETE', { doses: facts.doses, needed, evidenceDay: facts.last, from });
  }
  const part = () => partOf(bundle, ({ resource }) => resource.resourceType === 'Immunization');
  return { kind: 'found', date: completed, at: null, part };
}

function negativeOf(
  { test, timed }: Extract<Evidence, { kind: 'negative' }>,
  record: HealthRecord,
  { bundle, policy, now }: Asked,
): Found | Refusal {
  const facts = testFacts(record.tests, policy.codebook, { now, event: undefined, zone: policy.zone })[test];
  const result = timed ? facts?.timedNegative : facts?.negative;
  if (result === undefined || result === null) {
    const untimed = facts?.negative ?? null;
    return untimed === null
      ? refused('NO_NEGATIVE_RESULT', {})
      : refused('TEST_TIME_MISSING', { evidenceDay: untimed.date });
  }
  const { date, at } = result;
  if (result.positiveSince || record.unread.tests > 0) {
    return refused('POSITIVE_RESULT', { evidenceDay: date });
  }
  const isIt = (one: TestResult): boolean =>
    one.result === 'negative' &&
    one.date === date &&
    one.at === at &&
    policy.codebook.testKindsOf(one.codes).includes(test);
  const part = () =>
    partOf(bundle, ({ resource }) => {
      if (resource.resourceType !== 'Observation') return false;
      const alone = partOf(bundle, (other) => other.resource === resource);
      return readHealthRecord(alone, policy.zone.dateOf).tests.some(isIt);
    });
  return { kind: 'found', date, at, part };
}

/** The Patient with the attested entries that are wanted, and nothing else of the record. */
function partOf(bundle: FhirBundle, isWanted: (entry: FhirEntry) => boolean): FhirBundle {
  const resolve = referenceIndex(bundle);
  const entry = bundle.entry.filter(
    (one) =>
      one.resource.resourceType === 'Patient' ||
      (attestedOf(one.resource, resolve) !== undefined && isWanted(one)),
  );
  // Places in the bundle have changed, and with them what `resource:N` means.
  return minimiseBundle({ ...bundle, entry: entry.map(nameAndBirth) });
}

/** Of the Patient what a card needs: records come with numbers, addresses and telephones. */
function nameAndBirth(entry: FhirEntry): FhirEntry {
  const { resourceType, name, birthDate, meta } = entry.resource;
  if (resourceType !== 'Patient') return entry;
  return { ...entry, resource: { resourceType, name, birthDate, ...(meta === undefined ? {} : { meta }) } };
}

function refused(reason: Disqualification, details: Partial<Omit<Refusal, 'kind' | 'reason'>>): Refusal {
  return { kind: 'refused', reason, doses: null, needed: null, evidenceDay: null, from: null, ...details };
}

/** What a Pass says of its person, from the one Patient of a bundle that may be signed: the official name, in parts. */
export function patientOf(bundle: FhirBundle): Pick<PassSubject, 'name' | 'birthDate'> {
  const patient = bundle.entry.find(({ resource }) => resource.resourceType === 'Patient')?.resource;
  const names = isJsonArray(patient?.['name']) ? patient['name'].filter(isJsonObject) : [];
  const said = names.filter((one) => composeName(one['given'], one['family']) ?? isWord(one['text']));
  const { family, given, text } = said.find(({ use }) => use === 'official') ?? said[0] ?? {};
  const parts = isJsonArray(given) ? given.filter(isWord) : [];
  // A name that is not in parts is a family name: nobody can tell where it would be cut.
  const whole = isWord(family) ? family : isWord(text) ? text : parts.pop();
  return { name: { family: whole ?? '', given: parts }, birthDate: String(patient?.['birthDate']) };
}
