/** A rule as its authors write it. */
export type DraftRule = Record<string, unknown> & { Identifier: string; Version: string; Logic: object };

/** A rule set as its authors write it: JSON, to be spoilt by tests. */
export interface DraftSet extends Record<string, unknown> {
  version: string;
  layers: Record<string, unknown>[];
  rules: DraftRule[];
}

const words = (en: string): object => ({ en });

/** A set of one rule, about how long ago a vaccination was completed. */
export function draftSet(): DraftSet {
  return {
    format: 'pratique-rule-set-1',
    jurisdiction: 'US-NO',
    id: 'ENTRY',
    version: '1.0.0',
    title: words('Entry'),
    timeZone: 'America/New_York',
    validFrom: '2021-01-01T00:00:00Z',
    validTo: '2100-01-01T00:00:00Z',
    valueSet: { jurisdiction: 'US-NO', id: 'COVID-19', version: '1.0.0' },
    layers: [
      {
        kind: 'any-of',
        title: words('Vaccinated'),
        alternatives: [alternative('vaccinated', ['VR-US-NO-0001'])],
      },
    ],
    rules: [draftRule()],
  };
}

export function alternative(name: string, allOf: readonly string[]): Record<string, unknown> {
  const takes = { profiles: ['pass-plus'], passTypes: [] };
  return { name, title: words('Vaccination record'), takes, allOf };
}

export function draftRule(content: Partial<DraftRule> = {}): DraftRule {
  return {
    Identifier: 'VR-US-NO-0001',
    Type: 'Acceptance',
    Country: 'US-NO',
    Version: '1.0.0',
    SchemaVersion: '1.0.0',
    Engine: 'CERTLOGIC',
    EngineVersion: '1.3.2',
    CertificateType: 'Vaccination',
    Description: words('At least {waitDays} days must have passed.'),
    ValidFrom: '2021-01-01T00:00:00Z',
    ValidTo: '2100-01-01T00:00:00Z',
    AffectedFields: ['vaccination.completed', 'vaccination.daysSinceCompleted'],
    Logic: {
      if: [
        { var: 'payload.vaccination.completed' },
        { '>=': [{ var: 'payload.vaccination.daysSinceCompleted' }, { var: 'external.numbers.waitDays' }] },
        false,
      ],
    },
    Remedy: {
      text: words('It counts from {from}.'),
      values: { from: { of: 'payload.vaccination.completed', plusDays: 'waitDays' } },
    },
    ...content,
  };
}

/** What the set counts by. */
export function draftValueSet(content: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    format: 'pratique-value-set-1',
    jurisdiction: 'US-NO',
    id: 'COVID-19',
    version: '1.0.0',
    title: words('COVID-19'),
    numbers: { waitDays: 14 },
    vaccines: [{ product: 'A', codes: ['cvx|208'], dosesInSeries: 2, daysBetween: 17 }],
    tests: { pcr: ['loinc|94500-6'] },
    ...content,
  };
}

/** Tests that show the one rule of the set met, and not met. */
export function draftTests(): { tests: Record<string, unknown>[] } & Record<string, unknown> {
  const test = (name: string, at: string): Record<string, unknown> => ({
    name,
    at,
    event: null,
    issuer: { jurisdiction: 'US-NO', attested: [] },
    card: {
      profile: 'pass-plus',
      issued: '2021-03-01T00:00:00Z',
      birthDate: '1980-02-29',
      doses: [
        { date: '2021-02-01', code: 'cvx|208' },
        { date: '2021-03-01', code: 'cvx|208' },
      ],
    },
    expect: 'met',
    rule: null,
    remedy: null,
  });
  return {
    format: 'pratique-rule-tests-1',
    set: 'US-NO/ENTRY',
    tests: [
      test('day 14', '2021-03-15T00:00:00-04:00'),
      {
        ...test('day 13', '2021-03-14T23:59:59-04:00'),
        expect: 'unmet',
        rule: 'VR-US-NO-0001',
        remedy: 'It counts from 2021-03-15.',
      },
    ],
  };
}

/** One way to spoil a draft for every fault that a rule set can have. */
export const SPOILT: Readonly<Record<string, (set: DraftSet) => void>> = {
  LOGIC_MALFORMED: (set) => ruleOf(set, { Logic: { or: [true, false] } }),
  FIELD_UNKNOWN: (set) => ruleOf(set, about('vaccination.completd')),
  AFFECTED_FIELDS_DIFFER: (set) => ruleOf(set, { AffectedFields: ['vaccination.completed'] }),
  NUMBER_UNKNOWN: (set) => ruleOf(set, { Description: words('At least {waitDay} days must have passed.') }),
  REMEDY_INCOMPLETE: (set) => ruleOf(set, { Remedy: { text: words('It counts from {form}.'), values: {} } }),
  RULE_MISSING: (set) => alternativesOf(set, alternative('vaccinated', ['VR-US-NO-0001', 'VR-US-NO-0002'])),
  RULE_UNUSED: (set) => void set.rules.push(draftRule({ Identifier: 'VR-US-NO-0002' })),
  RULE_TWICE: (set) => void set.rules.push(draftRule()),
  ALTERNATIVE_TWICE: (set) =>
    alternativesOf(set, alternative('one', ['VR-US-NO-0001']), alternative('one', ['VR-US-NO-0001'])),
  PASS_TYPES_DIFFER: (set) =>
    alternativesOf(set, {
      ...alternative('pass', ['VR-US-NO-0001']),
      takes: { profiles: ['pass'], passTypes: [] },
    }),
  VALUE_SET_DIFFERS: (set) => {
    set['valueSet'] = { jurisdiction: 'US-NO', id: 'COVID-19', version: '1.0.1' };
  },
};

/** A rule that asks whether a field of the payload is there. */
export function about(field: string): Partial<DraftRule> {
  return { AffectedFields: [field], Logic: { if: [{ var: `payload.${field}` }, true, false] } };
}

function ruleOf(set: DraftSet, content: Partial<DraftRule>): void {
  set.rules = [draftRule(content)];
}

function alternativesOf(set: DraftSet, ...alternatives: readonly object[]): void {
  set.layers = [{ kind: 'any-of', title: words('Vaccinated'), alternatives }];
}
