import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { shownText } from '../../../verifier/web/parts/shown-text.ts';
import type { Said } from '../../../verifier/web/parts/speaker.ts';
import { symbolNode } from '../../../verifier/web/parts/symbol.ts';

/** How much a notice worries: said by colour, symbol and words. */
export type Tone = 'good' | 'warn' | 'bad';

const SYMBOLS: Readonly<Record<Tone, string>> = { good: '✓', warn: '?', bad: '✗' };

/** Something that must be seen, with what it means. */
export function toneBox(
  tone: Tone,
  title: Said | HTMLElement,
  ...more: readonly (Node | undefined)[]
): HTMLElement {
  return element(
    'div',
    { class: `tone tone-${tone}` },
    symbolNode(SYMBOLS[tone], 'tone-symbol'),
    element(
      'div',
      { class: 'tone-words' },
      title instanceof HTMLElement ? title : element('p', { class: 'tone-title' }, saidNode(title)),
      ...more,
    ),
  );
}

/** The heading of a step, which takes the focus when the step begins. */
export function stepHeading(said: Said): HTMLElement {
  return element('h2', { tabindex: '-1', class: 'step-heading' }, saidNode(said));
}

/** Text of a card, a registry or a service, isolated from what stands around it. */
export function foreign(text: string, most?: number): HTMLElement {
  return element('bdi', {}, shownText(text, most));
}

/** A name with what it stands for, for a list of them. */
export function row(name: Said, ...value: readonly (Node | string)[]): HTMLElement {
  return element('div', { class: 'fact' }, element('dt', {}, saidNode(name)), element('dd', {}, ...value));
}

/** What is left, to the second, as a clock shows it. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Put a step in the place of another, and the reader of the screen at its beginning. */
export function showStep(root: HTMLElement, ...step: readonly (Node | undefined)[]): void {
  root.replaceChildren(...step.filter((node) => node !== undefined));
  root.querySelector<HTMLElement>('.step-heading')?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Do something now and every second, until told to stop. */
export function everySecond(act: () => void): () => void {
  act();
  const timer = setInterval(act, 1000);
  return () => {
    clearInterval(timer);
  };
}
