import { createHash } from 'node:crypto';
import type { PublishedRules } from '../../../verifier/pipeline/trust-document.ts';
import { DAY, NOW, WINDOW_UNTIL } from './moments.ts';

// Rule sets of Nowhere, small ones of its own: what comes with the program may change, and vectors do not.

const WINDOW = { validFrom: '2021-01-01T00:00:00Z', validTo: '2036-01-01T00:00:00Z' };
const VALUES = { jurisdiction: 'US-NO', id: 'VALUES', version: '1.0.0' };

const VALUE_SET = {
  format: 'pratique-value-set-1',
  ...VALUES,
  title: { en: 'Codes of Nowhere' },
  numbers: { waitDays: 14, pcrDays: 3, eventHours: 72 },
  vaccines: [{ product: 'Comirnaty', codes: ['cvx|208'], dosesInSeries: 2, daysBetween: 17 }],
  tests: { pcr: ['loinc|94500-6'] },
};

function rule(
  identifier: string,
  fields: readonly string[],
  logic: object,
  remedy: object | null = null,
): object {
  const types: Readonly<Record<string, string>> = { VR: 'Vaccination', TR: 'Test', GR: 'General' };
  return {
    Identifier: identifier,
    Type: 'Acceptance',
    Country: 'US-NO',
    Version: '1.0.0',
    SchemaVersion: '1.0.0',
    Engine: 'CERTLOGIC',
    EngineVersion: '1.3.2',
    CertificateType: types[identifier.slice(0, 2)],
    Description: { en: 'What Nowhere asks.' },
    ValidFrom: WINDOW.validFrom,
    ValidTo: WINDOW.validTo,
    AffectedFields: fields,
    Logic: logic,
    Remedy: remedy,
  };
}

const present = (path: string): object => ({ if: [{ var: `payload.${path}` }, true, false] });
const atLeast = (path: string, of: string, number: string): object => ({
  if: [
    { var: `payload.${path}` },
    { '>=': [{ var: `payload.${of}` }, { var: `external.numbers.${number}` }] },
    false,
  ],
});
const atMost = (path: string, of: string, number: string): object => ({
  if: [
    { var: `payload.${path}` },
    { '<=': [{ var: `payload.${of}` }, { var: `external.numbers.${number}` }] },
    false,
  ],
});

const COMPLETE = rule('VR-US-NO-0001', ['vaccination.completed'], present('vaccination.completed'));
const WAITED = rule(
  'VR-US-NO-0002',
  ['vaccination.completed', 'vaccination.daysSinceCompleted'],
  atLeast('vaccination.completed', 'vaccination.daysSinceCompleted', 'waitDays'),
);
const TESTED = rule(
  'TR-US-NO-0001',
  ['tests.pcr.negative', 'tests.pcr.negative.daysSince'],
  atMost('tests.pcr.negative', 'tests.pcr.negative.daysSince', 'pcrDays'),
);
const NOT_POSITIVE = rule(
  'TR-US-NO-0002',
  ['tests.pcr.negative', 'tests.pcr.negative.positiveSince', 'unread.tests'],
  {
    if: [
      { var: 'payload.tests.pcr.negative' },
      {
        and: [
          { '===': [{ var: 'payload.unread.tests' }, 0] },
          { '===': [{ var: 'payload.tests.pcr.negative.positiveSince' }, false] },
        ],
      },
      false,
    ],
  },
);
const BEFORE_EVENT = rule(
  'TR-US-NO-0003',
  ['tests.pcr.negativeBeforeEvent', 'tests.pcr.negativeBeforeEvent.hoursBefore'],
  atMost('tests.pcr.negativeBeforeEvent', 'tests.pcr.negativeBeforeEvent.hoursBefore', 'eventHours'),
);
const NOT_BOTH = rule('GR-US-NO-0001', ['vaccination.product'], {
  '+': [{ var: 'payload.vaccination.product' }, 1],
});
const TRUTHY = rule('GR-US-NO-0002', ['profile'], { if: [true, { var: 'payload.profile' }, false] });

type Rules = readonly object[];
const identifiers = (rules: Rules): readonly unknown[] =>
  rules.map((one) => (one as { Identifier: string }).Identifier);

/** A set of alternatives; a card meets it by any. */
function ruleSet(id: string, ways: readonly Rules[], content: object = {}): string {
  return JSON.stringify({
    format: 'pratique-rule-set-1',
    jurisdiction: 'US-NO',
    id,
    version: '1.0.0',
    title: { en: `${id} of Nowhere` },
    timeZone: 'America/New_York',
    ...WINDOW,
    valueSet: VALUES,
    layers: [
      {
        kind: 'any-of',
        title: { en: 'Ways in' },
        alternatives: ways.map((rules, n) => ({
          name: `way-${n}`,
          title: { en: `Way ${n}` },
          takes: { profiles: ['pass-plus'], passTypes: [] },
          allOf: identifiers(rules),
        })),
      },
    ],
    rules: [...new Set(ways.flat())],
    ...content,
  });
}

const vaccinated = [COMPLETE, WAITED];
const tested = [TESTED, NOT_POSITIVE];
const text = {
  values: JSON.stringify(VALUE_SET),
  vaccinated: ruleSet('VACCINATED', [vaccinated]),
  tested: ruleSet('TESTED', [tested]),
  entry: ruleSet('ADMISSION', [vaccinated, tested]),
  event: ruleSet('EVENT', [[BEFORE_EVENT]]),
  failing: ruleSet('FAILING', [vaccinated, [NOT_BOTH]]),
  truthy: ruleSet('TRUTHY', [[TRUTHY]]),
  kathmandu: ruleSet('KATHMANDU', [vaccinated], { timeZone: 'Asia/Kathmandu' }),
  layered: ruleSet('LAYERED', [tested], {
    layers: [
      { kind: 'rule-set', jurisdiction: 'US-NO', id: 'VACCINATED' },
      ...(JSON.parse(ruleSet('LAYERED', [tested])) as { layers: object[] }).layers,
    ],
  }),
  faulty: ruleSet('FAULTY', [vaccinated], { timeZone: 'America/Nowhere' }),
  ended: ruleSet('ENDED', [vaccinated]),
  coming: ruleSet('COMING', [vaccinated]),
  differing: ruleSet('DIFFERING', [vaccinated]),
  missing: ruleSet('MISSING', [vaccinated]),
};

const digest = (of: string): string => `0x${createHash('sha256').update(of).digest('hex')}`;

function published(of: string, content: Partial<PublishedRules> = {}): PublishedRules {
  const { id } = JSON.parse(of) as { readonly id: string };
  return {
    jurisdiction: 'US-NO',
    id,
    version: 1,
    validFrom: NOW - 100 * DAY,
    digest: digest(of),
    uri: `https://rules.example/${id}`,
    ...content,
  };
}

/** What Nowhere has published. */
export const PUBLISHED: readonly PublishedRules[] = [
  ...Object.values(text).map((one) => published(one, one === text.coming ? { validFrom: NOW + 1 } : {})),
  published(text.ended, { version: 2, validFrom: WINDOW_UNTIL, digest: null, uri: '' }),
];

/** The files that are here: one differs by a space, and one is missing. */
export const RULE_FILES: readonly string[] = Object.values(text).flatMap((one) => {
  if (one === text.missing) return [];
  return one === text.differing ? `${one} ` : one;
});
