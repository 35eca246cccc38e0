import type { Advice, LintFinding, Refusal } from './lint-rules.ts';

/** For whoever writes rules: one plain sentence each, in English as the format is. */
const WORDS: Readonly<Record<Refusal | Advice, (what: string) => string>> = {
  NOT_JSON: (what) => what,
  SHAPE: (what) => `Here the file holds ${what}.`,
  ZONE_UNKNOWN: (what) => `There is no time zone ${what}.`,
  VALUE_SET_UNAVAILABLE: (what) =>
    `The value set ${what} is not here, or is none: keep it beside the rule set.`,
  BASE_UNAVAILABLE: (what) => `The rule set ${what}, which it rests on, is not here or does not hold.`,
  NAME_DIFFERS: (what) => `The version before is ${what}, another document.`,
  VERSION_NOT_RISING: (what) => `Its version must be higher than ${what}, that of the version before.`,
  RULE_VERSION_NOT_RISING: (what) =>
    `The rule says something else than its version ${what} did, so its version must be higher.`,
  LOGIC_MALFORMED: () => 'The logic is no CertLogic expression.',
  FIELD_UNKNOWN: (what) =>
    `Rules cannot look at ${what === '' ? 'everything at once' : what}: it is no field, or is always there.`,
  AFFECTED_FIELDS_DIFFER: (what) =>
    `AffectedFields must name the fields that the logic looks at, those and no others: ${what}.`,
  NUMBER_UNKNOWN: (what) => `The value set has no number ${what}.`,
  REMEDY_INCOMPLETE: (what) =>
    `Each sentence of the remedy must say the values that it gives, and no others: ${what}.`,
  RULE_MISSING: (what) => `The alternative asks for ${what}, which is not among the rules.`,
  RULE_UNUSED: () => 'No alternative asks for the rule.',
  RULE_TWICE: (what) => `The rule stands twice in version ${what}.`,
  ALTERNATIVE_TWICE: () => 'Two alternatives of a layer have this name.',
  PASS_TYPES_DIFFER: () =>
    'An alternative that takes Passes says of which types; one that takes none says none.',
  VALUE_SET_DIFFERS: (what) => `The value set here is not ${what} or a later version that goes with it.`,
  LANGUAGE_MISSING: (what) => `Other sentences are said in ${what}, this one is not.`,
  TEST_MISSING: (what) => `No test shows the rule ${what}.`,
  TESTS_UNREADABLE: (what) => `Its tests cannot be read: ${what}`,
  ENDS_SOON: (what) => `It ends at ${what}: publish the next version in time.`,
};

/** What a finding means. */
export function lintSentence({ code, what }: Pick<LintFinding, 'code' | 'what'>): string {
  return WORDS[code](what);
}
