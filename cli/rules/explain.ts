import { secondsFromDateTime } from '../../credential/date-time.ts';
import { explainRules } from '../../verifier/pipeline/rules/explain-rules.ts';
import type { ExplainedLayer, Explanation } from '../../verifier/pipeline/rules/explain-rules.ts';
import { findKnown, knownRules } from '../../verifier/pipeline/rules/known-rules.ts';
import type { KnownState } from '../../verifier/pipeline/rules/known-rules.ts';
import type { InForce } from '../../verifier/pipeline/rules/published.ts';
import { isRuleSet, readySet } from '../../verifier/pipeline/rules/ready-rules.ts';
import { ruleFilesOf } from '../../verifier/pipeline/rules/rule-files.ts';
import type { RuleFile } from '../../verifier/pipeline/rules/rule-files.ts';
import { wordsOf } from '../../verifier/pipeline/words.ts';
import type { Language } from '../../verifier/pipeline/words/language.ts';
import { rulesWordsOf } from '../../verifier/pipeline/words/rules.ts';
import type { Config } from '../config.ts';
import { cleanText, printableJson } from '../display.ts';
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

/**
 * Print what a rule set asks, in plain words.
 *
 * @throws RulesError RULES_UNAVAILABLE, RULES_REFUSED
 */
export async function runExplain(asked: string, options: KnownOptions, config: Config): Promise<void> {
  const language = options.lang ?? config.language;
  const now = Date.now() / 1000;
  const { file, find, state } = isSetName(asked)
    ? await published(asked, { options, config, language, now })
    : await named(asked);
  const { content, name } = file;
  if (name === undefined || content === undefined || !isRuleSet(content)) {
    throw new RulesError('RULES_REFUSED', `${asked} is no sound rule set: see pratique rules lint.`);
  }
  // What is to come, or is over, is told as it was meant.
  const [from, to] = [secondsFromDateTime(content.validFrom), secondsFromDateTime(content.validTo)];
  const { ready } = readySet(name, Math.max(from, Math.min(now, to - 1)), find);
  if (typeof ready === 'string') throw unavailable(name, wordsOf(language).rulesFaults[ready]);
  const explanation = explainRules(ready, language);
  process.stdout.write(
    options.json === true
      ? `${printableJson({ ...explanation, state, digest: file.digest })}\n`
      : `${renderExplanation(explanation, state, language).join('\n')}\n`,
  );
}

function unavailable(name: string, sentence: string): RulesError {
  return new RulesError('RULES_UNAVAILABLE', `${name}: ${sentence}`);
}

async function published(
  asked: string,
  {
    options,
    config,
    language,
    now,
  }: {
    readonly options: KnownOptions;
    readonly config: Config;
    readonly language: Language;
    readonly now: number;
  },
): Promise<Subject> {
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

function renderExplanation(
  { title, set, version, notes, allOf, layers }: Explanation,
  state: Subject['state'],
  language: Language,
): readonly string[] {
  return [
    `${cleanText(title)}  ${set} ${version}`,
    ...(state === null ? [] : [rulesWordsOf(language).states[state]]),
    ...notes,
    '',
    ...(allOf === null ? [] : [allOf]),
    ...layers.flatMap((layer, at) => indented(layerLines(layer, allOf === null ? '' : `${at + 1}. `))),
  ];
}

function layerLines(layer: ExplainedLayer, place: string): readonly string[] {
  if (layer.kind === 'rule-set') {
    const { set } = layer;
    return [
      `${place}${cleanText(set.title)}`,
      ...indented([layer.base, ...set.layers.flatMap((inner) => layerLines(inner, ''))]),
    ];
  }
  return [
    `${place}${cleanText(layer.title)}`,
    ...indented([
      layer.oneOf,
      ...layer.alternatives.flatMap(({ title, takes, rules }) => [
        `• ${cleanText(title)}`,
        ...indented([
          takes,
          ...rules.map(({ asks, identifier }) => `– ${cleanText(asks, 1000)} (${identifier})`),
        ]),
      ]),
    ]),
  ];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
