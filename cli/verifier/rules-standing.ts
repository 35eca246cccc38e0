import type { LiveVenue } from '../../verifier/node/live-trust.ts';
import type { DecidedRules } from '../../verifier/pipeline/decision.ts';
import { heldRules } from '../../verifier/pipeline/rules/held-rules.ts';
import { wordsOf } from '../../verifier/pipeline/words.ts';
import { cleanText } from '../display.ts';

/** Whether cards can be held against the operator's rules now; null where there are none, or no trust data to ask. */
export function rulesStanding(venue: Pick<LiveVenue, 'trust' | 'terms'>): DecidedRules | null {
  const [{ rules, now }, trust] = [venue.terms({}), venue.trust()];
  if (rules === 'none' || typeof trust === 'string') return null;
  const { name, ready } = heldRules(rules, now, trust);
  return typeof ready === 'string'
    ? { set: name, version: null, fault: ready }
    : { set: name, version: ready.set.version, fault: null };
}

/** The same for people: a set that cannot be used makes every card undetermined, and is no reason not to start. */
export function standingLines(standing: DecidedRules | null): readonly string[] {
  if (standing === null) return [];
  const { set, version, fault } = standing;
  if (fault === null) return [`  rules      ${cleanText(set)} ${version ?? ''}`];
  return [
    `  WARNING    No card can be held against the rules ${cleanText(set)} (${fault}): ${wordsOf('en').rulesFaults[fault]}`,
    '             Until that changes, every card is undetermined (RULES_UNAVAILABLE).',
  ];
}
