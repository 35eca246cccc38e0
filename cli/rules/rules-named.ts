import { secondsFromDateTime } from '../../credential/date-time.ts';
import { findKnown, knownRules } from '../../verifier/pipeline/rules/known-rules.ts';
import type { KnownState } from '../../verifier/pipeline/rules/known-rules.ts';
import type { InForce } from '../../verifier/pipeline/rules/published.ts';
import { isRuleSet, readySet } from '../../verifier/pipeline/rules/ready-rules.ts';
import type { ReadySet } from '../../verifier/pipeline/rules/ready-rules.ts';
import { ruleFilesOf } from '../../verifier/pipeline/rules/rule-files.ts';
import type { RuleFile } from '../../verifier/pipeline/rules/rule-files.ts';
import { wordsOf } from '../../verifier/pipeline/words.ts';
import type { Language } from '../../verifier/pipeline/words/language.ts';
import type { Config } from '../config.ts';
import type { KnownOptions } from '../rules.ts';
import { trustAtHand } from './known.ts';
import { findNear, fullNameAmong, isSetName, readRulesText, setNamesOf, shippedFiles } from './rule-files.ts';
import { RulesError } from './rules-error.ts';

/** What is to be explained, and how what it needs is found. */
interface Subject {
  readonly file: RuleFile;
  readonly find: (name: string) => InForce;
  /** Null of a file that was named. */
  readonly state: Exclude<KnownState, 'unusable'> | null;
}

/** A rule set that can be told of, with whatever it rests on. */
export interface NamedRules {
  readonly ready: ReadySet;
  readonly state: Subject['state'];
  readonly digest: string;
}

/** Where rules are looked for, and in which language a fault is told. */
interface Where {
  readonly options: Pick<KnownOptions, 'store' | 'trust'>;
  readonly config: Config;
  readonly language: Language;
}

/**
 * The rule set of that name, as it is published or comes with the program, or of that file.
 *
 * @throws RulesError RULES_UNAVAILABLE, RULES_REFUSED
 */
export async function rulesNamed(asked: string, where: Where): Promise<NamedRules> {
  const now = Date.now() / 1000;
  const { file, find, state } = isSetName(asked) ? await published(asked, where, now) : await named(asked);
  const { content, name } = file;
  if (name === undefined || content === undefined || !isRuleSet(content)) {
    throw new RulesError('RULES_REFUSED', `${asked} is no sound rule set: see pratique rules lint.`);
  }
  // What is to come, or is over, is told as it was meant.
  const [from, to] = [secondsFromDateTime(content.validFrom), secondsFromDateTime(content.validTo)];
  const { ready } = readySet(name, Math.max(from, Math.min(now, to - 1)), find);
  if (typeof ready === 'string') throw unavailable(name, wordsOf(where.language).rulesFaults[ready]);
  return { ready, state, digest: file.digest };
}

function unavailable(name: string, sentence: string): RulesError {
  return new RulesError('RULES_UNAVAILABLE', `${name}: ${sentence}`);
}

async function published(asked: string, { options, config, language }: Where, now: number): Promise<Subject> {
  const trust = await trustAtHand(options, config);
  const shipped = shippedFiles().map(({ file }) => file);
  const known = knownRules(trust, shipped, now);
  // What was published and is not here counts as well: nobody knows what it asks, whatever the program has of that name.
  const names = known.flatMap(({ name, file }) => (file === null ? name : setNamesOf([file])));
  const name = fullNameAmong(asked, names);
  const { file, state, fault } = known.find((one) => one.name === name) ?? {};
  if (!file || !state || state === 'unusable') {
    throw unavailable(name, wordsOf(language).rulesFaults[fault ?? 'MISSING']);
  }
  return { file, state, find: findKnown(trust, shipped, now) };
}

async function named(path: string): Promise<Subject> {
  const text = await readRulesText(path);
  const [file] = ruleFilesOf([text]);
  if (file === undefined) throw new RulesError('RULES_REFUSED', `${path} holds nothing.`);
  return { file, state: null, find: await findNear([path], [text]) };
}
