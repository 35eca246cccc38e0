import { isRuleSet } from '../../verifier/pipeline/rules/ready-rules.ts';
import { knownRules } from '../../verifier/pipeline/rules/known-rules.ts';
import type { KnownRules } from '../../verifier/pipeline/rules/known-rules.ts';
import { sentenceIn, wordsOf } from '../../verifier/pipeline/words.ts';
import type { Language } from '../../verifier/pipeline/words/language.ts';
import { rulesWordsOf } from '../../verifier/pipeline/words/rules.ts';
import type { Config } from '../config.ts';
import { cleanText, columnsOf, padColumns, printableJson } from '../display.ts';
import type { KnownOptions } from '../rules.ts';
import { trustAtHand } from './known.ts';
import { shippedFiles, shownPath } from './rule-files.ts';

/** A line of the list as data. */
interface Listed extends Omit<KnownRules, 'file'> {
  readonly kind: 'rule-set' | 'value-set' | null;
  readonly version: string | null;
  readonly title: string | null;
  /** Where the file of that digest lies that comes with the program. */
  readonly file: string | null;
}

/**
 * Print every rule set and value set that is known here.
 *
 * @throws TrustError those of `trustAtHand`
 */
export async function runList(options: KnownOptions, config: Config): Promise<void> {
  const language = options.lang ?? config.language;
  const trust = await trustAtHand(options, config);
  const shipped = shippedFiles();
  const known = knownRules(
    trust,
    shipped.map(({ file }) => file),
    Date.now() / 1000,
  );
  const listed = known.map(({ file, ...rest }): Listed => {
    const path = shipped.find((one) => one.file.digest === rest.digest)?.path;
    const { content } = file ?? {};
    return {
      ...rest,
      kind: content === undefined ? null : isRuleSet(content) ? 'rule-set' : 'value-set',
      version: content?.version ?? null,
      title: content === undefined ? null : sentenceIn(content.title, language),
      file: path === undefined ? null : shownPath(path),
    };
  });
  process.stdout.write(
    options.json === true ? `${printableJson({ rules: listed })}\n` : renderList(listed, language),
  );
}

function renderList(listed: readonly Listed[], language: Language): string {
  const words = rulesWordsOf(language);
  const groups = [
    [words.ruleSets, 'rule-set'],
    [words.valueSets, 'value-set'],
    [words.unknown, null],
  ] as const;
  return groups
    .flatMap(([heading, kind]) => {
      const own = listed.filter((one) => one.kind === kind);
      return own.length === 0 ? [] : [heading, ...own.flatMap((one) => linesOf(one, language)), ''];
    })
    .join('\n');
}

function linesOf(
  { name, version, title, state, fault, digest, file }: Listed,
  language: Language,
): readonly string[] {
  const { labels, states } = rulesWordsOf(language);
  const widest = Math.max(...Object.values(labels).map(columnsOf));
  const row = (label: string, text: string | null): readonly string[] =>
    text === null ? [] : [`    ${padColumns(label, widest)}  ${text}`];
  const { rulesFaults } = wordsOf(language);
  const told = state === 'unusable' ? rulesFaults[fault ?? 'MISSING'] : states[state];
  return [
    `  ${[name, version, title]
      .filter((part) => part !== null)
      .map((part) => cleanText(part))
      .join('  ')}`,
    ...row(labels.state, told),
    ...row(labels.digest, digest),
    ...row(labels.file, file),
  ];
}
