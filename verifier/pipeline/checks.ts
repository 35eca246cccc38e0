import type { Credential } from '../../credential/credential.ts';
import { crlRevokes } from '../../credential/crl.ts';
import { indexFromRid } from '../../credential/status-list.ts';
import { statusListUrl } from '../../credential/verifiable-credential.ts';
import type { CheckResult, FailureCode } from './decision.ts';
import type { RulesFinding } from './rules/check-rules.ts';
import type { Trust, TrustEntry } from './trust.ts';
import { DEFAULT_POLICY, limitsFor, trustAge, unwantedBy } from './venue-policy.ts';
import type { TrustAgeLimits, VenuePolicy } from './venue-policy.ts';

/** The result of one check, with every failure it found. */
export interface Finding {
  readonly result: CheckResult;
  readonly codes: readonly FailureCode[];
}

/** What is asked: the moment to judge by, the machine's clock, and the operator's policy. */
export interface Terms {
  /** The machine's clock, Unix seconds: freshness is always judged by it. */
  readonly now: number;
  /** The moment that validity and rules are judged at; `now` unless the operator asks about another. */
  readonly at?: number | undefined;
  /** When the event begins, for rules that count back from it; Unix seconds. */
  readonly event?: number | undefined;
  /** Take trust data that is not tied to a chain. */
  readonly allowUnanchored: boolean;
  /** The rule set to hold the card against, by its name or in full as JURISDICTION/ID; `none` for none. */
  readonly rules: string;
  /** What a holder was asked to sign, once; without it no presentation proves its holder. */
  readonly challenge?: Challenge | undefined;
  /** What this venue wants besides; nothing without one. */
  readonly policy?: VenuePolicy | undefined;
}

/** A verifier's question to a holder. */
export interface Challenge {
  /** 128 random bits or more; whoever asks takes each answer once. */
  readonly nonce: string;
  /** The name of the verifier, so that an answer cannot be shown elsewhere. */
  readonly audience: string;
}

/** Two clocks that agree may still differ by a block; more means that ours cannot be believed. */
export const MAX_CLOCK_LAG_SECONDS = 120;
/** An issuer's clock may run ahead of a venue's. */
export const NBF_LEEWAY_SECONDS = 60;

const PASSED: Finding = { result: 'passed', codes: [] };
const failed = (...codes: FailureCode[]): Finding => ({ result: 'failed', codes });
const undetermined = (...codes: FailureCode[]): Finding => ({ result: 'undetermined', codes });

/**
 * Whether the trust data may decide anything now: tied to a chain, young enough, and the clock not behind it.
 *
 * @param code the jurisdiction whose own limit of age counts, once the issuer is known
 */
export function checkFreshness(trust: Trust, terms: Terms, code?: string): readonly FailureCode[] {
  const { source, takenAt } = trust.document;
  const newest = source.kind === 'chain' ? Math.max(takenAt, source.block.time) : takenAt;
  const codes: FailureCode[] = [];
  if (!trust.anchored && !terms.allowUnanchored) codes.push('TRUST_UNANCHORED');
  const { refuseSeconds } = limitsFor<TrustAgeLimits>((terms.policy ?? DEFAULT_POLICY).trustAge, code);
  if (!(trustAge(trust.document, terms.now) <= refuseSeconds)) codes.push('TRUST_STALE');
  if (!(newest - terms.now <= MAX_CLOCK_LAG_SECONDS)) codes.push('CLOCK_BEHIND');
  return codes;
}

/** The issuer's state, its jurisdiction's, and its accreditation when the card was issued (`nbf`). */
export function checkIssuer(credential: Credential, { issuer, jurisdiction }: TrustEntry): Finding {
  const codes: FailureCode[] = [];
  if (issuer.status === 'pending') codes.push('ISSUER_PENDING');
  if (issuer.status === 'suspended' || issuer.held || jurisdiction.suspended) codes.push('ISSUER_SUSPENDED');
  if (issuer.status === 'withdrawn') codes.push('ISSUER_WITHDRAWN');
  // Who retired has an end of accreditation.
  if (!within(credential.nbf, issuer.accreditedFrom, issuer.accreditedUntil)) {
    codes.push('ISSUER_NOT_ACCREDITED_AT_ISSUANCE');
  }
  return codes.length === 0 ? PASSED : failed(...codes);
}

/** The key's state now and its window when the card was issued (`nbf`). */
export function checkKey(credential: Credential, { key }: TrustEntry): Finding {
  const codes: FailureCode[] = [];
  if (key.state === 'compromised') codes.push('KEY_COMPROMISED');
  if (!within(credential.nbf, key.validFrom, key.validUntil)) codes.push('KEY_NOT_VALID_AT_ISSUANCE');
  return codes.length === 0 ? PASSED : failed(...codes);
}

/**
 * `exp` without leeway, `nbf` with one minute's (RFC 7519 section 4.1.4, 4.1.5). Written so that a moment that is not
 * a number passes neither.
 */
export function checkValidity(credential: Credential, terms: Terms): Finding {
  const at = terms.at ?? terms.now;
  const codes: FailureCode[] = [];
  if (credential.exp !== undefined && !(credential.exp >= at)) codes.push('EXPIRED');
  if (!(credential.nbf <= at + NBF_LEEWAY_SECONDS)) codes.push('NOT_YET_VALID');
  return codes.length === 0 ? PASSED : failed(...codes);
}

/**
 * Whether the card was revoked, by the only means its key offers; MALFORMED if the card does not carry what that needs.
 */
export function checkStatus(credential: Credential, entry: TrustEntry): Finding {
  const { status } = credential;
  const method = entry.key.revocation;
  // A VC that names a list must be found in it; a foreign card's rid without a list is common and blocks nothing.
  if (method === 'none') return status.kind === 'index' ? undetermined('STATUS_MISSING') : notOffered;
  if (method === 'rids' && status.kind === 'none') return notOffered;
  const index = method === 'bits' ? listIndex(credential, entry) : undefined;
  if (method === 'bits' && index === undefined) return failed('MALFORMED');

  const held = entry.status;
  switch (held.kind) {
    case 'none':
    case 'missing':
      return undetermined('STATUS_MISSING');
    case 'stale':
      return undetermined('STATUS_STALE');
    case 'invalid':
      return undetermined('STATUS_INVALID');
    case 'bits':
      // The issuer issues no index beyond its anchored length: ours is the older knowledge.
      if (index === undefined || index >= held.list.length) return undetermined('STATUS_STALE');
      return held.list.get(index) ? failed('REVOKED') : PASSED;
    case 'rids':
      if (status.kind !== 'rid') return undetermined('STATUS_MISSING');
      return crlRevokes(held.list, status.rid, credential.nbf) ? failed('REVOKED') : PASSED;
  }
}

const notOffered: Finding = { result: 'not-offered', codes: [] };

/** The place of a card in its key's status list; undefined if it names none there. */
function listIndex({ status }: Credential, { key, issuer }: TrustEntry): number | undefined {
  if (status.kind === 'rid') return indexFromRid(status.rid);
  if (status.kind !== 'index') return undefined;
  const bases = [issuer.statusBase, ...issuer.formerStatusBases];
  return bases.some((base) => status.list === statusListUrl({ statusBase: base, kid: key.kid }))
    ? status.index
    : undefined;
}

/** Whether there is one person to compare with an ID, where somebody does. */
export function checkSubject({ subject }: Credential, { policy }: Terms): readonly FailureCode[] {
  return subject === undefined && policy?.named !== false ? ['SUBJECT_UNNAMED'] : [];
}

/** What the venue itself takes, beside what rules say: a card that it does not take fails the check of the rules. */
export function checkVenue(
  credential: Credential,
  entry: TrustEntry,
  terms: Terms,
  rules: RulesFinding,
): RulesFinding {
  const unwanted = unwantedBy(terms.policy, credential, entry);
  if (unwanted.length === 0) return rules;
  return { ...rules, ...failed('RULES_NOT_MET', ...rules.codes), unwanted };
}

/** `until` 0 means no end. */
function within(time: number, from: number, until: number): boolean {
  return time >= from && (until === 0 || time < until);
}
