import type { Credential } from '../../../credential/credential.ts';
import { logicData } from './health-payload.ts';
import type { LogicData, Question } from './health-payload.ts';
import { holds, LogicError } from './logic.ts';
import type { RulesFault, UnmetRule } from '../decision.ts';
import type { ReadyAlternative, ReadyLayer, ReadyRule, ReadySet } from './ready-rules.ts';
import { remedyText } from './remedy-text.ts';

/** What a rule set says of a card. */
export type Answer =
  | { readonly kind: 'met' }
  | { readonly kind: 'unmet'; readonly rules: readonly UnmetRule[] }
  | { readonly kind: 'undetermined'; readonly fault: RulesFault };

/** A course that ended at a rule, and how many before it were met. */
interface Unmet {
  readonly kind: 'unmet';
  readonly met: number;
  readonly rule: ReadyRule;
}

/** What becomes of an alternative, and how many of its rules were met on the way. */
export type Course =
  | { readonly kind: 'met' }
  | Unmet
  | { readonly kind: 'undetermined'; readonly fault: 'EVENT_NEEDED' | 'RULE_FAILED' };

/** Everything is known, or one thing is not. */
const MET: Answer = { kind: 'met' };

/**
 * Whether a card meets a rule set: every layer, by one of its alternatives.
 *
 * Every alternative that takes the card is asked, though one may be met already: a rule that fails over this card makes
 * the set useless for it, wherever it stands.
 *
 * @param personal whether what the record shows may be told
 */
export function askRules(ready: ReadySet, question: Question, personal: boolean): Answer {
  const data = logicData(question, ready.set.timeZone, ready.codebook);
  const answers = ready.layers.map((layer) =>
    layer.kind === 'rule-set'
      ? askRules(layer.set, question, personal)
      : askLayer(ready, layer, { data, credential: question.credential, personal }),
  );
  const fault = faultOf(answers);
  if (fault === 'RULE_FAILED') return { kind: 'undetermined', fault };
  const unmet = answers.flatMap((answer) => (answer.kind === 'unmet' ? answer.rules : []));
  // No event makes up for a layer that does not hold.
  if (unmet.length > 0) return { kind: 'unmet', rules: unmet };
  return fault === undefined ? MET : { kind: 'undetermined', fault };
}

interface Asked {
  readonly data: LogicData;
  readonly credential: Credential;
  readonly personal: boolean;
}

function askLayer(
  { set }: ReadySet,
  { alternatives }: Extract<ReadyLayer, { kind: 'any-of' }>,
  { data, credential, personal }: Asked,
): Answer {
  const name = `${set.jurisdiction}/${set.id}`;
  const taken = alternatives.filter((one) => takes(one, credential));
  if (taken.length === 0) {
    const asks = Object.fromEntries(set.title);
    return { kind: 'unmet', rules: [{ set: name, rule: null, asks, remedy: null }] };
  }
  const courses = taken.map((one) => courseOf(one, data));
  const fault = faultOf(courses);
  if (fault === 'RULE_FAILED') return { kind: 'undetermined', fault };
  if (courses.some(({ kind }) => kind === 'met')) return MET;
  if (fault !== undefined) return { kind: 'undetermined', fault };
  // The alternative that the card comes nearest to; of two, the one that is about what the card holds, and of those the
  // one that its authors put first: who shows a test is not to be told of doses.
  const rankOf = ({ met, rule }: Unmet): number =>
    2 * met + (data.payload.isAbout(rule.rule.CertificateType) ? 1 : 0);
  const nearest = courses
    .filter((course) => course.kind === 'unmet')
    .reduce((best, course) => (rankOf(course) > rankOf(best) ? course : best));
  const { rule } = nearest.rule;
  return {
    kind: 'unmet',
    rules: [{ set: name, rule: rule.Identifier, ...remedyText(rule, data, personal) }],
  };
}

/** Whether an alternative is for cards of that kind. */
export function takes({ alternative }: ReadyAlternative, { profile, passType }: Credential): boolean {
  const { profiles, passTypes } = alternative.takes;
  return profiles.includes(profile) && (passType === undefined || passTypes.includes(passType));
}

/** Up to the first rule that is not met: those behind it may rest on it. */
export function courseOf({ rules }: ReadyAlternative, data: LogicData): Course {
  for (const [met, rule] of rules.entries()) {
    if (rule.isAboutEvent && data.external.event === null)
      return { kind: 'undetermined', fault: 'EVENT_NEEDED' };
    try {
      if (!holds(rule.rule.Logic, data)) return { kind: 'unmet', met, rule };
    } catch (error) {
      if (error instanceof LogicError) return { kind: 'undetermined', fault: 'RULE_FAILED' };
      throw error;
    }
  }
  return { kind: 'met' };
}

/** A rule that failed says more than an event that is not known. */
function faultOf(answers: readonly (Answer | Course)[]): RulesFault | undefined {
  const faults = answers.flatMap((answer) => (answer.kind === 'undetermined' ? answer.fault : []));
  return faults.find((fault) => fault === 'RULE_FAILED') ?? faults[0];
}
