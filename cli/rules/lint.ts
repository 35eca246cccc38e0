import pc from 'picocolors';
import { FormatError } from '../../credential/errors.ts';
import { isJsonObject, parseJson } from '../../credential/json.ts';
import { ShapeError } from '../../credential/strict-reader.ts';
import type { ValueSet } from '../../credential/value-set.ts';
import {
  advice,
  lintContent,
  notRising,
  refusal,
  testsMissing,
} from '../../verifier/pipeline/rules/lint-rules.ts';
import type { LintFinding } from '../../verifier/pipeline/rules/lint-rules.ts';
import { lintSentence } from '../../verifier/pipeline/rules/lint-words.ts';
import type { InForce } from '../../verifier/pipeline/rules/published.ts';
import { isRuleSet, nameOf } from '../../verifier/pipeline/rules/ready-rules.ts';
import { readRulesContent } from '../../verifier/pipeline/rules/rule-files.ts';
import type { RuleSet } from '../../verifier/pipeline/rules/rule-set.ts';
import { readRuleTests } from '../../verifier/pipeline/rules/rule-tests.ts';
import { runRuleTests } from '../../verifier/pipeline/rules/run-rule-tests.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import type { Config } from '../config.ts';
import { cleanText, printableJson } from '../display.ts';
import { EXIT, UsageError } from '../exit.ts';
import type { LintOptions } from '../rules.ts';
import { readTestsFile } from './read-tests.ts';
import { findNear, readRulesText, testsPathOf } from './rule-files.ts';
import { RulesError } from './rules-error.ts';

/** What was found in one file. */
interface Linted {
  readonly path: string;
  /** JURISDICTION/ID; null of a file that is no sound document. */
  readonly name: string | null;
  readonly version: string | null;
  readonly findings: readonly LintFinding[];
}

/** A file as far as it could be read: a document, tests (undefined), or what is wrong with it. */
type Read = { readonly content: RuleSet | ValueSet | undefined } | { readonly finding: LintFinding };

/**
 * Print everything that is wrong with files of rules, and what their authors should know besides.
 *
 * @returns the exit status: 0, or 65 if any file would be refused
 * @throws TrustError FILE_UNREADABLE; UsageError
 */
export async function runLint(
  paths: readonly string[],
  options: LintOptions,
  config: Config,
): Promise<number> {
  const { previous } = options;
  if (previous !== undefined && paths.length > 1) {
    throw new UsageError('--previous is the version before of one file: give one.');
  }
  const read = await Promise.all(paths.map(readFile));
  const find = await findNear(
    paths,
    read.flatMap(({ text }) => text ?? []),
  );
  const before = previous === undefined ? undefined : await readPrevious(previous);
  const linted = await Promise.all(read.map(async (one) => lintFile(one, find, before)));
  const isRefused = linted.some(({ findings }) => findings.some(({ refused }) => refused));
  process.stdout.write(
    options.json === true
      ? `${printableJson({ refused: isRefused, files: linted.map(dataOf) })}\n`
      : renderLinted(linted, config),
  );
  return isRefused ? EXIT.refused : EXIT.accepted;
}

interface FileRead {
  readonly path: string;
  readonly text: string | undefined;
  readonly read: Read;
}

async function readFile(path: string): Promise<FileRead> {
  try {
    const text = await readRulesText(path);
    return { path, text, read: readText(text) };
  } catch (error) {
    if (error instanceof FormatError) return { path, text: undefined, read: notJson(error) };
    throw error;
  }
}

function readText(text: string): Read {
  try {
    const json = parseJson(text);
    const format = isJsonObject(json) ? json['format'] : undefined;
    if (format !== 'pratique-rule-tests-1') return { content: readRulesContent(json) };
    readRuleTests(json);
    return { content: undefined };
  } catch (error) {
    if (error instanceof FormatError) return notJson(error);
    if (error instanceof ShapeError)
      return { finding: refusal('SHAPE', error.path.join('.'), error.message) };
    throw error;
  }
}

function notJson({ message }: FormatError): Read {
  return { finding: refusal('NOT_JSON', '', message) };
}

async function readPrevious(path: string): Promise<RuleSet | ValueSet> {
  const { read } = await readFile(path);
  if ('content' in read && read.content !== undefined) return read.content;
  throw new RulesError('RULES_REFUSED', `${path} is no sound rule set or value set.`);
}

async function lintFile(
  { path, read }: FileRead,
  find: (name: string) => InForce,
  before: RuleSet | ValueSet | undefined,
): Promise<Linted> {
  if ('finding' in read) return { path, name: null, version: null, findings: [read.finding] };
  const { content } = read;
  if (content === undefined) return { path, name: null, version: null, findings: [] };
  const findings = [
    ...lintContent(content, find, Date.now() / 1000),
    ...(before === undefined ? [] : notRising(content, before)),
    ...(isRuleSet(content) ? await ofTests(content, testsPathOf(path), find) : []),
  ];
  return { path, name: nameOf(content), version: content.version, findings };
}

async function ofTests(
  set: RuleSet,
  path: string,
  find: (name: string) => InForce,
): Promise<readonly LintFinding[]> {
  try {
    const results = runRuleTests(await readTestsFile(path), find);
    return testsMissing(
      set,
      results.map(({ asked }) => asked),
    );
  } catch (error) {
    if (error instanceof TrustError) return testsMissing(set, []);
    if (error instanceof RulesError) return [advice('TESTS_UNREADABLE', '', error.message)];
    throw error;
  }
}

function dataOf({ findings, ...rest }: Linted): object {
  return {
    ...rest,
    findings: findings.map((finding) => ({ ...finding, message: lintSentence(finding) })),
  };
}

function renderLinted(linted: readonly Linted[], { color }: Pick<Config, 'color'>): string {
  const colors = pc.createColors(color);
  const lines = linted.flatMap(({ path, name, version, findings }) => {
    const told = findings.map(({ refused, where, ...finding }) => {
      const mark = refused ? colors.red('✗') : colors.yellow('!');
      const place = cleanText([name ?? path, where].join(' ').trim(), 200);
      return `${mark} ${place}: ${cleanText(lintSentence(finding), 1000)} (${finding.code})`;
    });
    const sound = `${colors.green('✓')} ${[name ?? path, version].join(' ').trim()}: nothing would be refused.`;
    return findings.some(({ refused }) => refused) ? told : [...told, sound];
  });
  return `${lines.join('\n')}\n`;
}
