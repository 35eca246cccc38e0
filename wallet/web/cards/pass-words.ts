import { rulesWordsOf } from '../../../verifier/pipeline/words/rules.ts';
import { wordsOf } from '../../../verifier/pipeline/words.ts';
import { element } from '../../../verifier/web/parts/element.ts';
import { shownText } from '../../../verifier/web/parts/shown-text.ts';
import type { Said } from '../../../verifier/web/parts/speaker.ts';
import type { PassFacts } from '../../passes/judged-pass.ts';
import type { Speaker } from '../wallet-words.ts';

/** What kind of pass it is, in words. */
export function kindWords(
  { profile, passType }: Pick<PassFacts, 'profile' | 'passType'>,
  speaker: Speaker,
): Said {
  const { base } = speaker.language;
  const text = passType === null ? wordsOf(base).profiles[profile] : rulesWordsOf(base).passTypes[passType];
  return { text, tag: base, direction: 'ltr' };
}

/** What colours a card: of a Pass what it is about, else that it is a Plus. */
export function kindName({ passType }: Pick<PassFacts, 'passType'>): string {
  return passType ?? 'plus';
}

/** A name of a card, kept from reaching out of its place. */
export function nameNode(name: string): HTMLElement {
  return element('bdi', {}, shownText(name));
}

/** A moment in the words of the language and the time zone of the device. */
export function momentWords(seconds: number, { language }: Speaker): string {
  return new Intl.DateTimeFormat(language.tag, {
    dateStyle: 'medium',
    timeStyle: 'short',
    calendar: 'gregory',
  }).format(seconds * 1000);
}

/** How long, in the largest unit that it holds once, rounded down: nobody comes too late by it. */
export function lengthWords(seconds: number, { language }: Speaker): string {
  const [unit, length] = UNITS.find(([, each]) => seconds >= each) ?? (['minute', 60] as const);
  return new Intl.NumberFormat(language.tag, { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.max(1, Math.floor(seconds / length)),
  );
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
] as const;
