import type { Decision, RulesFault } from '../../verifier/pipeline/decision.ts';
import { explainRules } from '../../verifier/pipeline/rules/explain-rules.ts';
import type { Explanation } from '../../verifier/pipeline/rules/explain-rules.ts';
import { heldRules } from '../../verifier/pipeline/rules/held-rules.ts';
import { knownRules } from '../../verifier/pipeline/rules/known-rules.ts';
import { isRuleSet } from '../../verifier/pipeline/rules/ready-rules.ts';
import type { Ports } from '../../verifier/pipeline/verify.ts';
import { explain, sentenceIn } from '../../verifier/pipeline/words.ts';
import type { Reason } from '../../verifier/pipeline/words.ts';
import type { Language } from '../../verifier/pipeline/words/language.ts';
import { judgePass } from './judged-pass.ts';
import type { AskedPlace, WalletTrust } from './judged-pass.ts';
import { evidenceOf } from './kept-pass.ts';
import type { KeptPass } from './kept-pass.ts';

/** A place that publishes rules: whose they are, and what they are called. */
export interface Place {
  /** JURISDICTION/ID, to ask with. */
  readonly rules: string;
  /** The jurisdiction's name by the registry. */
  readonly jurisdiction: string;
  readonly title: string;
  /** Days there are this zone's (IANA). */
  readonly timeZone: string;
}

/** Whether a pass would be taken at a place and time, and why. */
export interface Acceptance {
  readonly decision: Decision;
  readonly reasons: readonly Reason[];
  /** What is asked there; or why nobody can say. */
  readonly rules: Explanation | RulesFault | null;
}

/** The places whose rules are known here and usable now; none without trust data. */
export function placesOf({ trust, now }: WalletTrust, language: Language): readonly Place[] {
  if (typeof trust === 'string') return [];
  const names = new Map(trust.document.jurisdictions.map(({ code, name }) => [code, name]));
  return knownRules(trust, [], now).flatMap(({ name, state, file }) => {
    const content = file?.content;
    if (state === 'unusable' || content === undefined || !isRuleSet(content)) return [];
    return {
      rules: name,
      jurisdiction: names.get(content.jurisdiction) ?? content.jurisdiction,
      title: sentenceIn(content.title, language),
      timeZone: content.timeZone,
    };
  });
}

/** Ask whether a pass would be accepted, on this device and of nobody else. */
export async function wouldBeAccepted(
  pass: KeptPass,
  asked: AskedPlace,
  {
    trust,
    ports,
    language,
  }: { readonly trust: WalletTrust; readonly ports: Ports; readonly language: Language },
): Promise<Acceptance> {
  const { decision } = await judgePass(evidenceOf(pass), trust, ports, asked);
  return {
    decision,
    reasons: explain(decision, language),
    rules: rulesInWords(asked, trust, language),
  };
}

function rulesInWords(
  { rules, at }: AskedPlace,
  { trust }: WalletTrust,
  language: Language,
): Acceptance['rules'] {
  if (typeof trust === 'string') return null;
  const { ready } = heldRules(rules, at, trust);
  return typeof ready === 'string' ? ready : explainRules(ready, language);
}
