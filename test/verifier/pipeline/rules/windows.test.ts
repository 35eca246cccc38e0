import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { StatusList } from '../../../../credential/status-list.ts';
import type { PassType } from '../../../../credential/health-card.ts';
import { anchoredBits, decide, mintPass, newKey, trustedKey } from '../../../support/cards.ts';
import {
  decideRecord,
  dose,
  line,
  MET,
  MODERNA,
  PFIZER,
  result,
  rulesTrust,
  seconds,
  SHIPPED,
  unavailable,
  unmet,
} from '../../../support/rules.ts';

// New York's windows, each at both sides of each edge: the last second that is not met and the first that is, in the
// civil time of New York (UTC-5 in winter, UTC-4 in summer).

const SERIES = [dose(PFIZER, '2021-10-12'), dose(PFIZER, '2021-11-02')];

interface Edge {
  readonly what: string;
  readonly rules: string;
  readonly resources: Parameters<typeof decideRecord>[0];
  /** Moments and what is answered. */
  readonly answers: Readonly<Record<string, string>>;
}

const EDGES: readonly Edge[] = [
  {
    what: 'vaccinated: from 14 days after the dose that completed the series, through the 365th',
    rules: 'US-NY/FULLY-VACCINATED',
    resources: SERIES,
    answers: {
      '2021-11-15T23:59:59-05:00': unmet('VR-US-NY-0003'),
      '2021-11-16T00:00:00-05:00': MET,
      '2022-11-02T23:59:59-04:00': MET,
      '2022-11-03T00:00:00-04:00': unmet('VR-US-NY-0004'),
    },
  },
  {
    what: '365 days over a leap day are 365 days, not a year',
    rules: 'US-NY/FULLY-VACCINATED',
    resources: [dose(PFIZER, '2023-10-10'), dose(PFIZER, '2023-11-02')],
    answers: {
      '2024-11-01T23:59:59-04:00': MET,
      '2024-11-02T00:00:00-04:00': unmet('VR-US-NY-0004'),
    },
  },
  {
    what: 'a series completed on a leap day',
    rules: 'US-NY/FULLY-VACCINATED',
    resources: [dose(PFIZER, '2024-02-01'), dose(PFIZER, '2024-02-29')],
    answers: {
      '2024-03-13T23:59:59-04:00': unmet('VR-US-NY-0003'),
      '2024-03-14T00:00:00-04:00': MET,
      '2025-02-28T23:59:59-05:00': MET,
      '2025-03-01T00:00:00-05:00': unmet('VR-US-NY-0004'),
    },
  },
  {
    what: '14 days over the day of 25 hours end at midnight, not an hour before',
    rules: 'US-NY/FULLY-VACCINATED',
    resources: [dose(PFIZER, '2021-09-01'), dose(PFIZER, '2021-10-30')],
    answers: {
      '2021-11-12T23:00:00-05:00': unmet('VR-US-NY-0003'),
      '2021-11-12T23:59:59-05:00': unmet('VR-US-NY-0003'),
      '2021-11-13T00:00:00-05:00': MET,
    },
  },
  {
    what: '14 days over the day of 23 hours end at midnight, not an hour later',
    rules: 'US-NY/FULLY-VACCINATED',
    resources: [dose(PFIZER, '2021-02-01'), dose(PFIZER, '2021-03-08')],
    answers: {
      '2021-03-21T23:59:59-04:00': unmet('VR-US-NY-0003'),
      '2021-03-22T00:00:00-04:00': MET,
    },
  },
  {
    what: 'a vaccination record at the door: from 15 days after the dose, without an end',
    rules: 'US-NY/ENTRY',
    resources: SERIES,
    answers: {
      '2021-11-16T23:59:59-05:00': unmet('VR-US-NY-0005'),
      '2021-11-17T00:00:00-05:00': MET,
      '2035-12-31T18:59:59-05:00': MET,
      '2035-12-31T19:00:00-05:00': unavailable('ENDED'),
    },
  },
  {
    what: 'a PCR record at the door: until midnight of the third day',
    rules: 'US-NY/ENTRY',
    resources: [result('pcr', 'negative', '2021-11-05T23:30:00-04:00')],
    answers: {
      '2021-11-05T23:29:59-04:00': unmet('TR-US-NY-0001'),
      '2021-11-05T23:30:00-04:00': MET,
      '2021-11-08T23:59:59-05:00': MET,
      '2021-11-09T00:00:00-05:00': unmet('TR-US-NY-0003'),
    },
  },
  {
    what: 'an antigen record at the door: six hours, by the clock, over its change too',
    rules: 'US-NY/ENTRY',
    resources: [result('antigen', 'negative', '2021-11-06T23:00:00-04:00')],
    answers: {
      '2021-11-06T22:59:59-04:00': unmet('TR-US-NY-0001'),
      '2021-11-06T23:00:00-04:00': MET,
      '2021-11-07T04:00:00-05:00': MET,
      '2021-11-07T04:00:01-05:00': unmet('TR-US-NY-0006'),
    },
  },
];

for (const { what, rules, resources, answers } of EDGES) {
  describe(what, () => {
    for (const [at, expected] of Object.entries(answers)) {
      test(`at ${at}: ${expected}`, async () => {
        assert.equal(line(await decideRecord(resources, { rules, at })), expected);
      });
    }
  });
}

const passKey = newKey();
const { data, anchor } = anchoredBits(passKey, new StatusList(1));
const passTrust = rulesTrust(SHIPPED, {
  keys: [trustedKey(passKey, { validFrom: 0, validUntil: 0, revocation: 'bits' })],
  anchors: [anchor],
  lists: [data],
});

/** A Pass that goes on being valid, so that the rules alone decide. */
async function decidePass(passType: PassType, issued: string, at: string, rules: string): Promise<string> {
  const pass = mintPass(passKey, { passType, nbf: seconds(issued), exp: seconds('2035-01-01T00:00:00Z') });
  return line(await decide(pass, passTrust, { rules, at: seconds(at) }));
}

const ISSUED = '2021-11-05T23:30:00-04:00';
const PASSES: readonly (readonly [PassType, rules: string, at: string, expected: string])[] = [
  ['vaccination', 'US-NY/ENTRY', '2022-11-05T23:59:59-04:00', MET],
  ['vaccination', 'US-NY/ENTRY', '2022-11-06T00:00:00-04:00', unmet('GR-US-NY-0001')],
  ['vaccination', 'US-NY/FULLY-VACCINATED', '2022-11-05T23:59:59-04:00', MET],
  ['vaccination', 'US-NY/FULLY-VACCINATED', '2022-11-06T00:00:00-04:00', unmet('GR-US-NY-0001')],
  ['pcr', 'US-NY/ENTRY', '2021-11-08T23:59:59-05:00', MET],
  ['pcr', 'US-NY/ENTRY', '2021-11-09T00:00:00-05:00', unmet('GR-US-NY-0002')],
  ['antigen', 'US-NY/ENTRY', '2021-11-06T05:30:00-04:00', MET],
  ['antigen', 'US-NY/ENTRY', '2021-11-06T05:30:01-04:00', unmet('GR-US-NY-0003')],
  ['pcr', 'US-NY/FULLY-VACCINATED', ISSUED, unmet('US-NY/FULLY-VACCINATED takes none')],
  ['vaccination', 'US-NY/EVENT-72H', ISSUED, unmet('US-NY/EVENT-72H takes none')],
  ['vaccination', 'EU/BASE', ISSUED, unmet('EU/BASE takes none')],
];

describe('a Pass counts from when it was issued, which is all that it says', () => {
  for (const [passType, rules, at, expected] of PASSES) {
    test(`${passType} by ${rules} at ${at}: ${expected}`, async () => {
      assert.equal(await decidePass(passType, ISSUED, at, rules), expected);
    });
  }
});

describe('72 hours before the event are 72 hours by the clock', () => {
  const sample = result('pcr', 'negative', '2021-11-05T19:00:00-04:00');
  const at = '2021-11-08T12:00:00-05:00';
  const asked = async (event?: string, ...resources: Parameters<typeof decideRecord>[0]) =>
    line(await decideRecord([sample, ...resources], { rules: 'US-NY/EVENT-72H', at, ...(event === undefined ? {} : { event }) })); // prettier-ignore

  test('exactly, over the change of the clocks', async () => {
    assert.equal(await asked('2021-11-08T18:00:00-05:00'), MET);
  });

  test('and not a second more', async () => {
    assert.equal(await asked('2021-11-08T18:00:01-05:00'), unmet('TR-US-NY-0009'));
  });

  test('an event that began before the sample was taken has no test', async () => {
    assert.equal(await asked('2021-11-05T18:59:59-04:00'), unmet('TR-US-NY-0007'));
    assert.equal(await asked('2021-11-05T19:00:00-04:00'), MET);
  });

  test('without an event nobody knows', async () => {
    assert.equal(await asked(), unavailable('EVENT_NEEDED'));
  });

  test('a sample without its time is as old as its day', async () => {
    const dated = result('pcr', 'negative', '2021-11-06');
    const until = async (event: string) =>
      line(await decideRecord([dated], { rules: 'US-NY/EVENT-72H', at, event }));
    // 00:00 in summer time to 23:00 in winter time: 72 hours.
    assert.equal(await until('2021-11-08T23:00:00-05:00'), MET);
    assert.equal(await until('2021-11-08T23:00:01-05:00'), unmet('TR-US-NY-0009'));
  });

  test('an event does not make up for a positive result', async () => {
    const positive = result('antigen', 'positive', '2021-11-06T19:00:00-04:00');
    assert.equal(await asked('2021-11-08T18:00:00-05:00', positive), unmet('TR-US-NY-0008'));
  });

  test('rules that do not ask about an event are the same with one', async () => {
    const record = [result('pcr', 'negative', '2021-11-07')];
    const entry = { rules: 'US-NY/ENTRY', at };
    const without = await decideRecord(record, entry);
    assert.deepEqual(await decideRecord(record, { ...entry, event: '2030-01-01T00:00:00Z' }), without);
  });
});

describe('the European base: the windows of its alternatives', () => {
  const EU: readonly Edge[] = [
    {
      what: 'a primary series for 270 days',
      rules: 'EU/BASE',
      resources: SERIES,
      answers: {
        '2021-11-15T23:59:59+01:00': unmet('VR-EU-0003'),
        '2021-11-16T00:00:00+01:00': MET,
        '2022-07-30T23:59:59+02:00': MET,
        '2022-07-31T00:00:00+02:00': unmet('VR-EU-0004'),
      },
    },
    {
      what: 'a booster from its day on',
      rules: 'EU/BASE',
      resources: [...SERIES, dose(MODERNA, '2022-09-01')],
      answers: {
        '2022-08-31T23:59:59+02:00': unmet('VR-EU-0004'),
        '2022-09-01T00:00:00+02:00': MET,
        '2030-01-01T00:00:00Z': MET,
      },
    },
    {
      what: 'a PCR test for 72 hours',
      rules: 'EU/BASE',
      resources: [result('pcr', 'negative', '2021-11-05T12:00:00+01:00')],
      answers: {
        '2021-11-08T12:00:00+01:00': MET,
        '2021-11-08T12:00:01+01:00': unmet('TR-EU-0003'),
      },
    },
    {
      what: 'recovery from the 11th day through the 180th',
      rules: 'EU/BASE',
      resources: [result('pcr', 'positive', '2021-11-05')],
      answers: {
        '2021-11-15T23:59:59+01:00': unmet('RR-EU-0002'),
        '2021-11-16T00:00:00+01:00': MET,
        '2022-05-04T23:59:59+02:00': MET,
        '2022-05-05T00:00:00+02:00': unmet('RR-EU-0002'),
      },
    },
  ];
  for (const { what, rules, resources, answers } of EU) {
    for (const [at, expected] of Object.entries(answers)) {
      test(`${what}: at ${at} ${expected}`, async () => {
        assert.equal(line(await decideRecord(resources, { rules, at })), expected);
      });
    }
  }
});
