import { explainRules } from '../../verifier/pipeline/rules/explain-rules.ts';
import type { ExplainedLayer, Explanation } from '../../verifier/pipeline/rules/explain-rules.ts';
import type { Language } from '../../verifier/pipeline/words/language.ts';
import { rulesWordsOf } from '../../verifier/pipeline/words/rules.ts';
import type { Config } from '../config.ts';
import { cleanText, printableJson } from '../display.ts';
import type { KnownOptions } from '../rules.ts';
import { rulesNamed } from './rules-named.ts';
import type { NamedRules } from './rules-named.ts';

/**
 * Print what a rule set asks, in plain words.
 *
 * @throws RulesError RULES_UNAVAILABLE, RULES_REFUSED
 */
export async function runExplain(asked: string, options: KnownOptions, config: Config): Promise<void> {
  const language = options.lang ?? config.language;
  const { ready, state, digest } = await rulesNamed(asked, { options, config, language });
  const explanation = explainRules(ready, language);
  process.stdout.write(
    options.json === true
      ? `${printableJson({ ...explanation, state, digest })}\n`
      : `${renderExplanation(explanation, state, language).join('\n')}\n`,
  );
}

function renderExplanation(
  { title, set, version, notes, allOf, layers }: Explanation,
  state: NamedRules['state'],
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
