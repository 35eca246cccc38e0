import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FhirResource } from '../../../../credential/fhir-bundle.ts';
import type { Decision } from '../../../../verifier/pipeline/decision.ts';
import {
  bundleOf,
  decideRecord,
  dose,
  JANSSEN,
  line,
  MET,
  MODERNA,
  PATIENT,
  PFIZER,
  unmet,
} from '../../../support/rules.ts';

// What counts as a dose, from a signed card to the decision, by New York's rule that the series is complete for 14 days.

const NONE = unmet('VR-US-NY-0001');
const INCOMPLETE = unmet('VR-US-NY-0002');
const TOO_SOON = unmet('VR-US-NY-0003');

const decideAt = async (at: string, resources: readonly FhirResource[]): Promise<Decision> =>
  decideRecord(resources, { rules: 'US-NY/FULLY-VACCINATED', at });
/** The answer at noon of 2021-12-01 in New York. */
const answer = async (...resources: readonly FhirResource[]): Promise<string> =>
  line(await decideAt('2021-12-01T12:00:00-05:00', resources));

const first = dose(PFIZER, '2021-10-01');
const second = dose(PFIZER, '2021-10-22');

test('two doses of the series are enough, and one is not', async () => {
  assert.equal(await answer(first, second), MET);
  assert.equal(await answer(first), INCOMPLETE);
  assert.equal(await answer(), NONE);
});

test('in either order', async () => {
  assert.equal(await answer(second, first), MET);
});

test('a dose and its booster: the booster begins no new wait, and no new year', async () => {
  const booster = dose(MODERNA, '2021-11-30');
  assert.equal(await answer(first, second, booster), MET);
  const late = '2022-10-23T12:00:00-04:00';
  assert.equal(
    line(await decideAt(late, [first, second, dose(MODERNA, '2022-10-01')])),
    unmet('VR-US-NY-0004'),
  );
});

describe('two providers that record one dose record one dose', () => {
  const cases: Readonly<Record<string, readonly FhirResource[]>> = {
    'under the same day and code': [
      first,
      dose(PFIZER, '2021-10-01', { performer: [{ actor: { display: 'B' } }] }),
    ],
    'one with a date, one with an instant in another zone': [first, dose(PFIZER, '2021-10-02T03:30:00Z')],
    'two with instants in two zones': [
      dose(PFIZER, '2021-10-01T22:00:00-04:00'),
      dose(PFIZER, '2021-10-02T11:00:00+09:00'),
    ],
    'by two codes of one product': [first, dose('217', '2021-10-01')],
    'by the codes of two products': [first, dose(MODERNA, '2021-10-01')],
    'by two code systems, one resource having both': [
      first,
      dose(PFIZER, '2021-10-01', {
        vaccineCode: {
          coding: [
            { system: 'http://snomed.info/sct', code: '1119349007' },
            { system: 'http://hl7.org/fhir/sid/cvx', code: PFIZER },
          ],
        },
      }),
    ],
    'a day apart': [first, dose(PFIZER, '2021-10-02')],
    'sixteen days apart': [first, dose(PFIZER, '2021-10-17')],
    'ten times': Array.from({ length: 10 }, () => first),
  };
  for (const [how, resources] of Object.entries(cases)) {
    test(how, async () => {
      assert.equal(await answer(...resources), INCOMPLETE);
      assert.equal(await answer(...resources.toReversed()), INCOMPLETE);
    });
  }

  test('of a vaccine of one dose: no booster comes of it', async () => {
    const asked = { rules: 'EU/BASE', at: '2021-12-01T12:00:00+01:00' };
    const given = dose(JANSSEN, '2021-11-30');
    assert.equal(line(await decideRecord([given], asked)), unmet('VR-EU-0003'));
    for (const again of ['2021-11-30', '2021-12-01', '2021-11-29', '2021-11-30T23:30:00Z']) {
      const answered = line(await decideRecord([given, dose(JANSSEN, again)], asked));
      assert.equal(answered, unmet('VR-EU-0003'), again);
    }
  });
});

describe('what is no dose', () => {
  const cases: Readonly<Record<string, readonly [resource: FhirResource, expected: string]>> = {
    'one that was entered in error': [dose(PFIZER, '2021-10-22', { status: 'entered-in-error' }), INCOMPLETE],
    'one that was not given': [dose(PFIZER, '2021-10-22', { status: 'not-done' }), INCOMPLETE],
    'one of no status': [dose(PFIZER, '2021-10-22', { status: undefined }), INCOMPLETE],
    'one in capitals': [dose(PFIZER, '2021-10-22', { status: 'COMPLETED' }), INCOMPLETE],
    'a subpotent one': [dose(PFIZER, '2021-10-22', { isSubpotent: true }), INCOMPLETE],
    'one of which it is not clear that it was potent': [
      dose(PFIZER, '2021-10-22', { isSubpotent: 'false' }),
      INCOMPLETE,
    ],
    'one of another vaccine': [dose('140', '2021-10-22'), INCOMPLETE],
    'one of no code': [dose(PFIZER, '2021-10-22', { vaccineCode: { text: 'Pfizer' } }), INCOMPLETE],
    'one of the code under another system': [
      dose(PFIZER, '2021-10-22', {
        vaccineCode: { coding: [{ system: 'http://snomed.info/sct', code: PFIZER }] },
      }),
      INCOMPLETE,
    ],
    'one that was modified in a way that is not known': [
      dose(PFIZER, '2021-10-22', { modifierExtension: [{ url: 'https://x.example', valueBoolean: true }] }),
      INCOMPLETE,
    ],
    'one of another person': [
      dose(PFIZER, '2021-10-22', { patient: { reference: 'resource:9' } }),
      INCOMPLETE,
    ],
    'one of a month': [dose(PFIZER, '2021-10'), INCOMPLETE],
    'one of a day that is none': [dose(PFIZER, '2021-09-31'), INCOMPLETE],
    'one without a day': [dose(PFIZER, '2021-10-22', { occurrenceDateTime: undefined }), INCOMPLETE],
    'one with a day and words about it': [
      dose(PFIZER, '2021-10-22', { occurrenceString: 'autumn' }),
      INCOMPLETE,
    ],
    'one of tomorrow': [dose(PFIZER, '2021-12-02'), INCOMPLETE],
    'one of an instant of tomorrow': [dose(PFIZER, '2021-12-02T05:00:00Z'), INCOMPLETE],
    'one from before birth': [dose(PFIZER, '1980-02-28'), INCOMPLETE],
  };
  for (const [what, [resource, expected]] of Object.entries(cases)) {
    test(what, async () => {
      assert.equal(await answer(first, resource), expected);
      assert.equal(await answer(resource, first), expected);
      assert.equal(await answer(resource), NONE);
    });
  }
});

test('a person who was born after all doses has none', async () => {
  const bundle = bundleOf({ ...PATIENT, birthDate: '2021-10-23' }, first, second);
  const decision = await decideRecord([], {
    rules: 'US-NY/FULLY-VACCINATED',
    at: '2021-12-01T12:00:00-05:00',
    card: { fhirBundle: bundle },
  });
  assert.equal(line(decision), NONE);
});

describe('the day of a dose', () => {
  const waiting = async (occurrence: string, at: string): Promise<string> =>
    line(await decideAt(at, [first, dose(PFIZER, occurrence)]));

  test('written with an instant is New York’s, whatever zone it was written in', async () => {
    for (const instant of [
      '2021-11-02T23:30:00-04:00',
      '2021-11-03T03:30:00Z',
      '2021-11-03T12:30:00+09:00',
    ]) {
      assert.equal(await waiting(instant, '2021-11-15T23:59:59-05:00'), TOO_SOON, instant);
      assert.equal(await waiting(instant, '2021-11-16T00:00:00-05:00'), MET, instant);
    }
  });

  test('written with a time without a zone is the day that was written', async () => {
    assert.equal(await waiting('2021-11-02T23:30:00', '2021-11-15T23:59:59-05:00'), TOO_SOON);
    assert.equal(await waiting('2021-11-02T00:30:00', '2021-11-16T00:00:00-05:00'), MET);
  });

  test('written without a time is the day that was written', async () => {
    assert.equal(await waiting('2021-11-02', '2021-11-15T23:59:59-05:00'), TOO_SOON);
    assert.equal(await waiting('2021-11-02', '2021-11-16T00:00:00-05:00'), MET);
  });
});

describe('mixed products', () => {
  test('of two doses each are complete with two', async () => {
    assert.equal(await answer(first, dose(MODERNA, '2021-11-01')), MET);
  });

  test('are as far apart as the product of the later dose asks for', async () => {
    assert.equal(await answer(first, dose(MODERNA, '2021-10-24')), INCOMPLETE);
    assert.equal(await answer(first, dose(MODERNA, '2021-10-25')), MET);
    assert.equal(await answer(dose(MODERNA, '2021-10-01'), dose(PFIZER, '2021-10-18')), MET);
  });

  test('need what the one that asks for most does', async () => {
    const child = dose('219', '2021-09-01');
    assert.equal(await answer(child, first), INCOMPLETE);
    assert.equal(await answer(child, first, second), MET);
  });

  test('are complete with a vaccine of one dose', async () => {
    assert.equal(await answer(first, dose(JANSSEN, '2021-10-25')), MET);
  });

  test('in one coding are the one that asks for more', async () => {
    const coding = [JANSSEN, PFIZER].map((code) => ({ system: 'http://hl7.org/fhir/sid/cvx', code }));
    const both = dose(JANSSEN, '2021-10-01', { vaccineCode: { coding } });
    assert.equal(await answer(dose(JANSSEN, '2021-10-01')), MET);
    assert.equal(await answer(both), INCOMPLETE);
    assert.equal(await answer(both, dose(JANSSEN, '2021-10-01')), INCOMPLETE);
  });
});

test('records of one day that share a code are held together: what one of them adds makes it ask for more', async () => {
  const coded = (...codes: readonly string[]) => {
    const coding = codes.map((code) => ({ system: 'http://hl7.org/fhir/sid/cvx', code }));
    return dose(PFIZER, '2021-10-01', { vaccineCode: { coding } });
  };
  const [one, other] = [coded(MODERNA, PFIZER), coded(PFIZER, '219')];
  assert.equal(await answer(one, second), MET);
  assert.equal(await answer(one, other, second), INCOMPLETE);
  assert.equal(await answer(second, other, one), INCOMPLETE);
});

test('of two patients neither is the holder, whoever of them the doses are of', async () => {
  const bundle = bundleOf(PATIENT, first, second, { ...PATIENT, birthDate: '1990-01-01' });
  const decision = await decideRecord([], {
    rules: 'US-NY/FULLY-VACCINATED',
    at: '2021-12-01T12:00:00-05:00',
    card: { fhirBundle: bundle },
  });
  assert.deepEqual(decision.codes.toSorted(), ['RULES_NOT_MET', 'SUBJECT_UNNAMED']);
  assert.equal(decision.outcome, 'undetermined');
  assert.equal(decision.unmet[0]?.rule, 'VR-US-NY-0001');
});

test('a resource of another kind changes nothing', async () => {
  const junk = [
    { resourceType: 'Condition', status: 'completed', vaccineCode: second['vaccineCode'] },
    { resourceType: 'Immunization' },
    { resourceType: 'MedicationAdministration', status: 'completed' },
  ];
  assert.equal(await answer(...junk, first), INCOMPLETE);
  assert.equal(await answer(first, ...junk, second), MET);
});
