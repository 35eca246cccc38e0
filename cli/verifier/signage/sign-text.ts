import type { ExplainedLayer, Explanation } from '../../../verifier/pipeline/rules/explain-rules.ts';
import type { Language } from '../../../verifier/pipeline/words/language.ts';
import { SIGN_WORDS } from './sign-words.ts';

/** One paragraph, by its rank. */
export interface SignLine {
  readonly kind: 'title' | 'heading' | 'text' | 'choice' | 'detail';
  readonly text: string;
}

/** A sign for a door. */
export interface Sign {
  readonly venue: string | null;
  /** Name and version of the rules, for whoever replaces the sign. */
  readonly rules: string | null;
  /** The same in each of its languages. */
  readonly parts: readonly (readonly SignLine[])[];
}

/**
 * What the sign says in one language.
 *
 * @param rules what cards are held against; null for nothing besides that they are good
 */
export function signText(rules: Explanation | null, language: Language): readonly SignLine[] {
  const words = SIGN_WORDS[language];
  return [
    { kind: 'title', text: words.title },
    ...(['what', 'kept', 'bring', 'paper'] as const).map((key) => textLine(words[key])),
    { kind: 'heading', text: words.rules },
    ...(rules === null ? [textLine(words.noRules)] : rulesLines(rules, words.space)),
    textLine(words.children),
    textLine(words.refused),
  ];
}

/** As `pratique rules explain` has it, without what only whoever runs the node asks for. */
function rulesLines({ title, allOf, layers }: Explanation, space: string): readonly SignLine[] {
  return [
    textLine(title),
    ...(allOf === null ? [] : [textLine(allOf)]),
    ...layers.flatMap((layer) => layerLines(layer, space)),
  ];
}

function layerLines(layer: ExplainedLayer, space: string): readonly SignLine[] {
  if (layer.kind === 'rule-set') return rulesLines(layer.set, space);
  return [
    textLine(layer.oneOf),
    ...layer.alternatives.flatMap(({ title, rules }): readonly SignLine[] => [
      { kind: 'choice', text: title },
      { kind: 'detail', text: rules.map(({ asks }) => asks).join(space) },
    ]),
  ];
}

function textLine(text: string): SignLine {
  return { kind: 'text', text };
}
