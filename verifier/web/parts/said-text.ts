import type { Said } from './speaker.ts';
import { element } from './element.ts';

/** What is said, as text; marked with its language where that is not the page's. */
export function saidNode({ text, tag, direction }: Said): Node {
  return document.documentElement.lang === tag
    ? document.createTextNode(text)
    : element('span', { lang: tag, dir: direction }, text);
}
