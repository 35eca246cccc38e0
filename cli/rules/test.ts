import { setImmediate } from 'node:timers/promises';
import pc from 'picocolors';
import { runRuleTests } from '../../verifier/pipeline/rules/run-rule-tests.ts';
import type { RuleTestResult } from '../../verifier/pipeline/rules/run-rule-tests.ts';
import { ruleFilesOf } from '../../verifier/pipeline/rules/rule-files.ts';
import type { Config } from '../config.ts';
import { cleanText, padColumns, printableJson } from '../display.ts';
import { EXIT } from '../exit.ts';
import type { TestOptions } from '../rules.ts';
import { withProgress } from '../trust/progress.ts';
import { readTestsFile } from './read-tests.ts';
import {
  findNear,
  fullNameAmong,
  isSetName,
  readRulesText,
  setNamesOf,
  setPathOf,
  shippedFiles,
  testsPathOf,
} from './rule-files.ts';
import { RulesError } from './rules-error.ts';

/** The tests of one set and what came of them. */
interface TestedSet {
  readonly set: string;
  readonly results: readonly RuleTestResult[];
}

/**
 * Run rule tests and print what is not as expected.
 *
 * @returns the exit status: 0 if all is as expected, else 1
 * @throws RulesError RULES_REFUSED; TrustError FILE_UNREADABLE; UsageError
 */
export async function runTest(
  sets: readonly string[],
  options: TestOptions,
  config: Config,
): Promise<number> {
  const paths = pathsOf(sets);
  const tested = await withProgress('Testing rules', async () => {
    const done: TestedSet[] = [];
    for (const path of paths) {
      done.push(await testSet(path));
      await setImmediate();
    }
    return done;
  });
  const count = tested.reduce((sum, { results }) => sum + results.length, 0);
  const failed = tested.reduce((sum, { results }) => sum + failuresOf(results).length, 0);
  process.stdout.write(
    options.json === true
      ? `${printableJson({ tests: count, sets: tested.length, failed, results: tested.map(dataOf) })}\n`
      : renderTested(tested, { count, failed }, config),
  );
  return failed === 0 ? EXIT.accepted : EXIT.rejected;
}

/** Of value sets there are no tests: what they say shows in the tests of rules. */
function pathsOf(sets: readonly string[]): readonly string[] {
  const shipped = shippedFiles();
  const names = setNamesOf(shipped.map(({ file }) => file));
  if (sets.length === 0) {
    return shipped.flatMap(({ path, file }) => (file.content?.format === 'pratique-rule-set-1' ? path : []));
  }
  return sets.flatMap((set) => {
    if (!isSetName(set)) return set;
    const name = fullNameAmong(set, names);
    return shipped.flatMap(({ path, file }) => (file.name === name ? path : []));
  });
}

async function testSet(path: string): Promise<TestedSet> {
  const [setPath, testsPath] = [setPathOf(path), testsPathOf(path)];
  const text = await readRulesText(setPath);
  const tests = await readTestsFile(testsPath);
  const [file] = ruleFilesOf([text]);
  if (file?.name !== tests.set) {
    throw new RulesError('RULES_REFUSED', `${testsPath} has tests of ${tests.set}, which ${setPath} is not.`);
  }
  return { set: tests.set, results: runRuleTests(tests, await findNear([setPath], [text])) };
}

function failuresOf(results: readonly RuleTestResult[]): readonly RuleTestResult[] {
  return results.filter(({ passed }) => !passed);
}

function dataOf({ set, results }: TestedSet): object {
  return {
    set,
    tests: results.length,
    failures: failuresOf(results).map(({ test: { name, expect, rule, remedy }, got }) => ({
      name,
      expected: { answer: expect, rule, remedy },
      got,
    })),
  };
}

function renderTested(
  tested: readonly TestedSet[],
  { count, failed }: { readonly count: number; readonly failed: number },
  { color }: Pick<Config, 'color'>,
): string {
  const colors = pc.createColors(color);
  const lines = tested.flatMap(({ set, results }) => {
    const failures = failuresOf(results);
    const mark = failures.length === 0 ? colors.green('✓') : colors.red('✗');
    const told = failures.length === 0 ? '' : `, ${failures.length} not as expected`;
    return [`${mark} ${set}  ${countOf(results.length, 'test')}${told}`, ...failures.flatMap(failureLines)];
  });
  const sum = `${countOf(count, 'test')} of ${countOf(tested.length, 'set')}`;
  return `${[...lines, `${sum}, ${failed === 0 ? 'all as expected' : `${failed} not as expected`}`].join('\n')}\n`;
}

function failureLines({ test, got }: RuleTestResult): readonly string[] {
  const row = (label: string, answer: string, rest: readonly (string | null)[]): string => {
    const told = rest.flatMap((part) => (part === null ? [] : cleanText(part, 1000)));
    return `      ${padColumns(label, 8)}  ${[padColumns(answer, 12), ...told].join('  ').trimEnd()}`;
  };
  return [
    `    ${cleanText(test.name, 200)}`,
    row('expected', test.expect, [test.rule, test.remedy]),
    row('got', got.answer, [got.rule, got.remedy, got.fault]),
  ];
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
