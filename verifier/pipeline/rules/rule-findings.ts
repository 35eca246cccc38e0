import type { ValueSet } from '../../../credential/value-set.ts';
import { isLogic, isQuick, pathsOf } from './logic.ts';
import { isField, isItemField } from './payload-fields.ts';
import type { ValueSetNames } from './payload-fields.ts';
import { isCompatible } from './rule-set.ts';
import type { Rule, RuleSet } from './rule-set.ts';

/** What is wrong with a rule set; a closed list. */
export type RuleFault =
  /** It is no CertLogic expression, or one that would take too long. */
  | 'LOGIC_MALFORMED'
  /** It looks at something that rules are not given, or at what is always there: whether it is there says nothing. */
  | 'FIELD_UNKNOWN'
  /** `AffectedFields` are others than the logic looks at. */
  | 'AFFECTED_FIELDS_DIFFER'
  /** A sentence names a number that the value set does not have. */
  | 'NUMBER_UNKNOWN'
  /** A remedy says a value that it does not give, or gives one that it does not say. */
  | 'REMEDY_INCOMPLETE'
  /** An alternative names a rule that is not there. */
  | 'RULE_MISSING'
  /** No alternative names the rule. */
  | 'RULE_UNUSED'
  /** A rule stands twice in one version. */
  | 'RULE_TWICE'
  /** Two alternatives of a layer have one name. */
  | 'ALTERNATIVE_TWICE'
  /** An alternative takes types of Pass and no Pass, or a Pass of no type. */
  | 'PASS_TYPES_DIFFER'
  /** The value set is another one, or of a version that does not go with the rules. */
  | 'VALUE_SET_DIFFERS';

/** One thing that is wrong, and where. */
export interface RuleFinding {
  readonly fault: RuleFault;
  /** Identifier of the rule, name of the alternative, or empty for the set itself. */
  readonly where: string;
  /** The path, field or number that it is about; empty if it is about the whole. */
  readonly what: string;
}

/** Everything that is wrong with a rule set beside its value set. With any of it, nothing is decided by the set. */
export function findingsOf(set: RuleSet, valueSet: ValueSet): readonly RuleFinding[] {
  const names = {
    numbers: new Set(valueSet.numbers.keys()),
    testKinds: new Set(valueSet.tests.keys()),
  };
  const { jurisdiction, id, version } = set.valueSet;
  const isOurs = valueSet.jurisdiction === jurisdiction && valueSet.id === id;
  const findings: RuleFinding[] = [];
  if (!isOurs || !isCompatible(valueSet.version, version)) {
    findings.push({ fault: 'VALUE_SET_DIFFERS', where: '', what: `${jurisdiction}/${id} ${version}` });
  }
  return [...findings, ...ofAlternatives(set), ...set.rules.flatMap((rule) => ofRule(rule, names))];
}

function ofAlternatives({ layers, rules }: RuleSet): readonly RuleFinding[] {
  const findings: RuleFinding[] = [];
  const known = new Set(rules.map(({ Identifier }) => Identifier));
  const used = new Set<string>();
  for (const layer of layers) {
    if (layer.kind === 'rule-set') continue;
    for (const { name, takes, allOf } of layer.alternatives) {
      const wrong = (fault: RuleFault, what = '') => findings.push({ fault, where: name, what });
      if (layer.alternatives.filter((other) => other.name === name).length > 1) wrong('ALTERNATIVE_TWICE');
      if (takes.profiles.includes('pass') !== takes.passTypes.length > 0) wrong('PASS_TYPES_DIFFER');
      for (const one of allOf) {
        used.add(one);
        if (!known.has(one)) wrong('RULE_MISSING', one);
      }
    }
  }
  for (const where of known) if (!used.has(where)) findings.push({ fault: 'RULE_UNUSED', where, what: '' });
  const versions = rules.map(({ Identifier, Version }) => `${Identifier} ${Version}`);
  for (const [at, { Identifier, Version }] of rules.entries()) {
    if (versions.indexOf(`${Identifier} ${Version}`) !== at) {
      findings.push({ fault: 'RULE_TWICE', where: Identifier, what: Version });
    }
  }
  return findings;
}

function ofRule(rule: Rule, names: ValueSetNames): readonly RuleFinding[] {
  const wrong = (fault: RuleFault, what = ''): RuleFinding => ({ fault, where: rule.Identifier, what });
  if (!isLogic(rule.Logic) || !isQuick(rule.Logic)) return [wrong('LOGIC_MALFORMED')];
  const unknown = unknownFields(rule.Logic, names).map((path) => wrong('FIELD_UNKNOWN', path));
  const affected = affectedFields(rule.Logic);
  const stated = new Set(rule.AffectedFields);
  const differ = [
    ...affected.filter((field) => !stated.has(field)),
    ...rule.AffectedFields.filter((field) => !affected.includes(field)),
  ].map((field) => wrong('AFFECTED_FIELDS_DIFFER', field));
  return [
    ...unknown,
    ...differ,
    ...ofSentences(rule, names).map((number) => wrong('NUMBER_UNKNOWN', number)),
    ...ofRemedy(rule, names, wrong),
  ];
}

/** The fields of the payload that the logic looks at, as the EU lists them: without `payload.`. */
function affectedFields(logic: unknown): readonly string[] {
  return pathsOf(logic).flatMap((path) => (path.startsWith('payload.') ? path.slice('payload.'.length) : []));
}

function ofSentences({ Description }: Rule, { numbers }: ValueSetNames): readonly string[] {
  const named = [...Description.values()].flatMap(placeholders);
  return [...new Set(named)].filter((name) => !numbers.has(name));
}

function ofRemedy(
  { Remedy }: Rule,
  names: ValueSetNames,
  wrong: (fault: RuleFault, what: string) => RuleFinding,
): readonly RuleFinding[] {
  if (Remedy === null) return [];
  const { text, values } = Remedy;
  const given = [...values.keys(), ...names.numbers];
  return [
    // Every language says the same values.
    ...[...text.values()].flatMap((sentence) => {
      const said = placeholders(sentence);
      const missing = said.filter((name) => !given.includes(name));
      const unsaid = [...values.keys()].filter((name) => !said.includes(name));
      return [...missing, ...unsaid].map((name) => wrong('REMEDY_INCOMPLETE', name));
    }),
    ...[...values.values()].flatMap(({ of, plusDays }) => [
      ...(isField(of, names) ? [] : [wrong('FIELD_UNKNOWN', of)]),
      ...(plusDays === null || names.numbers.has(plusDays) ? [] : [wrong('NUMBER_UNKNOWN', plusDays)]),
    ]),
  ];
}

/** The names that stand in braces. */
function placeholders(sentence: string): readonly string[] {
  return [...sentence.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
}

/** Paths that lead nowhere, those within a `reduce` held against the list that it goes over. */
function unknownFields(logic: unknown, names: ValueSetNames): readonly string[] {
  const outside = (path: string): boolean => isField(path, names);
  const walk = (expression: unknown, exists: (path: string) => boolean): readonly string[] => {
    if (Array.isArray(expression)) return expression.flatMap((one) => walk(one, exists));
    if (typeof expression !== 'object' || expression === null) return [];
    const [[operator, values] = ['', []]] = Object.entries(expression) as [string, unknown][];
    if (operator === 'var') return exists(String(values)) ? [] : [String(values)];
    if (operator !== 'reduce' || !Array.isArray(values)) return walk(values, exists);
    const [operand, lambda, initial] = values as unknown[];
    const over = (operand as { readonly var?: unknown } | null)?.var;
    const within = (path: string): boolean => isItemField(path, String(over), names);
    return [...walk([operand, initial], exists), ...walk(lambda, within)];
  };
  return [...new Set(walk(logic, outside))];
}
