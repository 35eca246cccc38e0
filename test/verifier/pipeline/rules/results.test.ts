import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FhirResource } from '../../../../credential/fhir-bundle.ts';
import { decideRecord, dose, JANSSEN, line, MET, PFIZER, result, unmet } from '../../../support/rules.ts';

// What counts as a result, from a signed card to the decision, by New York's rule for entry.

/** Nothing of the card is taken: the rule that comes first, of those about tests where it holds a result at all. */
const NONE = unmet('TR-US-NY-0001');
const NOTHING = unmet('VR-US-NY-0001');
/** Cards that hold no result of their person at all. */
const WITHOUT_RESULT = [
  'a cancelled one',
  'a preliminary one',
  'one entered in error',
  'one that is not a laboratory’s',
  'one of another person',
];
const DOUBTED = unmet('TR-US-NY-0002');

/** The answer at noon of 2021-11-20 in New York. */
const answer = async (...resources: readonly FhirResource[]): Promise<string> =>
  line(await decideRecord(resources, { rules: 'US-NY/ENTRY', at: '2021-11-20T12:00:00-05:00' }));

/** The same of both orders in the card. */
async function answersOf(...resources: readonly FhirResource[]): Promise<string> {
  const answered = await answer(...resources);
  assert.equal(await answer(...resources.toReversed()), answered);
  return answered;
}

const negative = result('pcr', 'negative', '2021-11-19T09:00:00-05:00');

describe('a positive result beside a negative one', () => {
  const cases: Readonly<Record<string, readonly [positive: string, negative: string, expected: string]>> = {
    'after it': ['2021-11-20', '2021-11-19', DOUBTED],
    'before it': ['2021-11-18', '2021-11-19', MET],
    'of the same day, neither with a time': ['2021-11-19', '2021-11-19', DOUBTED],
    'of the same day, only the negative one with a time': [
      '2021-11-19',
      '2021-11-19T23:00:00-05:00',
      DOUBTED,
    ],
    'of the same day, only the positive one with a time': [
      '2021-11-19T01:00:00-05:00',
      '2021-11-19',
      DOUBTED,
    ],
    'of the same day, earlier by their times': [
      '2021-11-19T08:59:59-05:00',
      '2021-11-19T09:00:00-05:00',
      MET,
    ],
    'of the same moment': ['2021-11-19T14:00:00Z', '2021-11-19T09:00:00-05:00', DOUBTED],
    'of the same day, later by their times': [
      '2021-11-19T09:00:01-05:00',
      '2021-11-19T09:00:00-05:00',
      DOUBTED,
    ],
    'earlier, though its date as written is the later one': [
      '2021-11-20T00:30:00+10:00',
      '2021-11-19T12:00:00-05:00',
      MET,
    ],
    'later, though its date as written is the earlier one': [
      '2021-11-18T23:30:00-11:00',
      '2021-11-19T05:00:00-05:00',
      DOUBTED,
    ],
    'still to come': ['2021-11-25', '2021-11-19', DOUBTED],
  };
  for (const [when, [positive, other, expected]] of Object.entries(cases)) {
    test(`${when}: ${expected}`, async () => {
      assert.equal(
        await answersOf(result('pcr', 'positive', positive), result('pcr', 'negative', other)),
        expected,
      );
    });
  }

  test('counts though it is of another kind of test', async () => {
    assert.equal(await answersOf(negative, result('antigen', 'positive', '2021-11-20')), DOUBTED);
  });

  test('does not count if it was withdrawn', async () => {
    for (const status of ['cancelled', 'entered-in-error']) {
      assert.equal(
        await answersOf(negative, result('pcr', 'positive', '2021-11-20', { status })),
        MET,
        status,
      );
    }
  });

  test('counts though it is not final yet, or of nobody whom the card names', async () => {
    const doubts = [{ status: 'preliminary' }, { status: 'unknown' }, { subject: undefined }];
    for (const doubt of [...doubts, { subject: { reference: 'Patient/other' } }]) {
      assert.equal(
        await answersOf(negative, result('pcr', 'positive', '2021-11-20', doubt)),
        DOUBTED,
        JSON.stringify(doubt),
      );
    }
  });

  test('counts though its test is one that no negative result would count of', async () => {
    const code = { coding: [{ system: 'http://loinc.org', code: '94316-7' }] };
    const further = (meaning: 'negative' | 'positive', when: string): FhirResource =>
      result('pcr', meaning, when, { code });
    assert.equal(await answersOf(further('negative', '2021-11-20')), unmet('TR-US-NY-0001'));
    assert.equal(await answersOf(negative, further('positive', '2021-11-20')), DOUBTED);
    assert.equal(await answersOf(negative, further('negative', '2021-11-20')), MET);
  });

  test('does not count against doses', async () => {
    const doses = [dose(PFIZER, '2021-10-01'), dose(PFIZER, '2021-10-22')];
    assert.equal(await answersOf(...doses, result('pcr', 'positive', '2021-11-20')), MET);
  });
});

describe('what is no negative result', () => {
  const when = '2021-11-19T09:00:00-05:00';
  const cases: Readonly<Record<string, FhirResource>> = {
    'a cancelled one': result('pcr', 'negative', when, { status: 'cancelled' }),
    'a preliminary one': result('pcr', 'negative', when, { status: 'preliminary' }),
    'one entered in error': result('pcr', 'negative', when, { status: 'entered-in-error' }),
    'a doubtful one': result('pcr', 'doubtful', when),
    'one that says both': result('pcr', 'negative', when, {
      valueCodeableConcept: {
        coding: ['260415000', '260373001'].map((code) => ({ system: 'http://snomed.info/sct', code })),
      },
    }),
    // Made a text, either system would be SNOMED's, or throw.
    'one whose system is a list': result('pcr', 'negative', when, {
      valueCodeableConcept: { coding: [{ system: ['http://snomed.info/sct'], code: '260415000' }] },
    }),
    'one whose system is an object': result('pcr', 'negative', when, {
      valueCodeableConcept: {
        coding: [{ system: { toString: 'http://snomed.info/sct' }, code: '260415000' }],
      },
    }),
    'one in words': result('pcr', 'negative', when, { valueCodeableConcept: { text: 'negative' } }),
    'one as a text': result('pcr', 'negative', when, {
      valueCodeableConcept: undefined,
      valueString: 'negative',
    }),
    'one of another test': result('pcr', 'negative', when, {
      code: { coding: [{ system: 'http://loinc.org', code: '80382-5' }] },
    }),
    'one that is not a laboratory’s': result('pcr', 'negative', when, {
      category: [{ coding: [{ code: 'vital-signs' }] }],
    }),
    'one of another person': result('pcr', 'negative', when, { subject: { reference: 'resource:9' } }),
    'one of tomorrow': result('pcr', 'negative', '2021-11-21'),
    'one of a second from now': result('pcr', 'negative', '2021-11-20T12:00:01-05:00'),
    'an antigen test without a time': result('antigen', 'negative', '2021-11-20'),
    'an antigen test with a time without a zone': result('antigen', 'negative', '2021-11-20T11:00:00'),
  };
  for (const [what, resource] of Object.entries(cases)) {
    test(what, async () => {
      assert.equal(await answer(resource), WITHOUT_RESULT.includes(what) ? NOTHING : NONE);
    });
  }
});

describe('a final result that cannot be read', () => {
  const unread: Readonly<Record<string, FhirResource>> = {
    'without a day': result('pcr', 'negative', '2021-11'),
    'without any date': result('pcr', 'positive', '2021-11-19', { effectiveDateTime: undefined }),
    'with two dates': result('pcr', 'negative', '2021-11-19', {
      effectiveInstant: '2021-11-19T09:00:00-05:00',
    }),
    'modified in a way that is not known': result('pcr', 'negative', '2021-11-19', {
      modifierExtension: [{ url: 'https://x.example', valueBoolean: true }],
    }),
  };
  for (const [how, resource] of Object.entries(unread)) {
    test(`${how} keeps a negative one from counting, for it may be a positive one`, async () => {
      assert.equal(await answer(negative), MET);
      assert.equal(await answersOf(negative, resource), DOUBTED);
    });
  }
});

test('a negative result with its day alone counts by its day', async () => {
  assert.equal(await answer(result('pcr', 'negative', '2021-11-17')), MET);
  assert.equal(await answer(result('pcr', 'negative', '2021-11-16')), unmet('TR-US-NY-0003'));
});

test('the later of two negative results counts', async () => {
  const old = result('pcr', 'negative', '2021-11-10');
  assert.equal(await answersOf(old, result('pcr', 'negative', '2021-11-17')), MET);
  assert.equal(await answersOf(old, result('pcr', 'negative', '2021-11-12')), unmet('TR-US-NY-0003'));
});

test('an amended or corrected result is a final one', async () => {
  for (const status of ['amended', 'corrected']) {
    assert.equal(await answer(result('pcr', 'negative', '2021-11-19', { status })), MET, status);
  }
});

test('the time of a sample that took a while is when it began', async () => {
  const taken = (start: string) =>
    result('antigen', 'negative', start, {
      effectiveDateTime: undefined,
      effectivePeriod: { start, end: '2021-11-20T11:00:00-05:00' },
    });
  assert.equal(await answer(taken('2021-11-20T06:00:00-05:00')), MET);
  assert.equal(await answer(taken('2021-11-20T05:59:59-05:00')), unmet('TR-US-NY-0006'));
});

describe('a later result that is not plainly negative keeps a negative one from counting', () => {
  const when = '2021-11-20T08:00:00-05:00';
  const coded = (...codes: readonly string[]) => ({
    valueCodeableConcept: { coding: codes.map((code) => ({ system: 'http://snomed.info/sct', code })) },
  });
  const uncoded = { valueCodeableConcept: undefined };
  const later: Readonly<Record<string, object>> = {
    'in words': { ...uncoded, valueString: 'POSITIVE' },
    'in a concept of words': { valueCodeableConcept: { text: 'Detected' } },
    'negative and positive at once': coded('260415000', '260373001'),
    doubtful: coded('419984006'),
    'in a code that is not known here': coded('52101004'),
    'by its interpretation alone': { ...uncoded, interpretation: [interpreted('POS')] },
    'by its component alone': { ...uncoded, component: [coded('260373001')] },
  };
  for (const [how, content] of Object.entries(later)) {
    test(how, async () => {
      assert.equal(await answersOf(negative, result('pcr', 'positive', when, content)), DOUBTED);
      // What is known to have been before it does not.
      const before = result('pcr', 'positive', '2021-11-18', content);
      assert.equal(await answersOf(negative, before), MET);
    });
  }
});

function interpreted(code: string): object {
  return {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code }],
  };
}

describe('a negative result with something beside it that says otherwise is none', () => {
  const positive = {
    valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code: '260373001' }] },
  };
  const beside: Readonly<Record<string, object>> = {
    'another value': { valueString: 'Detected' },
    'a reason for having no value': { dataAbsentReason: { coding: [{ code: 'error' }] } },
    'an interpretation': { interpretation: [interpreted('POS')] },
    'a component': { component: [positive] },
  };
  for (const [what, content] of Object.entries(beside)) {
    test(what, async () => {
      assert.equal(await answer({ ...negative, ...content }), NONE);
    });
  }

  test('and one with an interpretation that says the same is one', async () => {
    assert.equal(await answer({ ...negative, interpretation: [interpreted('NEG')] }), MET);
  });
});

describe('a positive result whose sample took a while', () => {
  const taken = (effectivePeriod: object) =>
    result('pcr', 'positive', '', { effectiveDateTime: undefined, effectivePeriod });
  const cases: Readonly<Record<string, readonly [period: object, expected: string]>> = {
    'before the negative one and after': [{ start: '2021-11-17', end: '2021-11-20' }, DOUBTED],
    'from before it with no end': [{ start: '2021-11-17' }, DOUBTED],
    'on its day, across its time': [
      { start: '2021-11-19T08:00:00-05:00', end: '2021-11-19T10:00:00-05:00' },
      DOUBTED,
    ],
    'on a day before it': [{ start: '2021-11-18T08:00:00-05:00', end: '2021-11-18T10:00:00-05:00' }, MET],
    'at one moment before it': [{ start: '2021-11-19T08:00:00-05:00', end: '2021-11-19T13:00:00Z' }, MET],
  };
  for (const [when, [period, expected]] of Object.entries(cases)) {
    test(`${when}: ${expected}`, async () => {
      assert.equal(await answersOf(negative, taken(period)), expected);
    });
  }
});

test('a second that no clock has does not make a sample a day younger', async () => {
  // Both are of the 16th in New York, four days before.
  const day = '2021-11-17T08:30';
  assert.equal(await answer(result('pcr', 'negative', `${day}:59+14:00`)), unmet('TR-US-NY-0003'));
  assert.equal(await answer(result('pcr', 'negative', `${day}:60+14:00`)), NONE);
});

test('a dose that gives a reason for being subpotent, or for not saying, is not taken for a whole one', async () => {
  const whole = dose(JANSSEN, '2021-10-01');
  assert.equal(await answer(whole), MET);
  assert.equal(await answer({ ...whole, subpotentReason: [{ coding: [{ code: 'partial' }] }] }), NOTHING);
  assert.equal(await answer({ ...whole, _isSubpotent: { extension: [] } }), NOTHING);
});
