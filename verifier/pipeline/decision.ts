/** The four answers a venue can get. */
export type Outcome = 'accepted' | 'rejected' | 'undetermined' | 'unreadable';

/** Every reason code and the outcome it stands for; a closed table. */
export const OUTCOME_OF_CODE = {
  VALID: 'accepted',

  EXPIRED: 'rejected',
  NOT_YET_VALID: 'rejected',
  SIGNATURE_INVALID: 'rejected',
  ISSUER_UNKNOWN: 'rejected',
  ISSUER_SUSPENDED: 'rejected',
  ISSUER_WITHDRAWN: 'rejected',
  ISSUER_PENDING: 'rejected',
  ISSUER_NOT_ACCREDITED_AT_ISSUANCE: 'rejected',
  KEY_NOT_VALID_AT_ISSUANCE: 'rejected',
  KEY_COMPROMISED: 'rejected',
  REVOKED: 'rejected',
  RULES_NOT_MET: 'rejected',
  HOLDER_NOT_PROVEN: 'rejected',

  TRUST_STALE: 'undetermined',
  STATUS_STALE: 'undetermined',
  CLOCK_BEHIND: 'undetermined',
  TRUST_MISSING: 'undetermined',
  TRUST_INVALID: 'undetermined',
  TRUST_UNANCHORED: 'undetermined',
  STATUS_MISSING: 'undetermined',
  STATUS_INVALID: 'undetermined',
  RULES_UNAVAILABLE: 'undetermined',
  SUBJECT_UNNAMED: 'undetermined',

  MALFORMED: 'unreadable',
  UNSUPPORTED_FORMAT: 'unreadable',
  TOO_LARGE: 'unreadable',
  INCOMPLETE_QR: 'unreadable',
  INPUT_NOT_FOUND: 'unreadable',
} as const satisfies Record<string, Outcome>;

export type Code = keyof typeof OUTCOME_OF_CODE;

/** A reason for not accepting. */
export type FailureCode = Exclude<Code, 'VALID'>;

/** What became of one check. `not-run`: an earlier step already ended the reading. */
export type CheckResult = 'passed' | 'failed' | 'undetermined' | 'not-offered' | 'not-asked' | 'not-run';

/** What the staff should know of; it changes no outcome. A closed list. */
export type Warning =
  /** The venue's own sync is older than the venue wants, and still good. */
  | 'TRUST_AGEING'
  /** The trust data is tied to no chain, and was allowed all the same. */
  | 'TRUST_NOT_ANCHORED'
  /** The issuer has not anchored its revocations for longer than its jurisdiction wants. */
  | 'ISSUER_SILENT'
  /** Nobody could say if the card were revoked. */
  | 'REVOCATION_NOT_OFFERED';

/** The checks of section "Verification order", in that order. */
export interface Checks {
  readonly signature: CheckResult;
  readonly issuer: CheckResult;
  readonly key: CheckResult;
  readonly validity: CheckResult;
  readonly status: CheckResult;
  readonly rules: CheckResult;
}

/** What the staff compare with an ID; wording and cleaning for display are the edge's. */
export interface Subject {
  readonly name: string;
  readonly birthDate: string | null;
}

/** Who issued it, in the registry's words, never the card's. */
export interface DecisionIssuer {
  readonly did: string;
  readonly iss: string;
  readonly name: string;
  readonly jurisdiction: string;
}

/** How old the trust data is and what it rests on. */
export interface DecisionTrust {
  readonly anchored: boolean;
  /** Seconds between the signed sync (or build) time and the machine's clock. */
  readonly ageSeconds: number;
  readonly chainId: number | null;
  readonly registry: string | null;
  readonly block: number | null;
}

/** Why acceptance rules could not be checked; a closed list. */
export type RulesFault =
  /** No jurisdiction published anything under the name. */
  | 'NOT_PUBLISHED'
  /** Several did, and the name says none of them. */
  | 'NAME_AMBIGUOUS'
  /** Its first version begins later, by the registry or by its own window. */
  | 'NOT_YET_IN_FORCE'
  /** The jurisdiction ended it, or its own end is past. */
  | 'ENDED'
  /** The jurisdiction is suspended. */
  | 'JURISDICTION_SUSPENDED'
  /** The file is not here. */
  | 'MISSING'
  /** Files of that name are here, and none of them is the one that was published. */
  | 'DIFFERS'
  /** What was published is no rule set, or not the one that it was published as, or does not add up. */
  | 'FAULTY'
  /** A later version that was published is not the higher one by its own number. */
  | 'VERSION_NOT_RISING'
  /** The value set of the rules cannot be used. */
  | 'VALUE_SET_UNAVAILABLE'
  /** Rules count back from an event, and nobody said when it begins. */
  | 'EVENT_NEEDED'
  /** A rule did not come to yes or no. */
  | 'RULE_FAILED';

/** The rule set that a card was held against. */
export interface DecidedRules {
  /** JURISDICTION/ID, or the name that was asked for where there is no such set. */
  readonly set: string;
  /** Semantic version of the set; null where there is none. */
  readonly version: string | null;
  /** Why it could not be checked; null where it was. */
  readonly fault: RulesFault | null;
}

/** Sentences by the tag of their language. */
export type Sentences = Readonly<Record<string, string>>;

/** A rule that a card does not meet, in the words of whoever made the rule. */
export interface UnmetRule {
  /** Of the set that it stands in, JURISDICTION/ID. */
  readonly set: string;
  /** Identifier; null if the set takes no card of this kind at all. */
  readonly rule: string | null;
  /** What it asks; of a set that does not take the card, what the set is called. */
  readonly asks: Sentences;
  /** What the record shows, and from when it would do; null where nothing is to be said. */
  readonly remedy: Sentences | null;
}

/** What a venue's own policy does not take of a card. */
export type Unwanted = 'jurisdiction' | 'profile';

/** The answer about one credential. It never carries the credential back. */
export interface Decision {
  readonly outcome: Outcome;
  readonly codes: readonly Code[];
  /** Empty where the venue has no policy of its own. */
  readonly warnings: readonly Warning[];
  readonly checks: Checks;
  readonly form: 'health-card' | 'pass' | 'vc+jwt' | 'vc-jwt' | null;
  readonly profile: 'pass' | 'pass-plus' | null;
  readonly issuer: DecisionIssuer | null;
  readonly subject: Subject | null;
  readonly trust: DecisionTrust | null;
  /** Null where no rules were asked for, or the reading ended before them. */
  readonly rules: DecidedRules | null;
  /** The rules that are not met; empty where all are. */
  readonly unmet: readonly UnmetRule[];
  /** Empty where the venue takes such cards. */
  readonly unwanted: readonly Unwanted[];
}

export const NOTHING_CHECKED: Checks = {
  signature: 'not-run',
  issuer: 'not-run',
  key: 'not-run',
  validity: 'not-run',
  status: 'not-run',
  rules: 'not-run',
};

/** Rejections that newer data cannot undo, so they stand beside undetermined codes. */
const STANDS_ALWAYS: ReadonlySet<Code> = new Set(['SIGNATURE_INVALID', 'EXPIRED', 'HOLDER_NOT_PROVEN']);
const STANDS_ON_ALLOWED_DATA: ReadonlySet<Code> = new Set(['REVOKED', 'KEY_COMPROMISED', 'ISSUER_WITHDRAWN']);

/**
 * The outcome of all failures together: unreadable, then rejections that newer data cannot undo, then undetermined,
 * then other rejections, then accepted.
 *
 * REVOKED and its kin outrank undetermined codes only if the data they come from is anchored or allowed, that is, if
 * TRUST_UNANCHORED is not among the failures.
 */
export function outcomeOf(failures: readonly FailureCode[]): Outcome {
  const trusted = !failures.includes('TRUST_UNANCHORED');
  const stands = (code: FailureCode): boolean =>
    STANDS_ALWAYS.has(code) || (trusted && STANDS_ON_ALLOWED_DATA.has(code));
  const has = (outcome: Outcome): boolean => failures.some((code) => OUTCOME_OF_CODE[code] === outcome);

  if (has('unreadable')) return 'unreadable';
  if (failures.some(stands)) return 'rejected';
  if (has('undetermined')) return 'undetermined';
  if (has('rejected')) return 'rejected';
  return 'accepted';
}
