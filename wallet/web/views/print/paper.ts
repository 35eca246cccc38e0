import { element } from '../../../../verifier/web/parts/element.ts';
import { shownText } from '../../../../verifier/web/parts/shown-text.ts';
import type { PaperText } from '../../../../verifier/pipeline/words/paper-text.ts';
import { codeSide } from './paper-size.ts';
import type { PaperSize } from './paper-size.ts';

/** Whole names stand on paper: they are compared with a document. */
const MAX_NAME = 300;
const MAX_ISSUER = 200;

/** A sheet of paper in its actual size. */
export interface Sheet {
  readonly root: HTMLElement;
  /** Make the letters as large as there is room for, once it is on the page. */
  readonly fit: () => void;
}

/** What is printed: the code, and in two languages what it says. */
export function sheetOf(
  code: SVGSVGElement,
  { kind, name, facts, notes }: PaperText,
  size: PaperSize,
): Sheet {
  const side = codeSide(size, code.viewBox.baseVal.width);
  code.style.inlineSize = `${side}mm`;
  code.style.blockSize = `${side}mm`;
  const words = element(
    'div',
    { class: 'paper-words' },
    element('p', { class: 'paper-name', dir: 'auto' }, shownText(name, MAX_NAME)),
    element(
      'dl',
      {},
      ...facts.map(({ label, value }) =>
        element(
          'div',
          {},
          element('dt', {}, label),
          element('dd', { dir: 'auto' }, shownText(value, MAX_ISSUER)),
        ),
      ),
    ),
    // A card has no room for more than what it says.
    ...(size.name === 'card' ? [] : notes.map((note) => element('p', { class: 'paper-note' }, note))),
  );
  const heading = element('p', { class: 'paper-kind' }, kind);
  const root = element('div', { class: `paper paper-${size.name}`, dir: 'ltr' });
  if (size.name === 'card') {
    words.prepend(heading);
    root.append(code, words);
  } else root.append(heading, code, words);
  root.style.inlineSize = `${size.width}mm`;
  root.style.blockSize = `${size.height}mm`;
  const [largest, smallest] = size.letters;
  return {
    root,
    fit: () => {
      const isTooLarge = (): boolean =>
        words.scrollHeight > words.clientHeight || words.scrollWidth > words.clientWidth;
      for (let points = largest; points >= smallest; points -= STEP) {
        words.style.fontSize = `${points}pt`;
        if (!isTooLarge()) return;
      }
    },
  };
}

/** Of the letters' size, in points. */
const STEP = 0.25;
