import { secondsFromDateTime } from '../../../credential/date-time.ts';
import type { ValueSet } from '../../../credential/value-set.ts';
import type { InForce } from './published.ts';
import { isKnownZone, isRuleSet, nameOf, readySet } from './ready-rules.ts';
import { findingsOf } from './rule-findings.ts';
import type { RuleFault } from './rule-findings.ts';
import { compareVersions } from './rule-set.ts';
import type { Rule, RuleSet, Words } from './rule-set.ts';
import type { Coverage } from './run-rule-tests.ts';

/** Why a rule set or value set should not be published; a closed list. */
export type Refusal =
  | RuleFault
  /** It is not JSON that every reader reads the same way. */
  | 'NOT_JSON'
  /** It is no rule set, value set or file of tests. */
  | 'SHAPE'
  /** No platform knows its time zone. */
  | 'ZONE_UNKNOWN'
  /** The value set that it counts by is not at hand. */
  | 'VALUE_SET_UNAVAILABLE'
  /** The set that it rests on is not at hand or does not hold. */
  | 'BASE_UNAVAILABLE'
  /** The version before is of another name. */
  | 'NAME_DIFFERS'
  /** Its version is not higher than that of the version before. */
  | 'VERSION_NOT_RISING'
  /** A rule says something else than in the version before, under a version that is not higher. */
  | 'RULE_VERSION_NOT_RISING';

/** What its authors should know of; it keeps nobody from publishing. A closed list. */
export type Advice =
  /** Some sentences are said in a language, and this one is not. */
  | 'LANGUAGE_MISSING'
  /** No test shows the rule met, or not met. */
  | 'TEST_MISSING'
  /** There are tests, and they cannot be read. */
  | 'TESTS_UNREADABLE'
  /** It ends within two months, or has. */
  | 'ENDS_SOON';

/** One thing that was found. */
export interface LintFinding {
  readonly code: Refusal | Advice;
  /** Whether it would be refused. */
  readonly refused: boolean;
  /** Identifier of a rule, name of an alternative, path of a member; empty for the whole. */
  readonly where: string;
  readonly what: string;
}

const SOON_SECONDS = 60 * 86_400;

/** A finding for which nothing is decided by the set. */
export function refusal(code: Refusal, where = '', what = ''): LintFinding {
  return { code, refused: true, where, what };
}

/** A finding that its authors may live with. */
export function advice(code: Advice, where: string, what: string): LintFinding {
  return { code, refused: false, where, what };
}

/**
 * Everything about a rule set or value set that its authors should know.
 *
 * @param find what it counts by and rests on
 * @param now seconds since 1970
 */
export function lintContent(
  content: RuleSet | ValueSet,
  find: (name: string) => InForce,
  now: number,
): readonly LintFinding[] {
  if (!isRuleSet(content)) return languagesMissing([['title', content.title]]);
  return [
    ...ofZone(content),
    ...ofValueSet(content, find),
    ...ofBases(content, find),
    ...languagesMissing(sentencesOf(content)),
    ...endingSoon(content, now),
  ];
}

function ofZone({ timeZone }: RuleSet): readonly LintFinding[] {
  return isKnownZone(timeZone) ? [] : [refusal('ZONE_UNKNOWN', 'timeZone', timeZone)];
}

function ofValueSet(set: RuleSet, find: (name: string) => InForce): readonly LintFinding[] {
  const name = nameOf(set.valueSet);
  const { found } = find(name);
  if (typeof found === 'string' || found.content === undefined || isRuleSet(found.content)) {
    return [refusal('VALUE_SET_UNAVAILABLE', '', name)];
  }
  return findingsOf(set, found.content).map(({ fault, where, what }) => refusal(fault, where, what));
}

function ofBases({ layers, validFrom }: RuleSet, find: (name: string) => InForce): readonly LintFinding[] {
  const from = secondsFromDateTime(validFrom);
  return layers.flatMap((layer) => {
    if (layer.kind !== 'rule-set') return [];
    const name = nameOf(layer);
    // From the first moment on; that the base ends sooner is its own jurisdiction's right.
    return typeof readySet(name, from, find).ready === 'string'
      ? [refusal('BASE_UNAVAILABLE', '', name)]
      : [];
  });
}

type Sentence = readonly [where: string, words: Words];

function sentencesOf({ title, layers, rules }: RuleSet): readonly Sentence[] {
  return [
    ['title', title],
    ...layers.flatMap((layer): Sentence[] =>
      layer.kind === 'rule-set'
        ? []
        : [
            [`layer “${layer.title.get('en')}”`, layer.title],
            ...layer.alternatives.map((one): Sentence => [one.name, one.title]),
          ],
    ),
    ...rules.flatMap(({ Identifier, Description, Remedy }): Sentence[] => [
      [Identifier, Description],
      ...(Remedy === null ? [] : ([[`${Identifier} Remedy`, Remedy.text]] satisfies Sentence[])),
    ]),
  ];
}

function languagesMissing(sentences: readonly Sentence[]): readonly LintFinding[] {
  const languages = new Set(sentences.flatMap(([, words]) => [...words.keys()]));
  return sentences.flatMap(([where, words]) =>
    [...languages]
      .filter((language) => !words.has(language))
      .map((language) => advice('LANGUAGE_MISSING', where, language)),
  );
}

function endingSoon({ validTo, rules }: RuleSet, now: number): readonly LintFinding[] {
  const isSoon = (moment: string): boolean => secondsFromDateTime(moment) < now + SOON_SECONDS;
  if (isSoon(validTo)) return [advice('ENDS_SOON', '', validTo)];
  const newest = (rule: Rule): boolean =>
    rules.every(
      ({ Identifier, Version }) =>
        Identifier !== rule.Identifier || compareVersions(Version, rule.Version) <= 0,
    );
  return rules.flatMap((rule) =>
    isSoon(rule.ValidTo) && newest(rule) ? [advice('ENDS_SOON', rule.Identifier, rule.ValidTo)] : [],
  );
}

/** Rules of a set that no test shows met, or not met. */
export function testsMissing({ rules }: RuleSet, asked: readonly Coverage[]): readonly LintFinding[] {
  const identifiers = [...new Set(rules.map(({ Identifier }) => Identifier))];
  return identifiers.flatMap((one) =>
    (['met', 'unmet'] as const)
      .filter((side) => !asked.some((coverage) => coverage[side].has(one)))
      .map((side) => advice('TEST_MISSING', one, side === 'met' ? 'met' : 'not met')),
  );
}

/** What keeps a document from following the version before it. */
export function notRising(content: RuleSet | ValueSet, before: RuleSet | ValueSet): readonly LintFinding[] {
  if (nameOf(content) !== nameOf(before) || content.format !== before.format) {
    return [refusal('NAME_DIFFERS', '', nameOf(before))];
  }
  const found =
    compareVersions(content.version, before.version) > 0
      ? []
      : [refusal('VERSION_NOT_RISING', '', before.version)];
  if (!isRuleSet(content) || !isRuleSet(before)) return found;
  const earlier = before.rules;
  return [
    ...found,
    ...content.rules.flatMap((rule) => {
      const changed = earlier.find((one) => isOtherRule(one, rule, earlier));
      return changed === undefined
        ? []
        : [refusal('RULE_VERSION_NOT_RISING', rule.Identifier, changed.Version)];
    }),
  ];
}

/** Another logic under the same version or a higher one; a rule that stands there as it stood is none. */
function isOtherRule(before: Rule, rule: Rule, earlier: readonly Rule[]): boolean {
  const isSame = (one: Rule): boolean => JSON.stringify(one.Logic) === JSON.stringify(rule.Logic);
  const stood = earlier.some(
    (one) => one.Identifier === rule.Identifier && one.Version === rule.Version && isSame(one),
  );
  return (
    !stood &&
    before.Identifier === rule.Identifier &&
    !isSame(before) &&
    compareVersions(before.Version, rule.Version) >= 0
  );
}
