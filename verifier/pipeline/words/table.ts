import type {
  CheckResult,
  Checks,
  Code,
  Decision,
  Outcome,
  RulesFault,
  Unwanted,
  Warning,
} from '../decision.ts';

/** What whoever scanned does next. */
export type NextStep =
  | 'compare-id'
  | 'do-not-accept'
  | 'renew-card'
  | 'ask-other-proof'
  | 'synchronise'
  | 'set-clock'
  | 'tell-operator'
  | 'scan-again'
  | 'scan-all-parts'
  | 'ask-for-card'
  | 'check-path';

/** Names of what stands beside them in a column, or before them in a line. */
export type Label =
  | 'compare'
  | 'born'
  | 'issuer'
  | 'kind'
  | 'checks'
  | 'rules'
  | 'trust'
  | 'next'
  | 'block'
  | 'chain'
  | 'no-chain'
  | 'not-pinned';

/** Units of an age; its count is never below two, so that no unit needs a singular. */
export type AgeUnit = 'moments' | 'minutes' | 'hours' | 'days';

/** Messages with parameters, and the type of each parameter. */
export interface MessageValues {
  readonly 'cards-decided': { readonly cards: number; readonly accepted: number };
}

/**
 * Everything that is said to people in one language. Another language is another table of this type, and a row here is
 * a row that the compiler asks of each.
 */
export interface WordTable {
  /** The language's name for itself. */
  readonly name: string;
  /** What stands between the members of a list. */
  readonly comma: string;
  readonly outcomes: Readonly<Record<Outcome, string>>;
  /** One plain sentence each. */
  readonly codes: Readonly<Record<Code, string>>;
  /** One plain sentence each. */
  readonly warnings: Readonly<Record<Warning, string>>;
  /** Why rules could not be checked; one plain sentence each. */
  readonly rulesFaults: Readonly<Record<RulesFault, string>>;
  /** One plain sentence each. */
  readonly unwanted: Readonly<Record<Unwanted, string>>;
  /** Of a rule set that is for other kinds of cards; one plain sentence. */
  readonly notTaken: string;
  readonly checks: Readonly<Record<keyof Checks, string>>;
  readonly results: Readonly<Record<CheckResult, string>>;
  readonly forms: Readonly<Record<NonNullable<Decision['form']>, string>>;
  readonly profiles: Readonly<Record<NonNullable<Decision['profile']>, string>>;
  /** One plain sentence each. */
  readonly steps: Readonly<Record<NextStep, string>>;
  readonly labels: Readonly<Record<Label, string>>;
  /** `{count}` stands for the number. A language whose units change with it takes abbreviations, which do not. */
  readonly ages: Readonly<Record<AgeUnit, string>>;
  /** ICU messages; one plain sentence each. */
  readonly messages: Readonly<Record<keyof MessageValues, string>>;
}
