import { wordsOf, sentenceIn } from '../words.ts';
import { filled } from '../words/filled.ts';
import type { Language } from '../words/language.ts';
import { rulesWordsOf } from '../words/rules.ts';
import type { ReadyAlternative, ReadyLayer, ReadySet } from './ready-rules.ts';
import { nameOf } from './ready-rules.ts';
import { askedText } from './remedy-text.ts';

/** What a rule set asks, in one language, for people who write no CertLogic. */
export interface Explanation {
  readonly set: string;
  readonly version: string;
  readonly title: string;
  /** Each a sentence: the window, the zone, the value set, and whether the event's time is needed. */
  readonly notes: readonly string[];
  /** Whether it cannot be asked without knowing when the event begins. */
  readonly needsEvent: boolean;
  /** Says that all of the layers must hold; null where there is one. */
  readonly allOf: string | null;
  readonly layers: readonly ExplainedLayer[];
}

/** One thing that must hold: by one of several ways, or by another rule set. */
export type ExplainedLayer =
  | {
      readonly kind: 'any-of';
      readonly title: string;
      /** Says that one of the alternatives is enough, or that there is one only. */
      readonly oneOf: string;
      readonly alternatives: readonly ExplainedAlternative[];
    }
  | {
      readonly kind: 'rule-set';
      /** Says that the other set must hold as well. */
      readonly base: string;
      readonly set: Explanation;
    };

export interface ExplainedAlternative {
  readonly name: string;
  readonly title: string;
  /** Which kinds of card. */
  readonly takes: string;
  readonly rules: readonly { readonly identifier: string; readonly version: string; readonly asks: string }[];
}

/** Tells what a rule set asks. */
export function explainRules(ready: ReadySet, language: Language): Explanation {
  const { set, valueSet } = ready;
  const words = rulesWordsOf(language);
  const needsEvent = isAboutEvent(ready);
  return {
    set: nameOf(set),
    version: set.version,
    title: sentenceIn(set.title, language),
    notes: [
      filled(words.window, { from: set.validFrom, to: set.validTo }),
      filled(words.zone, { zone: set.timeZone }),
      filled(words.valueSet, { name: nameOf(valueSet), version: valueSet.version }),
      ...(needsEvent ? [words.needsEvent] : []),
    ],
    needsEvent,
    allOf: ready.layers.length > 1 ? words.allOf : null,
    layers: ready.layers.map((layer) => explainLayer(layer, ready, language)),
  };
}

function explainLayer(layer: ReadyLayer, ready: ReadySet, language: Language): ExplainedLayer {
  const words = rulesWordsOf(language);
  if (layer.kind === 'rule-set') {
    const base = explainRules(layer.set, language);
    return {
      kind: 'rule-set',
      base: filled(words.base, { name: base.set, version: base.version }),
      set: base,
    };
  }
  return {
    kind: 'any-of',
    title: sentenceIn(layer.layer.title, language),
    oneOf: layer.alternatives.length > 1 ? words.oneOf : words.only,
    alternatives: layer.alternatives.map((one) => explainAlternative(one, ready, language)),
  };
}

function explainAlternative(
  { alternative, rules }: ReadyAlternative,
  { valueSet }: ReadySet,
  language: Language,
): ExplainedAlternative {
  const { profiles, comma } = wordsOf(language);
  const { passTypes, takes } = rulesWordsOf(language);
  const kinds = alternative.takes.profiles.flatMap((profile) =>
    profile === 'pass' ? alternative.takes.passTypes.map((type) => passTypes[type]) : profiles[profile],
  );
  return {
    name: alternative.name,
    title: sentenceIn(alternative.title, language),
    takes: filled(takes, { kinds: kinds.join(comma) }),
    rules: rules.map(({ rule }) => ({
      identifier: rule.Identifier,
      version: rule.Version,
      asks: sentenceIn(askedText(rule, valueSet), language),
    })),
  };
}

function isAboutEvent({ layers }: ReadySet): boolean {
  return layers.some((layer) =>
    layer.kind === 'rule-set'
      ? isAboutEvent(layer.set)
      : layer.alternatives.some(({ rules }) => rules.some((rule) => rule.isAboutEvent)),
  );
}
