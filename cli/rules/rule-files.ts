import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { decodeUtf8 } from '../../credential/json.ts';
import { readFileUpTo } from '../../verifier/node/read-file.ts';
import { shippedRules, shippedTexts } from '../../verifier/node/shipped-rules.ts';
import { findAmong, fullNames } from '../../verifier/pipeline/rules/published.ts';
import type { InForce } from '../../verifier/pipeline/rules/published.ts';
import { isRuleSet } from '../../verifier/pipeline/rules/ready-rules.ts';
import { ruleFilesOf } from '../../verifier/pipeline/rules/rule-files.ts';
import type { RuleFile } from '../../verifier/pipeline/rules/rule-files.ts';
import { MAX_RULE_FILE_BYTES } from '../../verifier/pipeline/trust-document.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import { UsageError } from '../exit.ts';

const TESTS = /\.tests\.json$/;

/** A file and where it lies. */
export interface PlacedFile {
  readonly path: string;
  readonly file: RuleFile;
}

/** What comes with the program. */
export function shippedFiles(): readonly PlacedFile[] {
  const shipped = shippedRules();
  return ruleFilesOf(shippedTexts()).map((file, at) => ({ path: shipped[at]?.path ?? '', file }));
}

/**
 * The text of a file of rules.
 *
 * @throws TrustError FILE_UNREADABLE if it is not there or larger than such files may be
 * @throws FormatError MALFORMED if it is not UTF-8
 */
export async function readRulesText(path: string): Promise<string> {
  let bytes: Uint8Array | 'too-large';
  try {
    bytes = await readFileUpTo(path, MAX_RULE_FILE_BYTES);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : 'cannot be read';
    throw new TrustError('FILE_UNREADABLE', `The file ${path} ${why}.`);
  }
  if (bytes === 'too-large') throw new TrustError('FILE_UNREADABLE', `The file ${path} is larger than 1 MB.`);
  return decodeUtf8(bytes);
}

/** Finds by name: among the texts of given files, then beside them, then among what comes with the program. */
export async function findNear(
  paths: readonly string[],
  texts: readonly string[],
): Promise<(name: string) => InForce> {
  const folders = [...new Set(paths.map((path) => dirname(path)))];
  const beside = (await Promise.all(folders.map(filesIn))).flat();
  return findAmong(ruleFilesOf(texts), beside, ruleFilesOf(shippedTexts()));
}

/** What of a folder cannot be read is none of its rules. */
async function filesIn(folder: string): Promise<readonly RuleFile[]> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.filter((name) => name.endsWith('.json') && !TESTS.test(name)).toSorted();
  const read = await Promise.allSettled(paths.map(async (name) => readRulesText(join(folder, name))));
  return ruleFilesOf(read.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])));
}

/** Whether an argument is the name of a set, full or short; what is none is a path. */
export function isSetName(argument: string): boolean {
  return /^[A-Z0-9-]{1,32}(?:\/[A-Z0-9-]{1,32})?$/.test(argument);
}

/** The names of the rule sets among files. */
export function setNamesOf(files: readonly RuleFile[]): readonly string[] {
  return files.flatMap(({ name, content }) =>
    name !== undefined && content !== undefined && isRuleSet(content) ? name : [],
  );
}

/**
 * The one of these names that a full or short name stands for.
 *
 * @throws UsageError if it is none or several
 */
export function fullNameAmong(asked: string, names: readonly string[]): string {
  const [name, ...others] = fullNames(asked, names).filter((one) => names.includes(one));
  if (name === undefined)
    throw new UsageError(
      `There is no rule set ${asked} here: see pratique rules list. A file has a dot in its name.`,
    );
  if (others.length > 0) throw new UsageError(`Say which: ${[name, ...others].join(' or ')}.`);
  return name;
}

/** Where the tests of a set lie; of tests, where they lie themselves. */
export function testsPathOf(path: string): string {
  return TESTS.test(path) ? path : path.replace(/(?:\.json)?$/, '.tests.json');
}

/** Where the set lies that tests are beside; of a set, where it lies itself. */
export function setPathOf(path: string): string {
  return path.replace(TESTS, '.json');
}

/** A path as people read it: from where they are, if it is not far. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
