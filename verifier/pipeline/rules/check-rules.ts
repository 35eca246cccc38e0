import type { Credential } from '../../../credential/credential.ts';
import type { Finding, Terms } from '../checks.ts';
import type { DecidedRules, RulesFault, UnmetRule, Unwanted } from '../decision.ts';
import type { Trust, TrustEntry } from '../trust.ts';
import { askRules } from './ask-rules.ts';
import { heldRules } from './held-rules.ts';

/** The result of the check, with what names the rules in it. */
export interface RulesFinding extends Finding {
  readonly rules: DecidedRules | null;
  readonly unmet: readonly UnmetRule[];
  /** What the venue itself does not take of the card. */
  readonly unwanted: readonly Unwanted[];
}

/** Acceptance rules: met, not met, or undetermined; a set that is missing, differs or fails is never met. */
export function checkRules(
  credential: Credential,
  entry: TrustEntry,
  trust: Trust,
  terms: Terms,
): RulesFinding {
  if (terms.rules === 'none') return { result: 'not-asked', codes: [], rules: null, unmet: [], unwanted: [] };
  const at = terms.at ?? terms.now;
  const { name, ready } = heldRules(terms.rules, at, trust);
  const undetermined = (fault: RulesFault, version: string | null): RulesFinding => ({
    result: 'undetermined',
    codes: ['RULES_UNAVAILABLE'],
    rules: { set: name, version, fault },
    unmet: [],
    unwanted: [],
  });
  if (typeof ready === 'string') return undetermined(ready, null);
  const { version } = ready.set;
  // Where nobody compares the card with an ID, nobody is told what its record says.
  const personal = terms.policy?.named !== false;
  const answer = askRules(ready, { credential, entry, at, event: terms.event }, personal);
  const rules = { set: name, version, fault: null };
  switch (answer.kind) {
    case 'met':
      return { result: 'passed', codes: [], rules, unmet: [], unwanted: [] };
    case 'unmet':
      return { result: 'failed', codes: ['RULES_NOT_MET'], rules, unmet: answer.rules, unwanted: [] };
    case 'undetermined':
      return undetermined(answer.fault, version);
  }
}
