import type { ExplainedLayer, Explanation } from '../../../verifier/pipeline/rules/explain-rules.ts';
import type { Language } from '../../../verifier/pipeline/words/language.ts';
import { element } from '../../../verifier/web/parts/element.ts';
import { shownText } from '../../../verifier/web/parts/shown-text.ts';

/** Sentences of a rule set: they are longer than a name. */
const MAX_SENTENCE = 600;

/** What a place asks, in the words of whoever made its rules. */
export function rulesNodes(
  { title, notes, allOf, layers }: Explanation,
  base: Language,
): readonly HTMLElement[] {
  return [
    element(
      'div',
      { class: 'rules', lang: base },
      element('p', {}, element('strong', {}, shownText(title, MAX_SENTENCE))),
      allOf === null ? undefined : element('p', {}, allOf),
      element(
        'ul',
        { class: 'rules-layers' },
        ...layers.map((layer) => element('li', {}, ...layerNodes(layer, base))),
      ),
      ...notes.map((note) => element('p', { class: 'small' }, shownText(note, MAX_SENTENCE))),
    ),
  ];
}

function layerNodes(layer: ExplainedLayer, base: Language): readonly HTMLElement[] {
  if (layer.kind === 'rule-set') return [element('p', {}, layer.base), ...rulesNodes(layer.set, base)];
  return [
    element('p', {}, shownText(layer.title, MAX_SENTENCE)),
    element('p', { class: 'small' }, layer.oneOf),
    ...layer.alternatives.map(({ title, takes, rules }) =>
      element(
        'div',
        { class: 'alternative' },
        element('p', {}, element('strong', {}, shownText(title, MAX_SENTENCE))),
        element('p', { class: 'small' }, shownText(takes, MAX_SENTENCE)),
        element(
          'ul',
          { class: 'asks' },
          ...rules.map(({ asks }) => element('li', {}, shownText(asks, MAX_SENTENCE))),
        ),
      ),
    ),
  ];
}
