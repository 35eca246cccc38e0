import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Credential } from '../../credential/credential.ts';
import type { FhirBundle } from '../../credential/fhir-bundle.ts';
import { namedSubject } from '../../credential/subject.ts';
import { checkRules } from '../../verifier/pipeline/rules/check-rules.ts';
import type { RulesFinding } from '../../verifier/pipeline/rules/check-rules.ts';
import { decide, healthCard, ISS, mintCard } from '../support/cards.ts';
import { key, shippedTrust } from '../support/rules.ts';
import { bundleOf, moments, person, plainPerson, writtenDateTime } from './health-records.ts';
import type { Entry, Moments, Naming, Person } from './health-records.ts';
import { oracleOf } from './rule-oracle.ts';
import { holds, neverCrashes } from './run.ts';
import type { Property } from './run.ts';

// No rule is fooled by the order of a record, by what stands in it twice, or by the status of what does not count.

const SETS = [
  'US-NY/FULLY-VACCINATED',
  'US-NY/ENTRY',
  'US-NY/OUT-OF-STATE',
  'US-NY/EVENT-72H',
  'US/FULLY-VACCINATED',
  'EU/BASE',
] as const;
/** Those that a dose less never helps: the others end with time, so that a series that began later ends later. */
const WITHOUT_END = ['US-NY/ENTRY', 'US-NY/OUT-OF-STATE', 'US-NY/EVENT-72H', 'US/FULLY-VACCINATED'] as const;

const [entry] = shippedTrust.entriesOf(key.kid);
assert.ok(entry !== undefined);
const issuer = { ...entry, jurisdiction: { ...entry.jurisdiction, code: 'US-NY' } };

/** What the rules find of a bundle that a trusted issuer signed. */
function find(bundle: FhirBundle, { at, event }: Moments, rules: string): RulesFinding {
  const credential: Credential = {
    form: 'health-card',
    profile: 'pass-plus',
    issuer: { iss: ISS },
    nbf: at - 60,
    exp: undefined,
    status: { kind: 'none' },
    subject: namedSubject(bundle),
    holder: undefined,
    passType: undefined,
    bundle,
  };
  return checkRules(credential, issuer, shippedTrust, { now: at, event, rules, allowUnanchored: false });
}

const written = ({ entries }: Person): readonly (Entry | null)[] => [null, ...entries];
const findAll = (bundle: FhirBundle, at: Moments): readonly RulesFinding[] =>
  SETS.map((rules) => find(bundle, at, rules));

/** A number by which a list can be put into any order, and a place in it be chosen. */
const seed = fc.nat({ max: 2 ** 31 - 1 });

/** The list in another order (Fisher and Yates), by a number. */
function shuffled<T>(list: readonly T[], by: number): readonly T[] {
  const result = [...list];
  let state = by;
  for (let n = result.length - 1; n > 0; n--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1;
    const other = state % (n + 1);
    [result[n], result[other]] = [result[other] as T, result[n] as T];
  }
  return result;
}

/** A deep comparison of a million pairs takes longer than all else. */
function assertSame(found: readonly RulesFinding[], expected: readonly RulesFinding[]): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) assert.deepEqual(found, expected);
}

const naming = fc.constantFrom<Naming[]>('places', 'names');

const permuted = holds(
  'a record in any order, named by places or by names, gets the same decision',
  fc.property(person, moments, seed, naming, (one, at, by, how) => {
    const expected = findAll(bundleOf(one, written(one), 'places', at.at), at);
    assertSame(findAll(bundleOf(one, shuffled(written(one), by), how, at.at), at), expected);
  }),
);

const duplicated = holds(
  'an entry that stands twice changes nothing, and a patient that does lets nobody in',
  fc.property(person, moments, seed, (one, at, by) => {
    const order = written(one);
    const twice = order[by % order.length] ?? null;
    // A second patient is another entry, to which nothing refers.
    const more: Entry = twice ?? {
      kind: 'junk',
      resource: { resourceType: 'Patient', name: [{ family: 'Nobody' }] },
    };
    const longer = shuffled([...order, more], by);
    const before = findAll(bundleOf(one, order, 'places', at.at), at);
    const after = findAll(bundleOf(one, longer, 'places', at.at), at);
    if (more.kind === 'junk') {
      for (const [n, { result }] of after.entries()) {
        if (before[n]?.result !== 'passed') assert.notEqual(result, 'passed');
      }
    } else assertSame(after, before);
    const named = findAll(bundleOf(one, longer, 'names', at.at), at);
    for (const [n, { result }] of named.entries()) {
      if (before[n]?.result !== 'passed') assert.notEqual(result, 'passed');
    }
  }),
);

/** The entry as one that does not count; undefined of one that counted for nothing, or against the holder. */
function withdrawn(one: Entry, by: number, at: number): Entry | undefined {
  if (one.kind === 'dose') {
    if (by % 3 === 0) return { ...one, isSubpotent: true };
    return { ...one, status: by % 3 === 1 ? 'entered-in-error' : 'not-done' };
  }
  if (one.kind !== 'test' || one.result !== 'negative' || one.modified) return undefined;
  if ((writtenDateTime(one.when, at)?.length ?? 0) < 10) return undefined;
  return { ...one, status: by % 2 === 0 ? 'cancelled' : 'preliminary' };
}

const degraded = holds(
  'a dose that was not given, or a negative result that was withdrawn, lets nobody in',
  fc.property(plainPerson, moments, seed, (one, at, by) => {
    const place = one.entries.length === 0 ? -1 : by % one.entries.length;
    const chosen = one.entries[place];
    const other = chosen === undefined ? undefined : withdrawn(chosen, by, at.at);
    if (chosen === undefined || other === undefined) return;
    const less = { ...one, entries: one.entries.with(place, other) };
    for (const rules of chosen.kind === 'dose' ? WITHOUT_END : SETS) {
      const before = find(bundleOf(one, written(one), 'places', at.at), at, rules);
      const after = find(bundleOf(less, written(less), 'places', at.at), at, rules);
      if (before.result !== 'passed') assert.notEqual(after.result, 'passed', rules);
    }
  }),
);

const ANSWERS = { passed: 'met', failed: 'unmet', undetermined: 'undetermined' } as const;

const told = holds(
  'New York’s rules say what they say when they are told a second time',
  fc.property(person, moments, (one, at) => {
    const bundle = bundleOf(one, written(one), 'places', at.at);
    for (const [rules, expected] of Object.entries(oracleOf(one, at))) {
      const { result } = find(bundle, at, rules);
      assert.equal(ANSWERS[result as keyof typeof ANSWERS], expected, rules);
    }
  }),
);

const answered = neverCrashes<readonly [Person, Moments]>({
  name: 'every set answers every record',
  input: fc.tuple(person, moments),
  parse([one, at]) {
    for (const { result, codes, rules, unmet } of findAll(bundleOf(one, written(one), 'names', at.at), at)) {
      assert.ok(result in ANSWERS);
      assert.equal(codes.length, result === 'passed' ? 0 : 1);
      assert.equal(unmet.length > 0, result === 'failed');
      assert.equal(rules?.fault ?? null, result === 'undetermined' ? 'EVENT_NEEDED' : null);
    }
  },
});

const signed = holds(
  'a signed card is decided as its record is',
  fc.asyncProperty(person, moments, fc.constantFrom(...SETS), async (one, at, rules) => {
    const fhirBundle = bundleOf(one, written(one), 'places', at.at);
    const jws = mintCard(key, healthCard({ nbf: at.at - 60, fhirBundle }));
    const decision = await decide(jws, shippedTrust, { at: at.at, event: at.event, rules });
    const found = find(fhirBundle, at, rules);
    if (rules !== 'US-NY/OUT-OF-STATE') {
      assert.deepEqual([decision.rules, decision.unmet], [found.rules, found.unmet]);
      assert.equal(decision.checks.rules, found.result);
    }
  }),
  50,
);

/** What holds of every record by every rule set that comes with the program. */
export const RULES: readonly Property[] = [permuted, duplicated, degraded, told, answered, signed];
