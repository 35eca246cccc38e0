import type { RulesFault } from '../decision.ts';
import { askRules, courseOf, takes } from './ask-rules.ts';
import { logicData } from './health-payload.ts';
import type { Question } from './health-payload.ts';
import type { InForce } from './published.ts';
import { readySet } from './ready-rules.ts';
import type { ReadySet } from './ready-rules.ts';
import type { RuleTest, RuleTests } from './rule-tests.ts';

/** What a rule set said of the card of a test. */
export interface Verdict {
  readonly answer: RuleTest['expect'];
  readonly rule: string | null;
  readonly remedy: string | null;
  /** Why nothing could be said. */
  readonly fault: RulesFault | null;
}

/** A test, what came of it, and which rules of the set were asked on the way. */
export interface RuleTestResult {
  readonly test: RuleTest;
  readonly got: Verdict;
  readonly passed: boolean;
  readonly asked: Coverage;
}

/** Identifiers of rules that were met and that were not. */
export interface Coverage {
  readonly met: ReadonlySet<string>;
  readonly unmet: ReadonlySet<string>;
}

/** What a set may be unable to say by its authors' will. A rule that fails, or a file that does not hold, is never that. */
const MAY_BE_EXPECTED: ReadonlySet<RulesFault | null> = new Set([
  'EVENT_NEEDED',
  'NOT_YET_IN_FORCE',
  'ENDED',
]);

/** Asks the set of each test, as a verifier would have at the moment of the test. */
export function runRuleTests(
  { set, tests }: RuleTests,
  find: (name: string) => InForce,
): readonly RuleTestResult[] {
  return tests.map((test) => {
    const { ready } = readySet(set, test.at, find);
    if (typeof ready === 'string') return resultOf(test, undetermined(ready), NOTHING);
    const question = { ...test, credential: test.card, entry: test.issuer, event: test.event ?? undefined };
    return resultOf(test, verdictOf(ready, question), coverageOf(ready, question));
  });
}

const NOTHING: Coverage = { met: new Set(), unmet: new Set() };

function resultOf(test: RuleTest, got: Verdict, asked: Coverage): RuleTestResult {
  const { expect, rule, remedy } = test;
  const passed =
    got.answer === expect &&
    got.rule === rule &&
    got.remedy === remedy &&
    (got.answer !== 'undetermined' || MAY_BE_EXPECTED.has(got.fault));
  return { test, got, passed, asked };
}

function undetermined(fault: RulesFault): Verdict {
  return { answer: 'undetermined', rule: null, remedy: null, fault };
}

function verdictOf(ready: ReadySet, question: Question): Verdict {
  const answer = askRules(ready, question, true);
  if (answer.kind === 'undetermined') return undetermined(answer.fault);
  if (answer.kind === 'met') return { answer: 'met', rule: null, remedy: null, fault: null };
  const [first] = answer.rules;
  return { answer: 'unmet', rule: first?.rule ?? null, remedy: first?.remedy?.['en'] ?? null, fault: null };
}

/** Of the set's own rules; those of its base are the base's tests' to ask. */
function coverageOf(ready: ReadySet, question: Question): Coverage {
  const data = logicData(question, ready.set.timeZone, ready.codebook);
  const [met, unmet] = [new Set<string>(), new Set<string>()];
  for (const layer of ready.layers) {
    if (layer.kind === 'rule-set') continue;
    for (const alternative of layer.alternatives.filter((one) => takes(one, question.credential))) {
      const course = courseOf(alternative, data);
      if (course.kind === 'undetermined') continue;
      const reached = course.kind === 'met' ? alternative.rules.length : course.met;
      for (const { rule } of alternative.rules.slice(0, reached)) met.add(rule.Identifier);
      if (course.kind === 'unmet') unmet.add(course.rule.rule.Identifier);
    }
  }
  return { met, unmet };
}
