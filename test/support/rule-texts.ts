// The smallest sound rule set and value set, to be broken in one place by a test.

const VALUE_SET = {
  format: 'pratique-value-set-1',
  jurisdiction: 'NO',
  id: 'VALUES',
  version: '1.0.0',
  title: { en: 'Codes of Nowhere' },
  numbers: { waitDays: 14 },
  vaccines: [{ product: 'Two', codes: ['cvx|208'], dosesInSeries: 2, daysBetween: 17 }],
  tests: { pcr: ['loinc|94500-6'], antigen: ['loinc|94558-4'] },
};

/** That somebody is vaccinated, by one rule. */
export const RULE = {
  Identifier: 'VR-NO-0001',
  Type: 'Acceptance',
  Country: 'NO',
  Version: '1.0.0',
  SchemaVersion: '1.0.0',
  Engine: 'CERTLOGIC',
  EngineVersion: '1.3.2',
  CertificateType: 'Vaccination',
  Description: { en: 'There must be a dose.' },
  ValidFrom: '2021-01-01T00:00:00Z',
  ValidTo: '2036-01-01T00:00:00Z',
  AffectedFields: ['vaccination.doses'],
  Logic: { '>': [{ var: 'payload.vaccination.doses' }, 0] } as unknown,
  Remedy: null as unknown,
};

/** An alternative for whoever shows a record. */
export const ALTERNATIVE = {
  name: 'vaccinated',
  title: { en: 'Vaccinated' },
  takes: { profiles: ['pass-plus'], passTypes: [] as readonly string[] },
  allOf: ['VR-NO-0001'],
};

const RULE_SET = {
  format: 'pratique-rule-set-1',
  jurisdiction: 'NO',
  id: 'ENTRY',
  version: '1.0.0',
  title: { en: 'Entry to Nowhere' },
  timeZone: 'America/New_York',
  validFrom: '2021-01-01T00:00:00Z',
  validTo: '2036-01-01T00:00:00Z',
  valueSet: { jurisdiction: 'NO', id: 'VALUES', version: '1.0.0' },
  layers: [{ kind: 'any-of', title: { en: 'Ways in' }, alternatives: [ALTERNATIVE] }],
  rules: [RULE],
};

export const valueSetText = (content: object = {}): string => JSON.stringify({ ...VALUE_SET, ...content });
export const ruleSetText = (content: object = {}): string => JSON.stringify({ ...RULE_SET, ...content });

/** The same document but for these members. */
export function changed(text: string, members: object): string {
  return JSON.stringify({ ...(JSON.parse(text) as object), ...members });
}

/** A rule with this logic, its affected fields as given. */
export function ruleOf(number: string, Logic: unknown, AffectedFields: readonly string[] = []): typeof RULE {
  return { ...RULE, Identifier: `VR-NO-${number}`, Logic, AffectedFields: [...AffectedFields] };
}

/** A set of alternatives, each of its own rules. */
export function alternativesText(...ways: readonly (readonly (typeof RULE)[])[]): string {
  const alternatives = ways.map((rules, n) => ({
    ...ALTERNATIVE,
    name: `way-${n}`,
    allOf: rules.map(({ Identifier }) => Identifier),
  }));
  const all = new Map(ways.flat().map((rule) => [rule.Identifier, rule]));
  return ruleSetText({
    layers: [{ kind: 'any-of', title: { en: 'Ways in' }, alternatives }],
    rules: [...all.values()],
  });
}
