import { element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import type { Speaker } from '../scanner-words.ts';

/** Before the first scan, and between two: what to do in three steps, and by which rules. */
export function idleView(
  speaker: Speaker,
  about: {
    readonly introduced: boolean;
    /** For whom is scanned. */
    readonly venue: string | undefined;
    readonly mode: string;
    readonly fault: Node | undefined;
    readonly changeMode: HTMLElement | undefined;
    readonly openFile: HTMLElement;
  },
): HTMLElement {
  const { say } = speaker;
  return element(
    'section',
    { class: 'idle' },
    element(
      'div',
      { class: 'idle-head' },
      element('img', { src: '/icon.svg', alt: '', class: 'logo' }),
      element('h1', { class: 'idle-title' }, saidNode(say('title'))),
    ),
    about.fault === undefined ? undefined : element('p', { class: 'fault', role: 'alert' }, about.fault),
    element(
      'ol',
      { class: about.introduced ? 'steps-short' : 'steps-first', 'aria-label': say('steps').text },
      ...(['stepScan', 'stepCompare', 'stepAnswer'] as const).map((step) =>
        element('li', {}, element('span', {}, saidNode(say(step)))),
      ),
    ),
    element(
      'div',
      { class: 'mode' },
      about.venue === undefined
        ? undefined
        : element('strong', { class: 'venue' }, element('bdi', {}, about.venue)),
      element('span', { class: 'small' }, saidNode(say('mode'))),
      element('strong', {}, element('bdi', {}, about.mode)),
      about.changeMode ?? element('span', { class: 'small' }, saidNode(say('modeFixed'))),
    ),
    element(
      'div',
      { class: 'other-ways' },
      about.openFile,
      element('p', { class: 'small' }, saidNode(say('otherWays'))),
    ),
  );
}
