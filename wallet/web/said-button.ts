import { button } from '../../verifier/web/parts/element.ts';
import type { Attributes } from '../../verifier/web/parts/element.ts';
import { saidNode } from '../../verifier/web/parts/said-text.ts';
import type { Said } from '../../verifier/web/parts/speaker.ts';

/** A button that says that, in its own language where that is not the page's. */
export function saidButton(said: Said, act: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = button('', act, attributes);
  made.append(saidNode(said));
  return made;
}
